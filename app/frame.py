"""What stands at the top of a page: what this study is about, and the page's one heading."""

from __future__ import annotations

import streamlit as st
from interpretable_app import source
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.texts import t

from interpretable import words


def draw_crumb(lang: str) -> None:
    """Which study, which model."""
    study = source.study()
    version = t("frame.version", lang, version=study.model_version)
    emit(
        tag(
            "p",
            f"{words.said(study.task, 'title', lang) or words.clean(study.task.name)} · {version}",
            cls="it-crumb",
        )
    )


def draw_head(title: str, lang: str, *, lead: str = "") -> None:
    draw_crumb(lang)
    st.title(md(title), anchor=False)
    if lead:
        emit(tag("p", lead, cls="soft"))


def draw_section(title: str) -> None:
    st.header(md(title), anchor=False)
