"""What was expected beforehand: who said it, the gains by rows, and where the model in use disagrees."""

from __future__ import annotations

from interpretable_app import state
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.prior import PriorFinding
from interpretable.report.beside_prior import behind, told


def draw(found: PriorFinding, evidence: Evidence, lang: str) -> None:
    """The sentences and the gains; for specialists the tables of what was said."""
    emit(tag("ul", *(tag("li", line) for line in told(found, evidence.task, lang))))
    if found.gains:
        rows = figures.prior_gains_table(found, lang)
        alt = figures.prior_gains_alt(found, lang)
        draw_chart(figures.prior_gains(found, lang), alt, rows, lang, key="prior gains")
        emit(tag("p", words.say("prior.gains_note", lang), cls="small soft"))
    if state.specialist():
        draw_blocks(behind(found, evidence.task, lang), lang)
