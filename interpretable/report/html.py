"""Document to one HTML file: no script, no remote address, everything escaped."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from interpretable.records.document import Document
from interpretable.report.formats import FORMATS

_FOLDER = Path(__file__).parent


def _data_address(svg: str) -> str:
    """A drawing as an image that can neither run nor fetch anything."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _printable(value: Any) -> Any:
    """Inserted text without control and direction-changing characters; line ends stay."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data_address"] = _data_address
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment.get_template("page.html")


@FORMATS.add("html")
def render_html(document: Document) -> bytes:
    """The document as UTF-8 HTML, printable on A4; its last line is the hash of what stands above it."""
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    page = _template().render(document=document, style=style).encode("utf-8")
    return page + f"\n<!-- sha256 of all above: {hashlib.sha256(page).hexdigest()} -->\n".encode()
