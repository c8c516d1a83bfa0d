"""The frame of every page: language, reviewer, and a flat list of pages (sections break screen readers)."""

from __future__ import annotations

import streamlit as st
from interpretable_app import access, source, state
from interpretable_app.panels import html
from interpretable_app.texts import t

from interpretable import words

PAGES = ("cases", "case", "whatif", "model", "evidence", "together", "report", "record")
ICONS = {
    "cases": ":material/inbox:",
    "case": ":material/person_search:",
    "whatif": ":material/compare_arrows:",
    "model": ":material/tune:",
    "evidence": ":material/monitoring:",
    "together": ":material/join_inner:",
    "report": ":material/description:",
    "record": ":material/history:",
}


def _draw_controls() -> str:
    """Language and specialists' view, in the sidebar of every page. Returns the language."""
    state.begin_lang(st.query_params.get("lang"))
    with st.sidebar:
        st.segmented_control(
            "Language · 语言",
            words.LANGUAGES,
            required=True,
            format_func={"en": "English", "zh": "中文"}.__getitem__,
            key=state.LANG,
        )
        lang = state.lang()
        _keep_in_address(lang)
        if source.exists():
            st.toggle(
                t("specialists", lang),
                key=state.SPECIALIST,
                help=t("specialists_help", lang),
                persist_state="session",
            )
            _draw_identity(lang)
    return lang


def _keep_in_address(lang: str) -> None:
    """So that a link sent to a colleague, or a reload, keeps the language. English is not written."""
    if lang != words.LANGUAGES[0]:
        st.query_params["lang"] = lang
    elif "lang" in st.query_params:
        del st.query_params["lang"]


def _draw_identity(lang: str) -> None:
    person = access.person()
    said = [t("access.role", lang, role=t(f"role.{person.role}", lang))]
    if person.name:
        said.insert(0, t("access.name", lang, name=person.name))
    html.emit(*(html.tag("p", line, cls="small") for line in said))
    if not person.proved:
        html.emit(html.tag("p", t("access.banner", lang), cls="banner"))


def _pages(lang: str) -> list[st.Page]:
    if not source.exists():
        return [
            st.Page("screens/start.py", title=t("page.start", lang), icon=":material/flag:", default=True)
        ]
    return [
        st.Page(
            f"screens/{name}.py",
            title=t(f"page.{name}", lang),
            icon=ICONS[name],
            url_path="" if name == "cases" else name,
            default=name == "cases",
        )
        for name in PAGES
    ]


def main() -> None:
    st.set_page_config(page_title="Interpretable", page_icon=html.ICON, layout="wide")
    html.style()
    lang = _draw_controls()
    page = st.navigation(_pages(lang))
    html.prepare(lang)
    page.run()


main()
