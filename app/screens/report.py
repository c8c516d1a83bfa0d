"""The report: build, look, take away. Built on demand from the study's evidence; nothing is computed anew."""

from __future__ import annotations

import streamlit as st
from interpretable_app import access, frame, source, state
from interpretable_app.panels.html import emit, tag
from interpretable_app.texts import t

from interpretable import report, words


@st.cache_data(max_entries=8, show_spinner=False)
def _render(bundle_id: str, beside: tuple[str, ...], kind: str, lang: str) -> bytes:
    """`beside` names the findings by their time: a new one makes a new report."""
    document = report.build(source.study().evidence, lang=lang, beside=source.beside())
    return report.render(document, kind)


def _note(file_name: str) -> None:
    source.desk().note(
        "report_taken",
        by=access.person().name or "local",
        subject=file_name,
        payload={"bundle_id": source.study().bundle_id},
    )


def _draw_built(lang: str, chosen: str, kind: str) -> None:
    study = source.study()
    with st.spinner(t("report.building", lang)):
        found = tuple(f"{name} {one.told.created}" for name, one in source.beside().items())
        content = _render(study.bundle_id, found, kind, chosen)
    name = f"{study.task.name}-{chosen}.{kind}"
    st.download_button(
        t("report.download", lang),
        content,
        file_name=name,
        mime="text/html" if kind == "html" else "application/octet-stream",
        type="primary",
        icon=":material/download:",
        on_click=_note,
        args=(name,),
    )
    if kind == "html":
        frame.draw_section(t("report.preview", lang))
        # Our own page, escaped where it was made; its policy forbids scripts and any address.
        st.iframe(content.decode("utf-8"), height=900, alt=t("report.preview", lang), tab_index=0)


lang = state.lang()
frame.draw_head(t("report.title", lang), lang, lead=t("report.lead", lang))
if not access.can("build_report"):
    st.info(t("report.not_allowed", lang), icon=":material/lock:")
else:
    left, right = st.columns(2)
    with left:
        chosen = st.radio(
            t("report.language", lang),
            words.LANGUAGES,
            index=words.LANGUAGES.index(lang),
            format_func={"en": "English", "zh": "中文"}.__getitem__,
            horizontal=True,
            key=f"report language {lang}",
        )
    with right:
        kinds = list(report.FORMATS)
        kind = st.radio(t("report.format", lang), kinds, format_func=str.upper, horizontal=True, key="format")
    built = f"{chosen} {kind}"
    if st.button(
        t("report.build", lang), type="primary" if state.read("report built") != built else "secondary"
    ):
        state.write("report built", built)
    if state.read("report built") == built:
        _draw_built(lang, chosen, kind)
    else:
        emit(tag("p", t("report.not_yet", lang), cls="soft"))
