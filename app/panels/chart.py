"""A chart with its reading, its text for those who do not see it, and the same numbers as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
from interpretable_app.panels.html import Safe, emit, md, tag
from interpretable_app.texts import t

from interpretable import figures, words
from interpretable.records.explanation import CaseExplanation, Curve, WholeExplanation
from interpretable.records.task import Task

if TYPE_CHECKING:
    from interpretable.study import OpenStudy

MOST_ROWS = 200
AXIS = 52  # pixels of an axis with its title


def draw_chart(chart: Any, alt: str, rows: list[dict[str, str]], lang: str, *, key: str) -> None:
    """The theme is the figure's own: Streamlit's would lighten the labels below what can be read."""
    st.altair_chart(_across(chart), theme=None, width="stretch", alt=alt, key=key)
    with st.expander(t("chart.numbers", lang)):
        draw_rows(rows, caption=alt)


def draw_rows(rows: list[dict[str, str]], *, caption: str) -> None:
    """Rows of text as a real table. Numbers of a long one are cut at a stated length."""
    if not rows:
        return
    heads = list(rows[0])
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    body = [_row(list(row.values())) for row in rows[:MOST_ROWS]]
    table = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    emit(tag("div", table, cls="scroll", tabindex="0", role="region", aria_label=caption))


def _row(cells: list[str]) -> Safe:
    first, *others = cells
    return tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in others))


def draw_curve(curve: Curve, task: Task, lang: str, *, here: Any = None, key: str) -> None:
    emit(tag("p", figures.curve_reading(curve, task, lang)))
    drawn = _across(figures.curve(curve, task, lang, here=here))
    alt, rows = figures.curve_alt(curve, task, lang), figures.curve_table(curve, task, lang)
    st.altair_chart(drawn, theme=None, width="stretch", alt=alt, key=key)
    support = _across(figures.curve_support(curve, task, lang))
    said = t("chart.support", lang)
    st.altair_chart(support, theme=None, width="stretch", alt=said, key=f"{key} support")
    with st.expander(t("chart.numbers", lang)):
        draw_rows(rows, caption=alt)


def _across(chart: Any) -> Any:
    """As wide as the page; with equal room for both axes' labels, so that the two charts line up.

    On the page the height holds the lower axis too; in a figure of its own it does not.
    """
    return chart.properties(width="container", height=chart.height + AXIS).configure_axisY(minExtent=46)


def draw_case_curve(found: CaseExplanation, study: OpenStudy, lang: str) -> None:
    """The curve of the factor that moves this case most, with this case on it."""
    whole: WholeExplanation = study.evidence.explanation
    curves = {curve.feature: curve for curve in whole.curves if curve.output in ("", found.output)}
    top = next((reason for reason in found.reasons if reason.feature in curves and reason.effect), None)
    if top is None:
        return
    name = words.label(top.feature, study.task, lang)
    st.header(md(t("chart.moves", lang, name=name)), anchor=False)
    here = (found.values or {}).get(top.feature, top.value)
    draw_curve(curves[top.feature], study.task, lang, here=here, key="case curve")
    emit(tag("p", t("chart.alone", lang), cls="small soft"))
