"""Whole files: the same scores as row by row, flat, safe for spreadsheets, and never half written."""

from __future__ import annotations

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable.errors import DataError
from interpretable.score import batch
from interpretable.score.export import neutral

TASK = make_task(threshold=0.5)


def table(n: int = 200, seed: int = 0) -> pandas.DataFrame:
    rows = make_rows(n, seed=seed, task=TASK)
    return rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    out = tmp_path_factory.mktemp("batch") / "study"
    return interpretable.train(TASK, data=table(), out=out, models=["logistic"], quick=True, llm="off").model


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_scores_as_the_table_does(model, tmp_path, kind, monkeypatch):
    monkeypatch.setattr(batch, "CHUNK", 64)  # several chunks
    source = tmp_path / f"in.{kind}"
    frame = table(150, seed=2).drop(columns="ill")
    frame.to_csv(source, index=False) if kind == "csv" else frame.to_parquet(source)
    rows = interpretable.score_file(model, source, tmp_path / f"out.{kind}", reasons=2)
    assert rows == 150
    read = pandas.read_csv if kind == "csv" else pandas.read_parquet
    found = read(tmp_path / f"out.{kind}")
    np.testing.assert_allclose(found["probability"], model.score(frame)["probability"], atol=1e-12)
    assert [str(i) for i in found["row_id"]] == [str(i) for i in range(1, 151)]


def test_every_problem_of_the_table_is_in_one_error(model):
    frame = table(30).assign(age="old", kind="new")
    with pytest.raises(DataError) as caught:
        model.score(frame)
    assert len(caught.value.problems) == 2
    assert "'age'" in str(caught.value)
    assert "never seen" in str(caught.value)


def test_a_missing_column_is_named(model):
    with pytest.raises(DataError, match="dose"):
        model.score(table(5).drop(columns="dose"))


def test_keep_going_marks_rows_and_scores_the_rest(model):
    frame = table(4).astype({"age": object})
    frame.loc[1, "age"] = "old"
    frame.loc[2, "kind"] = "new"
    found = model.score(frame, keep_going=True, reasons=1)
    assert found["status"].tolist() == [
        "ok",
        "not scored: cannot read age",
        "scored, level not known: kind",
        "ok",
    ]
    assert found["probability"].isna().tolist() == [False, True, False, False]
    assert not found["in_domain"][2]


def test_a_failing_run_leaves_the_old_result(model, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("what was there")
    table(20).assign(age="old").to_csv(tmp_path / "in.csv", index=False)
    with pytest.raises(DataError):
        interpretable.score_file(model, tmp_path / "in.csv", out)
    assert out.read_text() == "what was there"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_file_without_rows_is_said_to_be_so(model, tmp_path):
    (tmp_path / "in.csv").write_text("age,kind,dose\n")
    with pytest.raises(DataError, match="no rows"):
        interpretable.score_file(model, tmp_path / "in.csv", tmp_path / "out.csv")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-x", "@SUM(A1)", " =1", "\t=1", "\ufeff=1", "＝1", "\r", "-1e"]
)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "1e-3", "+4", "-.5", "plain", "a=b", ""])
def test_numbers_and_plain_text_stay(text):
    assert neutral(text) == text


def test_formulas_in_ids_are_neutral_in_the_file(tmp_path):
    task = make_task(id="who", threshold=0.5)
    frame = table(120).assign(who=[f"=cmd|{i}" for i in range(120)])
    study = interpretable.train(
        task, data=frame, out=tmp_path / "s", models=["logistic"], quick=True, llm="off"
    )
    frame.to_csv(tmp_path / "in.csv", index=False)
    interpretable.score_file(study.model, tmp_path / "in.csv", tmp_path / "out.csv")
    assert "\n'=cmd|3," in (tmp_path / "out.csv").read_text()
