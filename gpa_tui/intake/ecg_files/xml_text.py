"""XML from a cart parsed safely: no entities, bounded in depth and size, names without their namespace."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files.fields import damaged, words
from gpa_tui.records.ecg import EcgFormat

DEEPEST = 100  # elements within one another; the deepest real file has 20
_MOST_ELEMENTS = 100_000  # a real file has up to 5,000
_HEAD = 65_536  # bytes in which the root must begin
_UTF16_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}


def root_name(content: bytes) -> str:
    """The name of the root element without its prefix, or "" if this does not look like XML.

    Nothing is parsed, so that a file with a bomb in its prolog is still known for what it claims to be.
    """
    head = content[:_HEAD]
    text = head.decode(_UTF16_MARKS.get(content[:2], "utf-8"), "replace").lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return ""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            at = text.find("-->", at)
        elif text.startswith("<?", at):
            at = text.find("?>", at)
        elif not text.startswith("<!", at):
            break
        if at < 0:
            return ""
        at += 1
    name = text[at + 1 : at + 200].split(">")[0].split("/")[0].split() if at >= 0 else []
    return name[0].rpartition(":")[2] if name else ""


def parse(content: bytes, kind: EcgFormat) -> Element:
    """The root of the file. Raises `IntakeError`: broken or too large, or it declares entities."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

    parser = DefusedXMLParser(target=_Bounded(kind))
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        raise damaged(kind, f"it is not whole XML (line {line}, column {column})") from error
    except DefusedXmlException as error:
        raise IntakeError(
            f"This {kind} file declares entities, which no cart writes: it is refused.",
            "Do not open it. Tell whoever looks after the practice's computers where it came from.",
        ) from error
    except (ValueError, LookupError) as error:
        raise damaged(kind, "it is in a character set that cannot be read") from error
    return root


class _Bounded(TreeBuilder):
    """Builds elements with local names only; refuses what is too deep or too many to be a recording."""

    def __init__(self, kind: EcgFormat) -> None:
        super().__init__()
        self._kind = kind
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST:
            raise damaged(self._kind, f"its elements are nested more than {DEEPEST} deep")
        if self._elements > _MOST_ELEMENTS:
            raise damaged(self._kind, f"it has more than {_MOST_ELEMENTS} elements")
        return super().start(_local(tag), {_local(name): value for name, value in attrs.items()})

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(_local(tag))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def text_at(element: Element | None, *paths: str) -> str:
    """The words at the first of `paths` that has any."""
    for path in paths:
        found = words(element.findtext(path)) if element is not None else ""
        if found:
            return found
    return ""


def attribute_at(element: Element | None, path: str, name: str) -> str:
    """The words of an attribute of the element at `path`; "" if either is not there."""
    found = element.find(path) if element is not None else None
    return words(found.get(name)) if found is not None else ""


def texts_at(element: Element | None, path: str) -> Iterator[str]:
    """The words of each element at `path` that has any."""
    for found in element.iterfind(path) if element is not None else ():
        if text := words(found.text):
            yield text
