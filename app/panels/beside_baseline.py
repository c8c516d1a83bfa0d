"""A language model on the same rows as the small models: the picture, the bill, and what was probed."""

from __future__ import annotations

from interpretable_app import state
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.llm_baseline import BaselineFinding
from interpretable.report.beside_baseline import costs, probes, readings


def draw(found: BaselineFinding, evidence: Evidence, lang: str) -> None:
    """What came of it, the picture and the bill; the readings are for specialists."""
    emit(tag("ul", *(tag("li", line) for line in words.llm_lines(found, lang))))
    rows = figures.llm_modes_table(found, lang)
    draw_chart(
        figures.llm_modes(found, lang), figures.llm_modes_alt(found, lang), rows, lang, key="llm modes"
    )
    draw_blocks(costs(found, lang), lang)
    draw_blocks(probes(found, evidence.task, lang), lang)
    if state.specialist():
        draw_blocks(readings(found, lang), lang)
