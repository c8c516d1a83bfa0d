"""How well it works: is it good enough, and for whom not?"""

from __future__ import annotations

import streamlit as st
from interpretable_app import frame, source, state
from interpretable_app.panels import (
    calibrators,
    concepts,
    diagnostics,
    disparity,
    labels,
    notes,
    prior_use,
    recourse,
    resampling,
    selective,
    shape,
    simple,
    stability,
    tuning,
)
from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.panels.models import draw_at_line, draw_models
from interpretable_app.texts import t

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.finding import Finding

DEEPER = {
    "notes": notes,
    "resampling": resampling,
    "calibrators": calibrators,
    "selective": selective,
    "diagnostics": diagnostics,
    "labels": labels,
    "disparity": disparity,
    "stability": stability,
    "recourse": recourse,
    "shape": shape,
    "simple": simple,
    "tuning": tuning,
    "concepts": concepts,
    "prior": prior_use,
}


def _draw_models(evidence: Evidence, lang: str) -> None:
    frame.draw_section(t("evidence.models", lang))
    draw_models(evidence, lang, specialist=state.specialist())
    emit(tag("p", words.selection(evidence.selection, lang)))
    emit(tag("p", ("" if lang == "zh" else " ").join(words.llm(evidence.llm, lang)), cls="small soft"))
    if state.specialist():
        lines = [words.comparison(c, lang) for c in (*evidence.comparisons, *evidence.comparisons_subsample)]
        with st.expander(t("evidence.comparisons", lang)):
            emit(tag("ul", *(tag("li", line) for line in lines)))


def _draw_calibration(evidence: Evidence, lang: str) -> None:
    frame.draw_section(t("evidence.calibration", lang))
    kind = "amounts" if evidence.task.kind == "regression" else "text"
    emit(tag("p", t(f"evidence.calibration_{kind}", lang)))
    shown = [m for m in evidence.models if m.calibration and m.ledger is None]
    mine = shown if state.specialist() else [m for m in shown if m.name == evidence.selected]
    if not mine:
        emit(tag("p", t("evidence.no_calibration", lang), cls="soft"))
        return
    alt = figures.calibration_alt(mine, evidence.task, lang)
    chart = figures.calibration(mine, evidence.task, lang)
    rows = figures.calibration_table(mine, evidence.task, lang)
    draw_chart(chart, alt, rows, lang, key=f"calibration {len(mine)}")


def _draw_groups(evidence: Evidence, lang: str) -> None:
    frame.draw_section(t("evidence.groups", lang))
    if not evidence.groups:
        emit(tag("p", t("evidence.no_groups", lang)))
        return
    emit(tag("p", t("evidence.groups_text", lang)))
    model = evidence.model(evidence.selected)
    overall = model.metrics.get(words.headline_metric(evidence.task))
    chart = figures.groups(evidence.groups, evidence.task, lang, overall=overall)
    alt = figures.groups_alt(evidence.groups, evidence.task, lang)
    draw_chart(chart, alt, figures.groups_table(evidence.groups, evidence.task, lang), lang, key="groups")


def _draw_doubts(evidence: Evidence, lang: str) -> None:
    frame.draw_section(t("evidence.doubts", lang))
    found = [f for f in evidence.findings if f.severity != "note" or state.specialist()]
    items = [
        tag("li", tag("span", words.severity(f.severity, lang), cls="pill"), " ", _worded(f, evidence, lang))
        for f in found
    ]
    items += [tag("li", words.not_computed(lacking, lang)) for lacking in evidence.not_computed]
    if items:
        emit(tag("ul", *items))
    else:
        emit(tag("p", t("evidence.no_doubts", lang)))


def _draw_deeper(evidence: Evidence, lang: str) -> None:
    """One question at a time: all at once would be a page nobody reads to its end."""
    known = [name for name in DEEPER if getattr(evidence, name) is not None]
    if not known:
        return
    frame.draw_section(t("deeper.title", lang))
    emit(tag("p", t("deeper.text", lang)))
    name = st.selectbox(
        t("deeper.choose", lang),
        known,
        format_func=lambda name: words.say(f"report.section.{name}", lang),
        key="deeper",
    )
    DEEPER[name or known[0]].draw(evidence, lang, specialist=state.specialist())


def _worded(found: Finding, evidence: Evidence, lang: str) -> str:
    return words.finding(found, lang, task=evidence.task)


lang = state.lang()
study = source.study()
evidence = study.evidence
frame.draw_head(t("evidence.title", lang), lang, lead=t("evidence.lead", lang))
parts = {part.part: part.n for part in evidence.split.parts}
emit(tag("p", t("evidence.rows", lang, train=parts.get("train", 0), test=parts.get("test", 0))))
if evidence.task.kind == "binary":
    draw_at_line(evidence.model(evidence.selected), evidence.task, lang)
if evidence.task.out_of_scope:
    said = t("evidence.out_of_scope", lang, text=words.said(evidence.task, "out_of_scope", lang))
    st.info(md(said), icon=":material/block:")
_draw_models(evidence, lang)
_draw_calibration(evidence, lang)
_draw_groups(evidence, lang)
_draw_deeper(evidence, lang)
_draw_doubts(evidence, lang)
