"""Whether generated rows help, judged on real rows, and which model learned from them."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.gate import GateFinding


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    assert evidence.augmentation is not None
    found = evidence.augmentation.gate
    emit(tag("p", words.say("gate.lead", lang)))
    emit(*(tag("p", line) for line in words.gate_verdict(found, lang)))
    emit(tag("p", words.gate_use(found, lang)))
    if not found.arms:
        return
    chart = figures.gate_gains(found, lang)
    draw_chart(
        chart, figures.gate_gains_alt(found, lang), figures.gate_gains_table(found, lang), lang, key="gate"
    )
    if specialist:
        _behind(found, evidence, lang)


def _behind(found: GateFinding, evidence: Evidence, lang: str) -> None:
    emit(tag("ul", *(tag("li", line) for line in words.gate_trial(found, lang))))
    emit(tag("p", words.gate_rule(found, lang), cls="small soft"))
    for rows, code in (
        (words.gate_dropped(found, lang), "why_dropped"),
        (words.gate_groups(found, evidence.task, lang), "groups"),
    ):
        if rows:
            draw_rows(rows, caption=words.say(f"gate.{code}", lang))
