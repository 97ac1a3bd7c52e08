"""A standard by what a person calls it."""

from taizhang.kit.errors import Refused
from taizhang.org.models import Unit

from ..models import Edition, Standard
from .editions import newest


def edition_named(name: str, agency: Unit | None) -> Edition:
    """The newest edition of the standard called NAME, of AGENCY or a sample (with None: of anybody); Refused."""
    standards = Standard.objects.order_by("pk")
    if agency is not None:
        standards = standards.filter(agency=agency) | standards.filter(agency=None)
    found = list(standards.filter(name=name)) or list(standards.filter(name__contains=name))
    own = [one for one in found if one.agency_id is not None] or found
    if not own:
        raise Refused(f"没有叫“{name}”的标准，也没有这个文件。")
    if len(own) > 1:
        names = "、".join(f"《{one}》" for one in own[:10])
        raise Refused(f"叫“{name}”的标准不止一套：{names}。请写全名，或用 --agency 写明是哪个机关。")
    edition = newest(own[0])
    if edition is None:
        raise Refused(f"《{own[0]}》还没有任何版本。")
    return edition
