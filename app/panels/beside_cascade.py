"""Small model, then language model, then a person: what came of it, and how much each limit leaves."""

from __future__ import annotations

from interpretable_app import state
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.cascade import CascadeFinding
from interpretable.records.evidence import Evidence
from interpretable.report.beside_cascade import behind, told, who


def draw(found: CascadeFinding, evidence: Evidence, lang: str) -> None:
    """The plan, what came of it, the lines of both rules, who decides; for specialists what is behind."""
    emit(tag("ul", *(tag("li", line) for line in told(found, evidence, lang))))
    alt = figures.cascade_frontier_alt(found, lang)
    if any(p.small is not None or p.cascade is not None for p in found.frontier):
        rows = figures.cascade_frontier_table(found, lang)
        draw_chart(figures.cascade_frontier(found, lang), alt, rows, lang, key="cascade frontier")
        emit(tag("p", words.say("cascade.frontier_note", lang), cls="small soft"))
    else:
        emit(tag("p", alt))
    draw_blocks(who(found, lang), lang)
    if state.specialist():
        draw_blocks(behind(found, evidence.task, lang), lang)
