"""A form for one person, made from the task's columns. What is left empty counts as not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
from interpretable_app import source
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.errors import UserError
from interpretable.records.evidence import Evidence
from interpretable.records.task import Column
from interpretable.review.intake import make_cases

if TYPE_CHECKING:
    from interpretable.study import OpenStudy

MOST = 60  # fields: of a wider table the least important ones are left out and count as not known
ACROSS = 3


def draw_person(study: OpenStudy, lang: str) -> None:
    from interpretable_app.panels import adding

    columns = _columns(study.evidence)
    emit(tag("p", t("person.text", lang)))
    with st.form("person", enter_to_submit=False, border=False):
        case_id = st.text_input(
            t("person.id", lang), key="person id", max_chars=80, help=t("person.id_help", lang)
        )
        values: dict[str, Any] = {}
        for column in (c for c in columns if c.kind == "text"):
            values[column.name] = _draw_field(column, study, lang)
        short = [column for column in columns if column.kind != "text"]
        for first in range(0, len(short), ACROSS):
            # Row by row: the fields stay in line where a label needs two lines.
            grid = st.columns(ACROSS, vertical_alignment="bottom")
            for place, column in zip(grid, short[first : first + ACROSS], strict=False):
                with place:
                    values[column.name] = _draw_field(column, study, lang)
        sent = st.form_submit_button(t("person.send", lang), type="primary")
    if not sent:
        return
    case_id = (case_id or "").strip()
    if not case_id:
        adding.refuse(UserError(t("person.id_missing", lang)), at="person")
    try:
        cases = make_cases(source.row_of(values, case_id), study.task, look=study.look_over, source="form")
    except UserError as problem:
        adding.refuse(problem, at="person")
    adding.add(cases, then=case_id)


def _columns(evidence: Evidence) -> list[Column]:
    """What the model must be told, in the order of the table; of very many, the most important ones."""
    columns = list(evidence.task.inputs)
    if len(columns) <= MOST:
        return columns
    ranked = [i.feature for i in sorted(evidence.explanation.importances, key=lambda i: -i.value)][:MOST]
    return [column for column in columns if column.name in ranked or column.kind == "text"]


def _levels(column: Column, evidence: Evidence) -> list[str]:
    """Levels the model knows: those of its curve; else the declared ones; else the frequent ones."""
    for curve in evidence.explanation.curves:
        if curve.feature == column.name:
            known = [point.label for point in curve.points if point.kind == "level"]
            if known:
                return known
    if column.levels:
        return list(column.levels)
    return [level for c in evidence.data.columns if c.name == column.name for level, _ in c.top]


def _draw_field(column: Column, study: OpenStudy, lang: str) -> Any:
    label = words.start(words.label(column, study.task, lang))
    key = f"person {column.name}"
    if column.kind == "number":
        label = f"{label} ({words.clean(column.unit)})" if column.unit else label
        return st.number_input(md(label), value=None, key=key, help=_range(column, study, lang), format="%g")
    if column.kind == "text":
        return st.text_area(md(label), key=key, max_chars=20_000) or None
    levels = _levels(column, study.evidence)
    return st.selectbox(
        md(label),
        levels,
        index=None,
        key=key,
        placeholder=words.say("value.not_known", lang),
        format_func=lambda level: words.value(level, column, lang),
    )


def _range(column: Column, study: OpenStudy, lang: str) -> str | None:
    summary = next((c for c in study.evidence.data.columns if c.name == column.name), None)
    if summary is None or summary.low is None or summary.high is None:
        return None
    low, high = (words.with_unit(x, column.unit, lang) for x in (summary.low, summary.high))
    return md(t("person.range", lang, low=low, high=high))
