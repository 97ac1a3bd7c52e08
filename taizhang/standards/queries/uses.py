"""Whether anybody above relies on an edition. Who that can be, the foreign keys tell: this floor knows none of them."""

from typing import Any

from django.db.models import Model

from ..models import Edition, Indicator


def in_use(edition: Edition) -> bool:
    """A track, an item or whatever else lies above points at EDITION or at one of its indicators."""
    return any(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}{way}": edition}).exists()
        for model, way in ((Edition, ""), (Indicator, "__edition"))
        for relation in _from_above(model)
    )


def _from_above(model: type[Model]) -> list[Any]:
    own = model._meta.app_label
    return [one for one in model._meta.related_objects if one.related_model._meta.app_label != own]
