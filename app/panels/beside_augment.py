"""Rows of a language model: what came of them, what they are like, and how the small model fared."""

from __future__ import annotations

from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.augmented import Augmented
from interpretable.records.evidence import Evidence
from interpretable.report.beside_augment import came


def draw(found: Augmented, evidence: Evidence, lang: str) -> None:
    """The parts of the report, with the picture of the gate."""
    draw_blocks(came(found, evidence.task, lang), lang)
    gate = found.gate
    emit(*(tag("p", line) for line in words.gate_trial(gate, lang)))
    if not gate.arms:
        return
    chart, alt = figures.gate_gains(gate, lang), figures.gate_gains_alt(gate, lang)
    draw_chart(chart, alt, figures.gate_gains_table(gate, lang), lang, key="augment_gate")
    emit(tag("p", words.gate_rule(gate, lang), cls="small soft"))
    for rows, code in (
        (words.gate_dropped(gate, lang), "why_dropped"),
        (words.gate_groups(gate, evidence.task, lang), "groups"),
    ):
        if rows:
            draw_rows(rows, caption=words.say(f"gate.{code}", lang))
