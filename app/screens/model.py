"""How the model decides: what weighs most, and the curve of each factor."""

from __future__ import annotations

import streamlit as st
from interpretable_app import frame, source, state
from interpretable_app.panels.chart import draw_chart, draw_curve, draw_rows
from interpretable_app.panels.html import emit, join, md, tag
from interpretable_app.panels.words import draw_tokens
from interpretable_app.texts import t

from interpretable import figures, words
from interpretable.records.explanation import Curve, WholeExplanation
from interpretable.records.task import Task

FIRST = 15
HARD = 8  # changes of direction: reading effort rises with them (Kruschel et al., 2024)


def _draw_weights(whole: WholeExplanation, task: Task, lang: str) -> None:
    largest = max((i.value for i in whole.importances), default=0.0) or 1.0
    items = []
    for importance in whole.importances[:FIRST]:
        bar = tag("i", style=f"width:{100 * importance.value / largest:.1f}%")
        track = tag("span", bar, cls="track", aria_hidden="true")
        items.append(tag("li", words.start(words.label(importance.feature, task, lang)), track))
    emit(tag("ol", *items, cls="it-weights"))
    rest = len(whole.importances) - FIRST
    if rest > 0:
        emit(tag("p", t("model.rest", lang, n=rest), cls="small soft"))
    if state.specialist():
        rows = figures.importances_table(whole.importances, task, lang)
        draw_rows(rows, caption=figures.importances_alt(whole.importances, task, lang))


def _choose(whole: WholeExplanation, task: Task, lang: str) -> Curve | None:
    """One curve at a time: the factor, and for several classes also the class."""
    order = [i.feature for i in whole.importances]
    known = {curve.feature for curve in whole.curves}
    features = [f for f in order if f in known] + sorted(known - set(order))
    if not features:
        return None
    left, right = st.columns(2)
    with left:
        feature = st.selectbox(
            t("model.choose", lang),
            features,
            format_func=lambda f: words.start(words.label(f, task, lang)),
            key="factor",
        )
    mine = [curve for curve in whole.curves if curve.feature == feature]
    outputs = [curve.output for curve in mine]
    if len(outputs) > 1:
        with right:
            output = st.selectbox(
                t("model.class", lang),
                outputs,
                format_func=lambda name: words.class_name(name, task, lang),
                key="factor class",
            )
        return next(curve for curve in mine if curve.output == output)
    return mine[0]


def _draw_curve(curve: Curve, task: Task, lang: str) -> None:
    column = words.find_column(curve.feature, task)
    if column.expected:
        emit(tag("p", t(f"model.expected_{column.expected}", lang), cls="soft"))
    if curve.kinks >= HARD:
        emit(tag("p", tag("span", t("model.hard", lang, n=curve.kinks), cls="pill flag")))
    draw_curve(curve, task, lang, key=f"curve {curve.feature} {curve.output}")
    emit(tag("p", t("model.steps", lang), cls="small soft"))


def _draw_tree(whole: WholeExplanation, task: Task, lang: str) -> None:
    if len(whole.tree) < 2:
        return
    frame.draw_section(words.say("simple.tree", lang))
    emit(tag("p", words.say("simple.tree_use", lang)))
    rows = figures.tree_table(whole.tree, task, lang)
    chart = figures.tree(whole.tree, task, lang)
    draw_chart(chart, figures.tree_alt(whole.tree, task, lang), rows, lang, key="tree")


def _draw_pairs(whole: WholeExplanation, task: Task, lang: str) -> None:
    if not whole.pairs:
        return
    frame.draw_section(t("model.pairs", lang))
    emit(tag("p", t("model.pairs_text", lang)))
    place = st.selectbox(
        t("model.pair", lang),
        range(len(whole.pairs)),
        format_func=lambda i: _pair_name(whole, i, task, lang),
        key="pair",
    )
    surface = whole.pairs[place or 0]
    alt = figures.pair_alt(surface, task, lang)
    draw_chart(
        figures.pair(surface, task, lang),
        alt,
        figures.pair_table(surface, task, lang),
        lang,
        key=f"pair {place}",
    )


def _pair_name(whole: WholeExplanation, place: int, task: Task, lang: str) -> str:
    surface = whole.pairs[place]
    name = words.start(words.label(" & ".join(surface.features), task, lang))
    return f"{name} ({words.class_name(surface.output, task, lang)})" if surface.output else name


lang = state.lang()
study = source.study()
whole, task = source.whole(), study.task
frame.draw_head(t("model.title", lang), lang, lead=t("model.lead", lang))
emit(tag("p", join((t("model.is", lang), " ", tag("strong", words.model(study.evidence.selected, lang))))))
if not whole.glass_box:
    st.warning(md(t("model.black", lang)), icon=":material/warning:")
frame.draw_section(t("model.weights", lang))
_draw_weights(whole, task, lang)
chosen = None
if whole.curves:
    frame.draw_section(t("model.curves", lang))
    chosen = _choose(whole, task, lang)
if chosen is not None:
    _draw_curve(chosen, task, lang)
_draw_tree(whole, task, lang)
_draw_pairs(whole, task, lang)
draw_tokens(whole, task, lang)
