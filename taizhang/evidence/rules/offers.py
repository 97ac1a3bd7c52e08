"""What a file says of itself, offered for the caption (取自文件): only where nobody has said anything yet."""

from dataclasses import dataclass
from datetime import date

from .names import title_of

#: a photographed slogan is no title: only papers are asked what they are
PAPERS = frozenset({"document", "report", "table", "other"})
MOST = {"title": 200, "doc_no": 80, "issuer": 120}


@dataclass(frozen=True)
class Said:
    """The caption as it stands, and the name under which the file came."""

    kind: str
    title: str
    happened_on: date | None
    doc_no: str
    issuer: str
    file_name: str


@dataclass(frozen=True)
class Inside:
    """What the reader found."""

    title: str = ""
    doc_no: str = ""
    issuer: str = ""
    dated_on: date | None = None


@dataclass(frozen=True)
class Offer:
    """A field of the caption, its label, and what the file says for it."""

    name: str
    label: str
    value: str | date


def offers(said: Said, inside: Inside) -> list[Offer]:
    """What may be taken over. The name counts as unsaid while it is the file's own."""
    if said.kind not in PAPERS:
        return []
    found: list[Offer] = []
    if (
        inside.title
        and said.title == title_of(said.file_name)
        and inside.title[: MOST["title"]] != said.title
    ):
        found.append(Offer("title", "名称", inside.title[: MOST["title"]]))
    if inside.dated_on and said.happened_on is None:
        found.append(Offer("happened_on", "成文日期" if said.kind == "document" else "时间", inside.dated_on))
    if inside.doc_no and not said.doc_no.strip():
        found.append(Offer("doc_no", "文号", inside.doc_no[: MOST["doc_no"]]))
    if inside.issuer and not said.issuer.strip():
        found.append(Offer("issuer", "发文机关", inside.issuer[: MOST["issuer"]]))
    return found
