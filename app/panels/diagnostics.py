"""Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

import streamlit as st
from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, md, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.words import weakness


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found, task = evidence.diagnostics, evidence.task
    known = weakness.asked(found)
    if not known:
        return
    name = st.selectbox(
        md(words.say("diagnostics.choose", lang)),
        known,
        format_func=lambda name: words.say(f"diagnostics.question.{name}", lang),
        key="diagnostics check",
    )
    name = name or known[0]
    loss, wrong = weakness.measured(found, task, lang)
    emit(tag("p", weakness.answer(name, found, task, lang)))
    drawn = figures.diagnosis(name, found, task, lang)
    rows = figures.diagnosis_table(name, found, task, lang)
    alt = figures.diagnosis_alt(name, found, task, lang)
    if drawn is not None:
        draw_chart(drawn, alt, rows, lang, key=f"diagnostics {name}")
    elif rows:
        draw_rows(rows, caption=words.say(f"diagnostics.name.{name}", lang))
    emit(tag("p", wrong if name in ("weak", "cohorts") else loss, cls="small soft"))
    if specialist:
        n = words.number(found.reliability.calibration_n) if found.reliability else ""
        emit(tag("p", words.say(f"diagnostics.method.{name}", lang, n=n), cls="small soft"))
