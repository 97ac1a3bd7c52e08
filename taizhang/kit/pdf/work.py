"""The child's function: what is done to files of strangers when a volume is bound. Runs in `kit.apart`."""

from pathlib import Path
from typing import Any

from . import bind, pages, pictures
from .typeset import NoFont, typeset


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """By QUESTION["do"]:

    count    {path} → {"pages": n} or {"fault": "locked" | "broken" | "empty" | "long"}
    pictures {path, folder, stem, longest} → {"pictures": [plain Picture]} or {"fault": "broken"}
    typeset  {template, data, out} → {"pages": n, "blocks": {id: page from 0}} or {"fault": "font"}
    bind     {plan} → {"sha256", "size", "pages"} or {"torn": path}
    """
    do = question["do"]
    if do == "count":
        try:
            return {"pages": pages.count(Path(question["path"]))}
        except pages.Fault as fault:
            return {"fault": fault.code}
    if do == "pictures":
        try:
            made = pictures.prepare(
                Path(question["path"]), Path(question["folder"]), question["stem"], question["longest"]
            )
        except pictures.BadPicture:
            return {"fault": "broken"}
        return {"pictures": [one.plain() for one in made]}
    if do == "typeset":
        out = Path(question["out"])
        try:
            typeset(Path(question["template"]), question["data"], out)
        except NoFont:
            return {"fault": "font"}
        count, found = bind.blocks(out)
        return {"pages": count, "blocks": found}
    if do == "bind":
        return bind.bind(Path(question["plan"]))
    raise ValueError(do)
