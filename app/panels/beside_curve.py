"""Two learning curves: small model and language model on the same labelled rows."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.curve import CurveFinding
from interpretable.records.evidence import Evidence


def draw(found: CurveFinding, evidence: Evidence, lang: str) -> None:
    """Where the curves cross, the curves, and what the range covers."""
    emit(tag("ul", *(tag("li", line) for line in words.curve(found, lang))))
    alt, rows = figures.learning_curves_alt(found, lang), figures.learning_curves_table(found, lang)
    draw_chart(figures.learning_curves(found, lang), alt, rows, lang, key="learning curves")
    emit(tag("p", words.say("curve.note", lang), cls="small soft"))
