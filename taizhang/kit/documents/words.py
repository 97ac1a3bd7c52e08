"""Looking into the elements of office formats by their local names: strict and transitional files differ in the rest."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from ..archive import check_elements
from ..errors import Refused


def name(element: Any) -> str:
    """The element's name without namespace; "" for comments and processing instructions."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def child(element: Any, wanted: str) -> Any:
    """The first child of that name, or None."""
    if element is None:
        return None
    for one in element:
        if name(one) == wanted:
            return one
    return None


def children(element: Any, wanted: str) -> Iterator[Any]:
    return (one for one in element if name(one) == wanted)


def val(element: Any, default: str = "", attribute: str = "val") -> str:
    """An attribute whatever its namespace; DEFAULT when element or attribute is missing."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if key == attribute or key.endswith("}" + attribute):
            return str(value)
    return default


def number_of(element: Any, attribute: str, default: int = 0) -> int:
    text = val(element, "", attribute).strip()
    try:
        return int(text)
    except ValueError:
        return default


def on(element: Any) -> bool:
    """A toggle such as <w:vanish/>: there, and not said to be off."""
    return element is not None and val(element, "1").lower() not in ("0", "false", "off", "none")


def parse(data: bytes) -> Any:
    """The root of an XML part. No entities, no network, no document type; refused when it is damaged."""
    check_elements(data)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("文档内部有错，读不下去。请用 Word 或 WPS 打开后另存为“.docx 文档”再导入") from error
    if root.getroottree().docinfo.doctype:
        raise Refused(
            "文件内部带有外部实体声明，可能被改动过，为安全起见不能导入。请重新取得文件，或另存一份再导入"
        )
    return root
