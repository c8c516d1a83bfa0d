"""Rows of a language model: what came of them, what they are like, and how the small model fared."""

from __future__ import annotations

from interpretable_app import state
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.augmented import Augmented
from interpretable.records.evidence import Evidence
from interpretable.records.gate import GateFinding
from interpretable.report.beside_augment import faults, likeness


def draw(found: Augmented, evidence: Evidence, lang: str) -> None:
    """Sentences, the picture of the gate, faults; for specialists what the rows are like."""
    emit(*(tag("p", line) for line in words.augmented(found, evidence.task, lang)))
    _draw_gate(found.gate, lang)
    draw_blocks(faults(found, lang), lang)
    if state.specialist():
        draw_blocks(likeness(found, evidence.task, lang), lang)
        _draw_behind(found.gate, evidence, lang)


def _draw_gate(gate: GateFinding, lang: str) -> None:
    emit(tag("ul", *(tag("li", line) for line in words.gate_trial(gate, lang))))
    if not gate.arms:
        return
    chart, alt = figures.gate_gains(gate, lang), figures.gate_gains_alt(gate, lang)
    draw_chart(chart, alt, figures.gate_gains_table(gate, lang), lang, key="augment_gate")
    emit(tag("p", words.gate_rule(gate, lang), cls="small soft"))


def _draw_behind(gate: GateFinding, evidence: Evidence, lang: str) -> None:
    for rows, code in (
        (words.gate_dropped(gate, lang), "why_dropped"),
        (words.gate_groups(gate, evidence.task, lang), "groups"),
    ):
        if rows:
            draw_rows(rows, caption=words.say(f"gate.{code}", lang))
