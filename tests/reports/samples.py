"""Files for a bound volume, made here: PDF of all shapes, pictures, and a year's ledger that cites them."""

import io
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw

from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Need, Slot

from ..ledger.world import World

A4 = (595.276, 841.89)


def pdf(pages: int = 1, size: tuple[float, float] = A4, turn: int = 0, words: str = "", **more: Any) -> bytes:
    """PAGES of SIZE points, each with WORDS and its number in plain letters near its upper left corner."""
    made = pikepdf.new()
    for at in range(pages):
        page = made.add_blank_page(page_size=size)
        if turn:
            page.obj.Rotate = turn
        page.obj.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F1=made.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                    )
                )
            )
        )
        text = f"BT /F1 14 Tf 60 {size[1] - 60:.0f} Td ({words}{at + 1}) Tj ET".encode()
        page.obj.Contents = made.make_stream(text)
    for key, value in more.items():
        made.Root[f"/{key}"] = value
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def locked() -> bytes:
    made = pikepdf.open(io.BytesIO(pdf()))
    out = io.BytesIO()
    made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def armed() -> bytes:
    """A PDF that wants to run scripts, start programs, and carries a file."""
    made = pikepdf.open(io.BytesIO(pdf(2, words="armed")))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    made.Root.OpenAction = script
    made.Root.AA = pikepdf.Dictionary(WC=script)
    made.attachments["evil.exe"] = b"MZ carried along"
    page = made.pages[0].obj
    page.AA = pikepdf.Dictionary(O=launch)
    page.Annots = pikepdf.Array(
        [
            made.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[10, 10, 100, 100], A=launch
                )
            )
        ]
    )
    # a picture's dictionary that points back to the page: following it would bring everything along
    page.Resources.XObject = pikepdf.Dictionary(
        X=made.make_stream(
            b"",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 1, 1],
            Back=page,
            Act=made.make_indirect(script),
        )
    )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def picture(
    width: int = 800, height: int = 600, colour: str = "#3366cc", form: str = "JPEG", **more: Any
) -> bytes:
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).rectangle([0, 0, width // 4, height // 4], fill="yellow")
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def put(
    w: World,
    slot: Slot,
    data: bytes,
    name: str,
    kind: str,
    need: Need | None = None,
    by: str = "石玲佳",
    **more: Any,
) -> Evidence:
    """A file deposited and cited for SLOT."""
    user = w.user(by)
    stored = store().put([data], limit=len(data) + 1)
    evidence: Evidence = library.deposit(
        slot.performer, by=user, stored=stored, original_name=name, kind=kind, title=more.pop("title", name.rsplit(".", 1)[0]),
        again=True, **more,
    )  # fmt: skip
    actions.cite(slot, by=user, evidence=evidence, need=need)
    return evidence


def words_of(path: Path) -> list[str]:
    """The text of each page, as a reader that is not ours finds it."""
    import pypdfium2  # noqa: PLC0415 -- slow import

    made = pypdfium2.PdfDocument(str(path))
    try:
        return [page.get_textpage().get_text_range() for page in made]
    finally:
        made.close()


def drawn(path: Path, at: int, scale: float = 1.0) -> Image.Image:
    """Page AT (from 0) as a picture."""
    import pypdfium2  # noqa: PLC0415 -- slow import

    made = pypdfium2.PdfDocument(str(path))
    try:
        return made[at].render(scale=scale).to_pil().convert("RGB")
    finally:
        made.close()
