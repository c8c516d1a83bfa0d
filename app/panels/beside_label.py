"""Labels by machine: how often they are wrong, and whether they help."""

from __future__ import annotations

from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.evidence import Evidence
from interpretable.records.labelled import LabelFinding
from interpretable.report.beside_label import behind


def draw(found: LabelFinding, evidence: Evidence, lang: str) -> None:
    """Sentences, and the tables behind them."""
    emit(tag("ul", *(tag("li", line) for line in words.machine_labels(found, evidence.task, lang))))
    draw_blocks(behind(found, evidence.task, lang), lang)
