"""The record: who saw what, decided what, when. And whether it is whole."""

from __future__ import annotations

import streamlit as st
from interpretable_app import access, export, frame, source, state
from interpretable_app.panels.decision import draw_entries
from interpretable_app.panels.html import md
from interpretable_app.panels.timeline import draw_events, draw_seen
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.review import ReviewEntry

MOST = 50


def _draw_check(lang: str) -> None:
    if st.button(t("record.verify", lang), key="verify", icon=":material/verified:", type="primary"):
        report = source.desk().verify()
        if report.whole:
            said = t("record.whole", lang, entries=report.entries)
            st.success(
                md(f"{said} {t('record.head', lang, head=report.head[:16])}"), icon=":material/verified:"
            )
        else:
            said = t(f"record.problem.{report.problem}", lang, number=report.first_bad)
            st.error(md(said), icon=":material/error:")


def _taken(kind: str) -> None:
    entries = len(source.desk().entries())
    by = access.person().name or "local"
    source.desk().note("exported", by=by, subject=kind, payload={"decisions": entries})


def _draw_export(lang: str) -> None:
    if not access.can("export_record"):
        return
    desk = source.desk()
    with st.container(horizontal=True):
        st.download_button(
            t("record.jsonl", lang),
            lambda: export.to_jsonl(desk.store),
            file_name="record.jsonl",
            mime="application/x-ndjson",
            on_click=_taken,
            args=("JSON lines",),
            key="jsonl",
        )
        st.download_button(
            t("record.csv", lang),
            lambda: export.to_csv(desk.entries()),
            file_name="decisions.csv",
            mime="text/csv",
            on_click=_taken,
            args=("CSV",),
            key="csv",
        )


def _chosen(entries: tuple[ReviewEntry, ...], lang: str) -> tuple[ReviewEntry, ...]:
    left, right = st.columns(2)
    with left:
        text = st.text_input(t("record.search", lang), key="record search", type="search")
    with right:
        names = sorted({entry.reviewer for entry in entries})
        who = st.selectbox(
            t("record.who", lang), names, index=None, placeholder=t("record.anyone", lang), key="who"
        )
    wanted = (text or "").strip().lower()
    return tuple(
        entry
        for entry in entries
        if wanted in entry.case_id.lower() and (who is None or entry.reviewer == who)
    )


def _draw_decisions(lang: str) -> None:
    frame.draw_section(t("record.decisions", lang))
    entries = source.desk().entries()
    if not entries:
        st.info(t("record.empty", lang), icon=":material/inbox:")
        return
    for entry in _chosen(entries, lang)[::-1][:MOST]:
        with st.container(border=True):
            label = t("record.case", lang, case_id=words.clean(entry.case_id))
            st.page_link("screens/case.py", label=md(label), query_params={"case": entry.case_id})
            draw_entries((entry,), lang)
            with st.expander(t("record.seen", lang, number=entry.number)):
                draw_seen(entry, lang)


lang = state.lang()
frame.draw_head(t("record.title", lang), lang, lead=t("record.lead", lang))
_draw_check(lang)
_draw_export(lang)
_draw_decisions(lang)
frame.draw_section(t("record.events", lang))
total = source.desk().store.count_events()
if total > MOST:
    st.caption(t("record.latest", lang, n=MOST, total=total))
draw_events(source.desk().store.events(newest=True, limit=MOST), lang)
