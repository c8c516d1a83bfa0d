"""Small and large: what small models and language models do for each other here, one question at a time."""

from __future__ import annotations

import streamlit as st
from interpretable_app import frame, source, state
from interpretable_app.panels import together
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.report.small_large import overview
from interpretable.study.beside import MECHANISMS

lang = state.lang()
study, found = source.study(), source.beside()
frame.draw_head(t("together.title", lang), lang, lead=words.say("beside.lead", lang))
if found:
    draw_blocks([overview(found, lang)], lang)
names = [*found, *(name for name in MECHANISMS if name not in found)]
chosen = st.selectbox(
    t("together.choose", lang),
    names,
    format_func=lambda name: words.say(f"beside.title.{name}", lang),
    key="mechanism",
)
if chosen in found:
    frame.draw_section(words.say(f"beside.title.{chosen}", lang))
    emit(*(tag("p", line) for line in words.beside(found[chosen].told, lang)))
    together.PANELS[chosen](found[chosen], study.evidence, lang)
    together.draw_bill(found[chosen].told, lang)
elif chosen:
    command = f"interpretable llm {chosen} STUDY"
    st.info(md(words.say("beside.not_asked", lang, command=command)), icon=":material/help:")
