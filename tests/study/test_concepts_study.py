"""A study whose model reads a text through concepts only: every path sees the same answers."""

from __future__ import annotations

import html
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories_app import MAIN, copy_study
from factories_concepts import SIGNED, make_concept, make_concept_task, make_notes, read_notes
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable import data, words
from interpretable.data.taskfile import read_task
from interpretable.errors import DataError, UserError
from interpretable.models.features import describe
from interpretable.records.document import Paragraph, Table
from interpretable.report.build import SECTIONS
from interpretable.report.concepts import concepts
from interpretable.review.intake import make_cases, row_of
from interpretable.score.guard import guard
from interpretable.study import open_study, train

TASK = """
name = "t"
kind = "binary"
target = "y"
positive = "1"
data = "data.csv"
concepts = "concepts.toml"
harm_ratio = 2.0

[columns."age"]
kind = "number"
changeable = true

[columns."note"]
kind = "text"
label = "the note"
exclude = true
changeable = true
"""
CONCEPTS = f"""
labels = "labels.csv"

[concepts."pain"]
column = "note"
label = "tells of chest pain"
label_zh = "提到胸痛"
phrases = ["chest pain"]
negation = true
approved = "{SIGNED}"

[concepts."form"]
column = "note"
phrases = ["form"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A quick study of a logistic regression on age and the approved concept."""
    place = tmp_path_factory.mktemp("concepts")
    frame = make_notes(300)
    truth = np.where(frame["note"].str.startswith("Chest"), "yes", "no")
    rows = pd.DataFrame({"row": frame.index + 1, "concept": "pain", "label": truth})
    frame.to_csv(place / "data.csv", index=False)
    rows.to_csv(place / "labels.csv", index=False)
    (place / "task.toml").write_text(TASK, encoding="utf-8")
    (place / "concepts.toml").write_text(CONCEPTS, encoding="utf-8")
    train(place / "task.toml", out=place / "study", models="logistic", quick=True, llm="off")
    return place


@pytest.fixture(scope="module")
def study(folder):
    return open_study(folder / "study")


def test_the_model_reads_the_approved_concept_and_not_the_text(study):
    assert {f.name for f in study.model.scorer().features} <= {"age", "note: pain"}
    assert "note: pain" in {f.name for f in study.model.scorer().features}


def test_a_study_stands_on_its_own_and_verifies(folder, study):
    assert interpretable.verify(study.path) == []
    assert read_task(study.path / "task.toml").concepts == study.task.concepts


def test_raw_rows_are_scored_alike_alone_in_a_table_and_in_a_file(folder, study):
    raw = make_notes(60, seed=9).drop(columns="y")
    table = study.model.score(raw)["probability"].to_numpy()
    alone = [study.model.score(raw.iloc[[at]])["probability"].iloc[0] for at in range(len(raw))]
    raw.to_csv(folder / "raw.csv", index=False)
    raw.to_parquet(folder / "raw.parquet")
    np.testing.assert_array_equal(table, alone)
    for name in ("raw.csv", "raw.parquet"):
        interpretable.score_file(study.model, folder / name, folder / "out.csv")
        np.testing.assert_allclose(pd.read_csv(folder / "out.csv")["probability"], table, rtol=1e-12)
    looked = [seen.estimate for seen in study.look_over(study.read_cases(raw))]
    np.testing.assert_allclose(looked, table, rtol=1e-12)


def test_a_denied_phrase_scores_like_none(study):
    notes = ["Chest pain today.", "No chest pain today.", "Fine today."]
    scored = study.model.score(pd.DataFrame({"age": 60.0, "note": notes}))["probability"]
    assert scored[0] > scored[1] == scored[2]


def test_a_file_with_another_answer_is_refused_or_its_rows_are_marked(folder, study):
    raw = make_notes(5, seed=9).drop(columns="y").assign(**{"note: pain": "maybe"})
    with pytest.raises(DataError, match="is derived from a text"):
        study.model.score(raw)
    marked = study.model.score(raw, keep_going=True)
    assert set(marked["status"]) == {"not scored: cannot read note: pain"}
    raw.to_csv(folder / "clash.csv", index=False)
    with pytest.raises(DataError, match="is derived from a text"):
        interpretable.score_file(study.model, folder / "clash.csv", folder / "clash-out.csv")


