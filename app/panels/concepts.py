"""Concepts: the plain answers; for specialists the table."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.document import Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.report.concepts import details, notes


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.concepts
    if found is None:
        return
    emit(*(tag("p", line) for line in words.concepts_about(found, evidence.task, lang)))
    emit(tag("ul", *(tag("li", line) for line in words.concepts_told(found, evidence.task, lang))))
    if not specialist:
        emit(*(tag("p", line, cls="small soft") for line in notes(found, lang)))
        return
    for block in details(found, evidence.task, lang):
        if isinstance(block, Paragraph):
            emit(tag("p", block.text, cls="small soft" if block.style == "quiet" else None))
        if isinstance(block, Table):
            rows = [
                dict(zip(block.head, (_cell(c.text, c.quiet, lang) for c in row), strict=True))
                for row in block.rows
            ]
            draw_rows(rows, caption=block.caption)


def _cell(text: str, quiet: str, lang: str) -> str:
    if not quiet:
        return text
    return f"{text}（{quiet}）" if lang == "zh" else f"{text} ({quiet})"
