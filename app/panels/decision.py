"""The decision form, the receipt, and what has been decided so far."""

from __future__ import annotations

from functools import partial

import streamlit as st
from interpretable_app import access, source, state
from interpretable_app.panels.html import Safe, emit, join, md, tag
from interpretable_app.texts import t
from interpretable_app.views import CaseView

from interpretable import words
from interpretable.errors import ReviewError
from interpretable.records.review import Case, ReviewEntry
from interpretable.review import policy, states


def draw_decision(case: Case, view: CaseView, entries: tuple[ReviewEntry, ...]) -> None:
    lang = view.lang
    _draw_receipt(case.case_id, lang)
    if entries:
        draw_entries(entries, lang)
    if case.state == "decided":
        _draw_outcome(case, lang)
    if not access.can("decide"):
        st.info(t("decision.not_allowed", lang), icon=":material/lock:")
    elif case.state == "decided":
        with st.expander(t("decision.amend", lang), expanded=bool(_problems(case.case_id))):
            _draw_form(case, view, amends=entries[-1].number, latest=entries[-1].number)
    else:
        _draw_form(case, view, amends=None, latest=entries[-1].number if entries else 0)


def _draw_receipt(case_id: str, lang: str) -> None:
    receipt = state.read("receipt")
    if receipt and receipt["case_id"] == case_id:
        st.success(md(t("decision.saved", lang, number=receipt["number"])), icon=":material/check_circle:")
        state.take("receipt")
    refused = state.take("refused")
    if refused:
        st.error(md(refused), icon=":material/error:")


def draw_entries(entries: tuple[ReviewEntry, ...], lang: str) -> None:
    """Decisions about one case, oldest first."""
    emit(tag("ol", *(tag("li", _entry(entry, lang), cls="act") for entry in entries), cls="it-time"))


def _entry(entry: ReviewEntry, lang: str) -> Safe:
    what = words.say(f"review.{entry.decision}", lang)
    title = t("decision.entry", lang, number=entry.number, what=what)
    amends = t("decision.amends", lang, number=entry.amends) if entry.amends else None
    why = words.say(f"review.reason.{entry.reason}", lang) if entry.decision != "agree" else None
    return join(
        (
            tag("div", tag("strong", title)),
            tag("div", t("decision.by", lang, name=entry.reviewer, time=moment(entry.time)), cls="when"),
            tag("div", amends) if amends else "",
            tag("div", why) if why else "",
            tag("div", entry.note, cls="quote") if entry.note else "",
        )
    )


def moment(time: str) -> str:
    """A time of the record to the minute, UTC."""
    return f"{time[:10]} {time[11:16]} UTC"


def _draw_outcome(case: Case, lang: str) -> None:
    if case.outcome:
        task = source.study().task
        outcome, target = words.class_name(case.outcome, task, lang), words.target(task, lang)
        said = t("decision.outcome", lang, outcome=outcome, target=target)
        st.info(md(said), icon=":material/history:")


def _problems(case_id: str) -> tuple[str, ...]:
    kept = state.read("problems") or {}
    return tuple(kept.get(case_id, ()))


def _draw_problem(codes: tuple[str, ...], *mine: str, lang: str) -> None:
    for code in codes:
        if code in mine:
            emit(tag("p", t(f"decision.problem.{code}", lang), cls="problem", role="alert"))


def _draw_form(case: Case, view: CaseView, *, amends: int | None, latest: int) -> None:
    lang, codes = view.lang, _problems(case.case_id)
    key = f"decision {case.case_id} {latest}"
    allowed = states.DECISIONS if amends is None else states.DECISIONS[:2]
    with st.form(key, enter_to_submit=False):
        st.radio(
            t("decision.question", lang),
            allowed,
            index=None,
            format_func=lambda code: words.say(f"review.{code}", lang),
            key=f"{key} choice",
            horizontal=True,
        )
        _draw_problem(codes, "decision_missing", lang=lang)
        st.selectbox(
            t("decision.reason", lang),
            policy.WHY,
            index=None,
            format_func=lambda code: words.say(f"review.reason.{code}", lang),
            placeholder=t("decision.choose", lang),
            key=f"{key} reason",
        )
        _draw_problem(codes, "reason_missing", lang=lang)
        st.text_area(t("decision.note", lang), key=f"{key} note", max_chars=policy.NOTE_MOST)
        _draw_problem(codes, "note_short", "note_long", lang=lang)
        _draw_name(key, lang)
        _draw_problem(codes, "name_missing", lang=lang)
        st.form_submit_button(
            t("decision.record", lang),
            type="primary",
            on_click=partial(_record, case.case_id, view, key, amends, latest),
        )


def _draw_name(key: str, lang: str) -> None:
    person = access.person()
    if person.proved:
        emit(tag("p", t("decision.as", lang, name=person.name), cls="small soft"))
        return
    st.text_input(
        t("decision.name", lang),
        value=person.name,
        key=f"{key} name",
        max_chars=policy.NAME_MOST,
        help=t("access.banner", lang),
    )


def _record(case_id: str, view: CaseView, key: str, amends: int | None, latest: int) -> None:
    """Runs once per click, before the page is drawn again. The token makes a second click harmless."""
    person = access.person()
    name = person.name if person.proved else str(state.read(f"{key} name") or "")
    if not person.proved and name.strip():
        state.keep_reviewer_name(name)
    choice = state.read(f"{key} choice")
    reason = "agree" if choice == "agree" else str(state.read(f"{key} reason") or "")
    note = str(state.read(f"{key} note") or "")
    codes = policy.problems_of_decision(choice, reason=reason, note=note, reviewer=name)
    state.write("problems", {case_id: list(codes)})
    if codes or choice is None:
        return
    given = {"reason": reason, "note": note, "by": name, "token": state.token(case_id, latest)}
    shown = view.snapshot(specialist=state.specialist())
    try:
        if amends is None:
            entry = source.desk().decide(case_id, choice, snapshot=shown, bundle_id=view.bundle_id, **given)
        else:
            entry = source.desk().amend(amends, choice, snapshot=shown, **given)
    except ReviewError as problem:
        state.write("refused", _worded(case_id, str(problem), view.lang))
        return
    state.write("receipt", {"case_id": case_id, "number": entry.number})


def _worded(case_id: str, problem: str, lang: str) -> str:
    """Why the desk refused, in the person's language where we know the sentence."""
    case = source.desk().case(case_id)
    if case is not None and case.state == "decided":
        return t("decision.problem.already_decided", lang)
    return problem