def test_what_if_follows_the_text_and_never_the_answer_alone(study):
    row = study.read_cases(pd.DataFrame({"age": [60.0], "note": ["Chest pain today."]}))
    found = study.what_if(row, {"note": "No chest pain today."})
    fresh = study.model.score(pd.DataFrame({"age": [60.0], "note": ["No chest pain today."]}))
    assert found.after == pytest.approx(fresh["probability"].iloc[0])
    assert found.after < found.before
    assert [name for name, _ in found.parts] == ["note"]
    with pytest.raises(UserError, match="follows from a text: change the text instead"):
        study.what_if(row, {"note: pain": "no"})


def test_a_case_is_read_again_from_its_texts(study):
    row = study.read_cases(pd.DataFrame({"age": [60.0], "note": ["Chest pain today."]}))
    (case,) = make_cases(row, study.task, look=study.look_over, source="form")
    stale = {**case.values, "note: pain": "no"}
    assert row_of(stale, "1", study.task, read=study.read_cases).frame["note: pain"].iloc[0] == "yes"


def test_the_evidence_measures_the_concepts_and_holds_no_text(study):
    found = {one.name: one for one in study.evidence.concepts.concepts}
    assert found["pain"].precision.value == found["pain"].recall.value == 1.0
    assert found["pain"].labels == 300
    assert (found["form"].used, found["form"].reason) == (False, "concept_no_labels")
    assert {f.code for f in study.evidence.findings if f.subject == "note: form"} == {"concept_unapproved"}
    public = [study.path / "evidence.json", *(p for p in study.path.glob("bundle/**/*") if p.is_file())]
    everything = b"".join(path.read_bytes() for path in public)
    assert b"Visit number" not in everything


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_tells_what_was_found_and_what_was_not_measured(study, lang):
    blocks = list(concepts(study.evidence, lang))
    said = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert words.say("concepts.unapproved", lang, name="Form") in said
    assert ("nobody labelled" if lang == "en" else "没有人工标注") in said
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert [len(row) == len(table.head) for row in table.rows] == [True, True]
    assert SECTIONS["concepts"] is concepts
    assert list(concepts(replace(study.evidence, concepts=None), lang)) == []


def test_a_concept_the_table_never_shows_is_not_a_foreign_level_later():
    task = make_concept_task(make_concept(phrases=("dragon",)))
    dataset = read_notes(make_notes(), task)
    features = describe(dataset, dataset)
    new = pd.DataFrame({"age": [60.0, 60.0], "note": ["a dragon", "none"]})
    found = guard(new, task, features, keep_going=False)
    assert found.columns["note: pain"].tolist() == ["yes", "no"]
    assert "concept_rare" in {f.code for f in data.check(dataset) if f.subject == "note: pain"}


@pytest.fixture
def app(study, tmp_path, monkeypatch):
    """The app on a copy of the study with a few waiting cases."""
    config.set_option("runner.enforceSerializableSessionState", False)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(copy_study(study.path, tmp_path)))
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = "en", False
    return test.run()


def shown(test: AppTest) -> str:
    assert not test.exception
    return html.unescape("\n".join(str(e.value) for e in (*test.markdown, *test.header, *test.title)))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_evidence_page_answers_the_question_about_concepts(app, study, lang):
    app.session_state["lang"], app.session_state["specialist"] = lang, lang == "zh"
    app.switch_page("screens/evidence.py").run()
    app.selectbox(key="deeper").set_value("concepts").run()
    text = shown(app)
    told = words.concepts_told(study.evidence.concepts, study.task, lang)
    assert len(told) == 4
    assert all(line in text for line in told)


def test_a_case_shows_its_text_and_the_phrases_that_were_found(app):
    note = app.switch_page("screens/case.py").run()
    text = shown(note)
    assert "Concepts found in the text" in text
    assert "Visit number" in text
    assert "Tells of chest pain: yes. The text has “chest pain”." in text or "Not found: tells of" in text


def test_the_form_for_one_person_asks_for_the_text_and_not_for_the_answers(app):
    app.switch_page("screens/cases.py").run()
    assert not app.exception
    assert "person note" in [field.key for field in app.text_area]
    assert not [field for field in app.selectbox if "note: pain" in str(field.key)]
