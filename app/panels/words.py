"""Which words weigh most in general, class by class, and where they stood in past texts."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from interpretable_app import access, frame, source
from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.panels.text import draw_snippets
from interpretable_app.texts import t

from interpretable import figures, words
from interpretable.records.explanation import TokenWeight, WholeExplanation
from interpretable.records.task import Task

SNIPPETS = 3
FOLDED = {"characters": "spelling", "piece": "pieces"}


def draw_tokens(whole: WholeExplanation, task: Task, lang: str) -> None:
    """Words first; runs of characters and pieces of words on demand."""
    if not whole.tokens:
        return
    frame.draw_section(t("model.tokens", lang))
    emit(tag("p", words.say("reading.global.lead", lang), cls="soft"))
    mine = _choose(whole.tokens, task, lang)
    key = f"{mine[0].feature} {mine[0].output}"
    kinds = figures.token_kinds(mine)
    shown = kinds.pop("word", [])
    if shown:
        alt, rows = figures.tokens_alt(shown, task, lang), figures.tokens_table(shown, task, lang)
        draw_chart(figures.tokens(shown, task, lang), alt, rows, lang, key=f"tokens {key}")
    for kind, own in kinds.items():
        with st.expander(words.say(f"reading.global.{FOLDED[kind]}", lang)):
            draw_rows(
                figures.tokens_table(own, task, lang),
                caption=words.say(f"reading.global.{FOLDED[kind]}", lang),
            )
    emit(tag("p", words.say("reading.global.few", lang), cls="small soft"))
    _draw_examples([*shown, *(t for own in kinds.values() for t in own)], key, lang)


def _choose(tokens: Sequence[TokenWeight], task: Task, lang: str) -> list[TokenWeight]:
    """The weights of one text column and one class."""
    features = list(dict.fromkeys(weight.feature for weight in tokens))
    outputs = list(dict.fromkeys(weight.output for weight in tokens))
    feature, output = features[0], outputs[0]
    if len(features) > 1:
        feature = st.selectbox(
            md(words.say("reading.global.column", lang)),
            features,
            format_func=lambda name: words.start(words.label(name, task, lang)),
            key="token column",
        )
    if len(outputs) > 1:
        output = st.selectbox(
            t("model.class", lang),
            outputs,
            format_func=lambda name: words.class_name(name, task, lang),
            key="token class",
        )
    return [weight for weight in tokens if (weight.feature, weight.output) == (feature, output)]


def _draw_examples(found: Sequence[TokenWeight], key: str, lang: str) -> None:
    """Words of people: for roles that may read them, and nowhere but here."""
    st.subheader(md(words.say("reading.snippets.title", lang)), anchor=False)
    if not access.can("past_texts"):
        emit(tag("p", words.say("reading.snippets.closed", lang), cls="soft"))
        return
    emit(tag("p", words.say("reading.snippets.text", lang, n=SNIPPETS), cls="soft"))
    ranked = sorted(found, key=lambda w: (w.units != "word", -abs(w.weight)))
    place = st.selectbox(
        md(words.say("reading.snippets.choose", lang)),
        range(len(ranked)),
        format_func=lambda i: _name(ranked[i], lang),
        key=f"snippet {key}",
    )
    chosen = ranked[place or 0]
    snippets = source.snippets(chosen.feature, chosen.token, chosen.units)
    if snippets is None:
        emit(tag("p", words.say("reading.snippets.absent", lang), cls="soft"))
    else:
        draw_snippets(snippets, lang)


def _name(found: TokenWeight, lang: str) -> str:
    name = words.token(found.token, found.units, lang)
    if found.units == "word":
        return name
    return words.say("reading.term", lang, name=words.units(found.units, lang), units=name)
