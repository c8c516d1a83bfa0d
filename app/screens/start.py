"""No study is open: what to do."""

from __future__ import annotations

import streamlit as st
from interpretable_app import source, state
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.texts import t

lang = state.lang()
st.title(t("start.title", lang), anchor=False)
named = source.path()
if named is None:
    st.info(t("start.none", lang), icon=":material/info:")
else:
    st.warning(md(t("start.not_there", lang, name=named.name)), icon=":material/warning:")
steps = (
    ("check", "interpretable check task.toml"),
    ("train", "interpretable train task.toml -o STUDY"),
    ("open", "interpretable app STUDY"),
    ("demo", "interpretable demo"),
)
items = [tag("li", tag("p", t(f"start.{name}", lang)), tag("p", tag("code", line))) for name, line in steps]
emit(tag("ol", *items))
