"""What an agency has said about a form of table, for its next file of that form."""

from typing import Any

from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..models import Form


@action("standards.remember", "记住表格的读法", (Permit.STANDARD_EDIT, ""))
def remember(agency: Unit, *, by: Any, forms: dict[str, dict[str, Any]], source_name: str) -> Unit:
    """FORMS: imprint → choices as in Form.choices; what was said before about the same form is replaced."""
    known = {one.imprint: one for one in Form.objects.filter(agency=agency, imprint__in=forms)}
    for imprint, choices in forms.items():
        if imprint not in known:
            Form.make(agency=agency, imprint=imprint, choices=choices, source_name=source_name[:200])
        elif known[imprint].choices != choices:
            known[imprint].change(choices=choices, source_name=source_name[:200])
    return agency
