"""Rows from places that the small model never saw: the three losses, place by place."""

from __future__ import annotations

from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.evidence import Evidence
from interpretable.records.shift import ShiftFinding
from interpretable.report.beside_shift import by_place


def draw(found: ShiftFinding, evidence: Evidence, lang: str) -> None:
    """What not knowing a place costs, who is ahead there, and the places."""
    emit(tag("ul", *(tag("li", line) for line in words.shift(found, evidence.task, lang))))
    draw_blocks(by_place(found, evidence.task, lang), lang)
