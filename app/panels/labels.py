"""Recorded labels that deserve a second look: how many, of which class, and what to do."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.document import Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.report.labels import details


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.labels
    if found is None:
        return
    if found.not_computed:
        emit(*(tag("p", words.not_computed(lacking, lang)) for lacking in found.not_computed))
        return
    for place, line in enumerate(words.label_doubts(found, lang)):
        emit(tag("p", line, cls=None if place else "lead"))
    for block in details(found, evidence.task, lang) if specialist else ():
        if isinstance(block, Table):
            rows = [
                dict(zip(block.head, (f"{c.text} {c.quiet}".strip() for c in row), strict=True))
                for row in block.rows
            ]
            draw_rows(rows, caption=block.caption)
        elif isinstance(block, Paragraph):
            emit(tag("p", block.text, cls="small soft"))
