"""The last step: what the form says at first, and that our own files go round by the upload page without loss."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command

from taizhang.standards import queries
from taizhang.standards.models import Draft, Edition
from taizhang.standards.rules import exchange

from ..people import City
from .uploads import as_, begun, small

CLERK = "石玲佳"


def first_said(client: Any, draft: Draft) -> dict[str, str]:
    """What the form of the last step shows."""
    form = client.get(f"/standards/drafts/{draft.pk}/", {"step": "save"}).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def save(client: Any, draft: Draft, **said: str) -> Any:
    draft.refresh_from_db()
    return client.post(
        f"/standards/drafts/{draft.pk}/save/", first_said(client, draft) | {"seen": draft.version} | said
    )


def whole(edition: Edition) -> Any:
    return exchange.to_json(queries.reading_of(edition), queries.head_of(edition))


def test_files_are_read_without_a_database() -> None:
    """The report of `make bench` reads in processes that set up no Django."""
    read = [sys.executable, "-c", "import taizhang.standards.sheets"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(read, env=environment, check=True)


@pytest.mark.parametrize("how", ["json", "xlsx"])
def test_what_was_exported_is_uploaded_again(people: City, how: str) -> None:
    call_command("samples")
    sample = Edition.objects.get(standard__name__contains="党建")
    client = as_(people, CLERK)
    assert ".json" in client.get("/standards/import/").content.decode()
    there = f"/standards/{sample.standard_id}/export/?edition={sample.pk}" + (
        "&as=json" if how == "json" else ""
    )
    draft = begun(client, client.get(there).content, f"导出.{how}")
    said = first_said(client, draft)
    assert (said["label"], said["owner_kind"]) == (sample.label, "party")
    assert save(client, draft, name="我们的党建标准").status_code == 302
    again = Edition.objects.latest("pk")
    assert json.dumps({**whole(again), "name": ""}) == json.dumps({**whole(sample), "name": ""})


def test_a_correction_begins_with_what_stands(people: City) -> None:
    client = as_(people, CLERK)
    save(client, begun(client, small()), name="小标准", label="2020年版", valid_from="2020-03-01")
    edition = Edition.objects.get()
    client.post(f"/standards/editions/{edition.pk}/begin/", {"how": "correct"})
    draft = Draft.objects.latest("pk")
    said = first_said(client, draft)
    assert said["label"] == "2020年版" and said["valid_from"] == "2020-03-01" and said["name"] == "小标准"
    assert save(client, draft, owner_kind="party", name="小标准改名").status_code == 302
    edition.refresh_from_db()
    assert edition.label == "2020年版" and str(edition.valid_from) == "2020-03-01"
    edition.standard.refresh_from_db()
    assert (edition.standard.name, edition.standard.owner_kind) == ("小标准改名", "party")


def test_a_revision_keeps_the_name_and_counts_on(people: City) -> None:
    client = as_(people, CLERK)
    save(client, begun(client, small()), name="小标准", owner_kind="party")
    edition = Edition.objects.get()
    client.post(f"/standards/editions/{edition.pk}/begin/", {"how": "revise"})
    draft = Draft.objects.latest("pk")
    form = client.get(f"/standards/drafts/{draft.pk}/", {"step": "save"}).context["form"]
    assert form.fields["name"].disabled and form.fields["owner_kind"].disabled
    assert first_said(client, draft)["label"] == "第2版"
    assert save(client, draft, name="另一个名字").status_code == 302
    second = Edition.objects.latest("pk")
    assert second.standard == edition.standard and second.label == "第2版"
    assert (second.standard.name, second.standard.owner_kind) == ("小标准", "party")
