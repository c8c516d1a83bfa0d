"""The list of cases: who needs me next, and why."""

from __future__ import annotations

import streamlit as st
from interpretable_app.panels.html import Safe, emit, join, md, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.review import Case
from interpretable.records.task import Task

PILLS = {"waiting": "pill", "asked": "pill ask", "decided": "pill done"}
WIDTHS = (1.15, 4)


def draw_case_list(cases: tuple[Case, ...], task: Task, lang: str) -> None:
    with st.container(key="caselist"):
        left, right = st.columns(WIDTHS, vertical_alignment="center")
        with left:
            emit(tag("div", t("cases.head.case", lang), cls="it-row head"))
        with right:
            heads = (t(f"cases.head.{name}", lang) for name in ("chance", "flags", "status"))
            emit(tag("div", *(tag("span", head) for head in heads), cls="it-row head"))
        for case in cases:
            _draw_row(case, task, lang)


def _draw_row(case: Case, task: Task, lang: str) -> None:
    left, right = st.columns(WIDTHS, vertical_alignment="center")
    with left:
        st.page_link(
            "screens/case.py",
            label=md(t("record.case", lang, case_id=words.clean(case.case_id))),
            query_params={"case": case.case_id},
        )
    with right:
        emit(tag("div", _chance(case, task, lang), _flags(case, lang), _status(case, lang), cls="it-row"))


def _chance(case: Case, task: Task, lang: str) -> Safe:
    if case.estimate is None:
        return tag("span", t("cases.no_estimate", lang), cls="soft")
    said = words.amount(case.estimate, task, lang)
    if task.kind == "multiclass":
        said = f"{words.class_name(case.output, task, lang)}: {said}"
    if task.kind == "regression":
        return tag("span", tag("strong", said))
    bar = tag("span", tag("i", style=f"width:{case.estimate * 100:.0f}%"), cls="it-mini", aria_hidden="true")
    return tag("span", tag("strong", said), bar)


def _flags(case: Case, lang: str) -> Safe:
    pills = join(tag("span", words.flag(code, lang), cls="pill flag") for code in case.flags)
    return tag("span", pills, cls="flags")


def _status(case: Case, lang: str) -> Safe:
    said = t(f"cases.{case.state}", lang)
    if case.state == "decided" and case.decision is not None:
        said = words.say(f"review.{case.decision}", lang)
        said = t("cases.decided_as", lang, decision=said)
    return tag("span", tag("span", said, cls=PILLS[case.state]))
