"""What if some values were different? Only what can change, within what was seen; both estimates beside."""

from __future__ import annotations

from typing import Any

import streamlit as st
from interpretable_app import frame, source, state
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.panels.recourse import draw_plans
from interpretable_app.texts import t

from interpretable import words
from interpretable.errors import UserError
from interpretable.explain.candidates import nice_step
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.recourse import WhatIf
from interpretable.records.review import Case
from interpretable.records.task import Column, Task
from interpretable.score.reasons import plain_value
from interpretable.store import CaseQuery

MOST = 200  # cases offered for choice


def _case() -> Case | None:
    """The case in the address, else the one looked at last, else the first of the list."""
    asked = st.query_params.get("case") or state.read("last_case")
    found = source.desk().case(str(asked)) if asked else None
    if found is not None:
        return found
    first = source.desk().cases(CaseQuery(limit=1)).cases
    return first[0] if first else None


def _choose(lang: str) -> Case | None:
    start = _case()
    if start is None:
        return None
    names = [case.case_id for case in source.desk().cases(CaseQuery(limit=MOST)).cases]
    names = names if start.case_id in names else [start.case_id, *names]
    name = st.selectbox(
        t("whatif.case", lang),
        names,
        index=names.index(start.case_id),
        key="whatif case",
        format_func=words.clean,
    )
    return source.desk().case(name) or start


def _draw_field(column: Column, feature: Feature, current: Any, task: Task, *, key: str) -> Any:
    """One widget per changeable column; it cannot leave what was seen in training."""
    lang = state.lang()
    label = md(words.start(words.label(column.name, task, lang)))
    if feature.kind == "number":
        start = feature.typical if current is None else min(max(current, feature.low), feature.high)
        shown = label + (f" ({md(column.unit)})" if column.unit else "")
        return st.number_input(
            shown,
            min_value=float(feature.low),
            max_value=float(feature.high),
            value=float(start),
            step=column.change_step or nice_step(feature.high - feature.low),
            format="%g",
            key=key,
        )
    levels = list(dict.fromkeys([*([current] if current else []), *feature.levels]))
    return st.selectbox(
        label,
        levels,
        index=levels.index(current) if current in levels else 0,
        key=key,
        format_func=lambda level: words.value(level, column, lang),
    )


def _fields(task: Task) -> list[tuple[Column, Feature]]:
    spec = {f.name: f for f in source.study().model.scorer().features}
    return [(c, spec[c.name]) for c in task.features if c.changeable and c.kind != "text" and c.name in spec]


def _draw_fields(row: Dataset, task: Task, lang: str, *, case_id: str) -> dict[str, Any]:
    """The values that differ from the case's own."""
    wanted: dict[str, Any] = {}
    columns = st.columns(3)
    for place, (column, feature) in enumerate(_fields(task)):
        current = plain_value(row.frame[column.name].iloc[0])
        with columns[place % 3]:
            key = f"whatif {case_id} {column.name}"
            if current is None and not st.checkbox(
                md(words.start(words.label(column.name, task, lang))),
                key=f"{key} known",
                help=t("whatif.unknown", lang, name=words.label(column.name, task, lang)),
            ):
                continue
            value = _draw_field(column, feature, current, task, key=key)
        if value is not None and value != current:
            wanted[column.name] = value
    return wanted


def _draw_both(found: WhatIf | None, now: str, then: str, lang: str) -> None:
    left = tag("div", tag("strong", now), tag("p", t("whatif.now", lang)), cls="it-fact")
    if found is None:
        right = tag("div", tag("strong", "–"), tag("p", t("whatif.none", lang)), cls="it-fact")
    else:
        inside = found.domain_after.inside
        said = tag("p", t(f"whatif.{'inside' if inside else 'outside'}", lang))
        head = (tag("strong", then), tag("p", t("whatif.then", lang)))
        right = tag("div", *head, said, cls="it-fact" if inside else "it-fact warn")
    emit(tag("div", left, right, cls="it-strip", role="status"))


def _draw_moves(found: WhatIf, task: Task, lang: str) -> None:
    frame.draw_section(t("whatif.moves", lang))
    items = []
    for name, move in found.parts:
        way = "same" if abs(move) < 1e-12 else "raises" if move > 0 else "lowers"
        items.append(tag("li", t(f"whatif.{way}", lang, name=words.start(words.label(name, task, lang)))))
    emit(tag("ul", *items))


def _draw_plans(row: Dataset, task: Task, lang: str, *, case_id: str) -> None:
    frame.draw_section(t("whatif.plans", lang))
    scorer = source.study().model.scorer()
    if task.cut is None or not scorer.glass_box or scorer.link != "logit":
        emit(tag("p", t("whatif.no_plans", lang), cls="soft"))
    elif st.button(t("whatif.plans_button", lang), key=f"plans {case_id}"):
        try:
            draw_plans(source.study().recourse(row), task, lang)
        except UserError as error:
            st.warning(md(str(error)), icon=":material/block:")


def _draw(case: Case, lang: str) -> None:
    study = source.study()
    row = source.row_of(case.values, case.case_id)
    wanted = _draw_fields(row, study.task, lang, case_id=case.case_id)
    found = study.what_if(row, wanted) if wanted else None
    now = study.explain(row)
    then = words.amount(found.after, study.task, lang) if found else ""
    _draw_both(found, words.amount(now.estimate, study.task, lang), then, lang)
    if found is not None:
        _draw_moves(found, study.task, lang)
    _draw_plans(row, study.task, lang, case_id=case.case_id)


lang = state.lang()
frame.draw_head(t("whatif.title", lang), lang, lead=t("whatif.lead", lang))
task = source.study().task
if not _fields(task):
    st.info(md(t("whatif.no_columns", lang)), icon=":material/lock:")
else:
    case = _choose(lang)
    if case is None:
        st.warning(md(t("case.none", lang)), icon=":material/search_off:")
    else:
        _draw(case, lang)
