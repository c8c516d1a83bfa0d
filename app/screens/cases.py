"""Cases to review: who needs me next, and why?"""

from __future__ import annotations

import math
from typing import Any

import streamlit as st
from interpretable_app import access, frame, source, state
from interpretable_app.panels.adding import draw_adding
from interpretable_app.panels.case_list import draw_case_list
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.texts import t

from interpretable.store import CaseQuery

PAGE = 25
SHOWN = ("open", "flagged", "decided", "all")
FILTERS: dict[str, dict[str, Any]] = {
    "open": {"states": ("waiting", "asked")},
    "flagged": {"states": ("waiting", "asked"), "flagged": True},
    "decided": {"states": ("decided",)},
    "all": {},
}


def _query(lang: str) -> CaseQuery:
    left, middle, right = st.columns((1.6, 2.2, 1.2), vertical_alignment="bottom")
    with left:
        text = st.text_input(t("cases.search", lang), key="case search", type="search")
    with middle:
        shown = st.segmented_control(
            t("cases.show", lang),
            SHOWN,
            default="open",
            required=True,
            format_func=lambda code: t(f"cases.filter.{code}", lang),
            key="case filter",
        )
    with right:
        order = st.selectbox(
            t("cases.order", lang),
            ("added", "highest", "lowest"),
            format_func=lambda code: t(f"cases.sorted.{code}", lang),
            key="case order",
        )
    return CaseQuery(text=text or "", order=order, limit=PAGE, **FILTERS[shown or "open"])


def _draw_list(lang: str) -> None:
    query = _query(lang)
    desk = source.desk()
    found = desk.cases(query)
    pages = max(1, math.ceil(found.total / PAGE))
    place = min(int(state.read("case page", 1) or 1), pages)
    if place > 1:
        found = desk.cases(CaseQuery(**{**query.__dict__, "offset": (place - 1) * PAGE}))
    if not found.cases:
        st.info(t("cases.none_found", lang), icon=":material/search_off:")
        return
    emit(tag("p", t("cases.found", lang, n=found.total), cls="small soft"))
    draw_case_list(found.cases, source.study().task, lang)
    if pages > 1:
        st.pagination(pages, key="case page")


lang = state.lang()
frame.draw_head(t("cases.title", lang), lang, lead=t("cases.lead", lang))
added = state.take("added")
if added:
    st.success(md(t("cases.added", lang, n=added)), icon=":material/check_circle:")
empty = source.desk().cases(CaseQuery(limit=1)).total == 0
if empty:
    st.info(t("cases.empty", lang), icon=":material/inbox:")
else:
    _draw_list(lang)
if access.can("add_cases"):
    draw_adding(source.study(), lang, opened=empty)
