"""Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

import streamlit as st
from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.disparity import DisparityEvidence
from interpretable.records.evidence import Evidence
from interpretable.records.task import Task
from interpretable.words import disparity as said

SCREEN = 0.8
SAID = 2  # differences that are put in words


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found, task = evidence.disparity, evidence.task
    if found is None:
        return
    _draw_gaps(found, task, lang)
    emit(tag("ul", *(tag("li", line) for line in said.all_used(found, task, lang))))
    _draw_score(found, task, lang)
    if found.rebuilt:
        emit(tag("ul", *(tag("li", said.rebuilt(one, task, lang)) for one in found.rebuilt)))
    lines = said.alternatives(found, task, lang)
    if lines:
        emit(tag("h3", words.say("disparity.app.others", lang)), *(tag("p", line) for line in lines))
    emit(tag("p", words.say("disparity.note.judge", lang), cls="small soft"))
    if specialist:
        _draw_details(found, task, lang)


def _draw_gaps(found: DisparityEvidence, task: Task, lang: str) -> None:
    if not found.gaps:
        code = "few" if task.kind == "binary" else "few_plain"
        emit(tag("p", words.say(f"disparity.gap.{code}", lang)))
        return
    for gap in said.leading_gaps(found.gaps)[:SAID]:
        doubt = said.gap_doubt(gap, found.compared, lang)
        emit(tag("p", said.gap(gap, task, lang)), tag("p", doubt, cls="small soft"))
    rows = figures.disparity_gaps_table(found.gaps, task, lang)
    if rows:
        alt = figures.disparity_gaps_alt(found.gaps, task, lang)
        draw_chart(figures.disparity_gaps(found.gaps, task, lang), alt, rows, lang, key="disparity gaps")
    note = said.impossible(found.gaps, task, lang)
    if note:
        emit(tag("p", note, cls="small soft"))


def _draw_score(found: DisparityEvidence, task: Task, lang: str) -> None:
    """One pair of groups at a time."""
    if not found.score_gaps:
        return
    emit(tag("h3", words.say("disparity.app.score", lang)))
    names = [said.named_pair(g.column, g.group, g.reference, task, lang) for g in found.score_gaps]
    place = st.selectbox(
        words.say("disparity.app.pick", lang),
        range(len(names)),
        format_func=lambda i: names[i],
        key="disparity pair",
    )
    one = found.score_gaps[place or 0]
    emit(tag("p", said.score_gap(one, task, lang)))
    alt = figures.disparity_parts_alt(one, task, lang)
    rows = figures.disparity_parts_table(one, task, lang)
    draw_chart(figures.disparity_parts(one, task, lang), alt, rows, lang, key=f"disparity parts {place}")


def _draw_details(found: DisparityEvidence, task: Task, lang: str) -> None:
    ratios = figures.disparity_ratios_table(found.gaps, task, lang)
    if ratios:
        line = st.toggle(words.say("disparity.app.line", lang), key="disparity line")
        alt = figures.disparity_ratios_alt(found.gaps, task, lang)
        chart = figures.disparity_ratios(found.gaps, task, lang, line=SCREEN if line else None)
        draw_chart(chart, alt, ratios, lang, key=f"disparity ratios {line}")
        if line:
            emit(tag("p", words.say("disparity.note.line", lang), cls="small soft"))
    for name, rows in (
        ("all", said.gap_rows(found, task, lang)),
        ("crossings", said.crossing_rows(found, task, lang)),
        ("proxies", said.tell_rows(found, task, lang)),
        ("others", said.other_rows(found, task, lang)),
    ):
        if rows:
            with st.expander(words.say(f"disparity.app.{name}", lang)):
                draw_rows(rows, caption=words.say(f"disparity.app.{name}", lang))
    if found.compared:
        emit(tag("p", words.say("disparity.note.multiple", lang, m=found.compared), cls="small soft"))
