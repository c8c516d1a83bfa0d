"""One case: why this estimate, can I trust it, what do I decide?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from interpretable_app import frame, source, state
from interpretable_app.panels.asked import draw_asked
from interpretable_app.panels.chart import draw_case_curve
from interpretable_app.panels.decision import draw_decision
from interpretable_app.panels.estimate import draw_estimate
from interpretable_app.panels.exact import draw_black_box, draw_black_tokens, draw_exact, draw_tokens
from interpretable_app.panels.guidelines import draw_guidelines
from interpretable_app.panels.guidelines import source as place
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.panels.reasons import draw_reasons
from interpretable_app.panels.similar import draw_similar
from interpretable_app.panels.text import draw_text
from interpretable_app.panels.trust import draw_trust
from interpretable_app.texts import t
from interpretable_app.views import TOP, CaseView, make_view

from interpretable import words
from interpretable.collab.guidelines import for_reasons
from interpretable.errors import UserError
from interpretable.records.explanation import CaseExplanation
from interpretable.records.review import Case
from interpretable.store import CaseQuery


def _chosen() -> str | None:
    """The case in the address; else the one looked at last; else the first that waits."""
    asked = st.query_params.get("case")
    if asked:
        return str(asked)
    last = state.read("last_case")
    if last:
        return str(last)
    waiting = source.desk().cases(CaseQuery(states=("waiting", "asked"), limit=1)).cases
    return waiting[0].case_id if waiting else None


def _draw_way(case: Case, lang: str) -> None:
    """Back to the list, and to the open cases beside this one."""
    before, following = source.desk().store.neighbours(case.case_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="way"):
        st.page_link("screens/cases.py", label=t("case.back", lang), icon=":material/arrow_back:")
        for name, code in ((before, "previous"), (following, "next")):
            if name is not None:
                label = t(f"case.{code}", lang, case_id=name)
                st.page_link("screens/case.py", label=md(label), query_params={"case": name})
        frame.draw_crumb(lang)


def _draw_values(view: CaseView, lang: str) -> None:
    with st.expander(t("case.values", lang)):
        rows = [tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in view.values]
        emit(tag("table", tag("caption", t("case.values_caption", lang)), tag("tbody", *rows)))


def _from_reference(case: Case, view: CaseView, lang: str) -> CaseView:
    """The view with its reasons measured from the point a specialist picks; the estimate stays as it is."""
    task = source.study().task
    if not state.specialist():
        return view
    names = ["typical", "average", "approved"] if task.cut is not None else ["typical", "average"]
    if not source.study().model.scorer().glass_box:
        names.remove("average")
    picked = st.selectbox(
        md(words.say("stability.reference.label", lang)),
        names,
        format_func=lambda name: words.say(f"stability.reference.{name}", lang),
        help=md(words.say("stability.reference.help", lang)),
        key=f"reference {case.case_id}",
    )
    if not picked or picked == "typical":
        return view
    return make_view(case, source.explain_from(case, picked), (), task, lang)


def _draw_guidelines(view: CaseView, found: CaseExplanation, lang: str) -> CaseView:
    """Passages of the institution's guidelines on the first reasons; the record names them."""
    try:
        read = source.guidelines()
    except UserError as error:
        frame.draw_section(words.say("guidelines.title", lang))
        st.warning(md(words.say("guidelines.unreadable", lang, problems=" ".join(error.problems))))
        return view
    if read is None:
        return view
    frame.draw_section(words.say("guidelines.title", lang))
    passages = for_reasons(read, found.reasons[:TOP], source.study().task, lang=lang)
    draw_guidelines(read, passages, lang)
    return replace(view, guidelines=(*(place(one, lang) for one in passages), read.digest))


def _draw_specialists(case: Case, found: CaseExplanation, lang: str) -> None:
    task = source.study().task
    frame.draw_section(t("case.specialists", lang))
    draw_exact(found, task, lang)
    draw_tokens(found, task, lang)
    other = source.black_box(case)
    if other is None:
        emit(tag("p", t("exact.no_black_box", lang), cls="soft"))
    else:
        draw_black_box(other, task, lang)
        draw_black_tokens(other, lang)


def _draw_case(case: Case, lang: str) -> None:
    study = source.study()
    found = source.explain(case)
    mix, ranged = source.outcome_mix(case), source.prediction_range(case)
    view = make_view(case, found, source.similar(case), study.task, lang, mix=mix, ranged=ranged)
    _draw_way(case, lang)
    st.title(md(t("case.title", lang, case_id=words.clean(case.case_id))), anchor=False)
    draw_estimate(view, found, study.task)
    draw_trust(view)
    frame.draw_section(t("case.why", lang))
    draw_reasons(_from_reference(case, view, lang))
    draw_text(found, study.task, lang, specialist=state.specialist())
    draw_asked(case.values, study.task, lang)
    draw_case_curve(found, study, lang)
    view = _draw_guidelines(view, found, lang)
    frame.draw_section(t("case.similar", lang))
    draw_similar(view)
    _draw_values(view, lang)
    if any(column.changeable for column in study.task.features):
        label, icon = t("whatif.open", lang), ":material/compare_arrows:"
        st.page_link("screens/whatif.py", label=label, icon=icon, query_params={"case": case.case_id})
    if state.specialist():
        _draw_specialists(case, found, lang)
    frame.draw_section(t("decision.title", lang))
    if case.bundle_id and case.bundle_id != found.bundle_id:
        st.warning(t("case.other_model", lang), icon=":material/warning:")
    draw_decision(case, view, source.desk().entries(case.case_id))


lang = state.lang()
case_id = _chosen()
case = source.desk().case(case_id) if case_id else None
if case is None:
    st.title(t("page.case", lang), anchor=False)
    unknown = t("case.unknown", lang, case_id=words.clean(case_id)) if case_id else t("case.none", lang)
    st.warning(md(unknown), icon=":material/search_off:")
    st.page_link("screens/cases.py", label=t("case.back", lang), icon=":material/arrow_back:")
else:
    state.write("last_case", case.case_id)
    _draw_case(case, lang)
