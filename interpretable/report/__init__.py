"""The audit report: `build` makes a document from evidence, `render` writes it in a format."""

from __future__ import annotations

from interpretable.records.document import Document
from interpretable.report.build import build
from interpretable.report.formats import FORMATS
from interpretable.report.html import render_html

__all__ = ["FORMATS", "build", "render", "render_html"]


def render(document: Document, form: str = "html") -> bytes:
    """The document in a format: "html", or one that a plug-in adds.

    Raises
    ------
    UserError
        If there is no such format; the message lists the known ones.
    """
    return FORMATS[form](document)
