"""Adding cases: from a file, by a form for one person, or a sample of past cases to try."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import streamlit as st
from interpretable_app import access, source, state
from interpretable_app.panels.html import emit, md, tag
from interpretable_app.panels.person import draw_person
from interpretable_app.texts import t

from interpretable.data.limits import UPLOAD
from interpretable.errors import UserError
from interpretable.records.dataset import Dataset
from interpretable.records.review import Case
from interpretable.review.intake import estimated, make_cases

if TYPE_CHECKING:
    from interpretable.study import OpenStudy

MOST_ROWS = 5000  # from a browser; `interpretable cases` takes more
SAMPLE = 25
KINDS = ("csv", "parquet")


def draw_adding(study: OpenStudy, lang: str, *, opened: bool) -> None:
    refused = state.take("adding_refused")
    with st.expander(t("adding.title", lang), expanded=opened or bool(refused), icon=":material/add:"):
        if refused:
            st.error("  \n".join(md(line) for line in refused), icon=":material/error:")
        names = {name: t(f"adding.{name}", lang) for name in ("file", "person", "sample")}
        at = names[state.take("adding_at") or ("sample" if opened else "file")]
        file_tab, person_tab, sample_tab = st.tabs(list(names.values()), default=at)
        with file_tab:
            _draw_file(study, lang)
        with person_tab:
            draw_person(study, lang)
        with sample_tab:
            emit(tag("p", t("adding.sample_text", lang, n=SAMPLE)))
            if st.button(t("adding.sample_button", lang), key="add sample"):
                _add_sample(study)


def _draw_file(study: OpenStudy, lang: str) -> None:
    columns = [column.name for column in study.task.inputs]
    emit(tag("p", t("adding.file_text", lang, n=len(columns), id=study.task.id or t("adding.no_id", lang))))
    upload = st.file_uploader(t("adding.upload", lang), type=list(KINDS), key="case file")
    if upload is not None and st.button(t("adding.check", lang), key="add file", type="primary"):
        _add_file(study, upload.name, upload.getvalue(), lang)


def _add_file(study: OpenStudy, name: str, content: bytes, lang: str) -> None:
    """The file is kept under a name of our own while it is read: what it was called is only data."""
    kind = Path(name).suffix.lower().lstrip(".")
    with tempfile.TemporaryDirectory() as folder, st.spinner(t("adding.reading", lang)):
        path = Path(folder) / f"cases.{kind if kind in KINDS else 'csv'}"
        path.write_bytes(content)
        try:
            rows = study.read_cases(path, limits=UPLOAD)
            if len(rows) > MOST_ROWS:
                raise UserError(t("adding.too_many", lang, n=len(rows), most=MOST_ROWS))
            # Rows without an id column are numbered from 1 in every file: its content tells them apart.
            prefix = "" if study.task.id else f"{_short(content)}-"
            shown = Path(name).name[:100]
            cases = make_cases(
                rows, study.task, look=study.look_over, source=shown, outcomes=outcomes(rows), prefix=prefix
            )
        except UserError as problem:
            refuse(problem)
        add(cases)


def outcomes(rows: Dataset) -> tuple[str, ...]:
    """What happened, where the file says so. It is kept, and shown only after the decision."""
    if rows.target is None:
        return ()
    return tuple(rows.classes[int(y)] if rows.classes else f"{y:g}" for y in rows.target)


def _short(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()[:6]


def _add_sample(study: OpenStudy) -> None:
    sample = study.sample_cases(n=SAMPLE)
    known = set(source.desk().store.known_ids([case.case_id for case in sample]))
    fresh = [case for case in sample if case.case_id not in known]
    found = [(case, study.look_over(source.row_of(case.values, case.case_id))[0]) for case in fresh]
    add([estimated(case, outlook, study.task) for case, outlook in found])


def refuse(problem: UserError, *, at: str = "file") -> NoReturn:
    """Says what is wrong above the form it is about; what was typed there is kept."""
    state.write("adding_at", at)
    state.write("adding_refused", list(problem.problems)[:20])
    st.rerun()
    raise AssertionError("a rerun ends this run")


def add(cases: list[Case] | tuple[Case, ...], *, then: str | None = None) -> None:
    """Adds them and shows the list, or the case itself."""
    try:
        count = source.desk().add_cases(cases, by=access.person().name or "local")
    except UserError as problem:
        refuse(problem)
    if then is not None:
        st.switch_page("screens/case.py", query_params={"case": then})
    state.write("added", count)
    st.rerun()
