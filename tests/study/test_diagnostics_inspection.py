"""Diagnostics of whole studies: every kind of task, odd tables, nothing of a person in the evidence."""

import json

import numpy as np
import pandas
import pytest
from factories_diagnostics import make_material, make_study_table, make_study_task

from interpretable import words
from interpretable.records import codec
from interpretable.records.task import Column, Task
from interpretable.stats.metrics import log_loss
from interpretable.study.inspect.diagnostics import inspect
from interpretable.words import weakness


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_every_kind_of_task_has_its_answers_in_both_languages(kind, tmp_path):
    task = make_study_task(kind)
    found = inspect(make_material(make_study_table(500, kind), task, tmp_path / "s"))
    asked = weakness.asked(found)
    assert {"weak", "overfit", "robustness", "resilience", "size", "drift"} <= set(asked)
    for lang in words.LANGUAGES:
        for name in asked:
            assert len(weakness.answer(name, found, task, lang)) > 10
    assert found.model == ("linear" if kind == "regression" else "logistic") and found.rival == ""
    assert [(lack.what, lack.reason) for lack in found.not_computed] == [
        ("diagnostics_learning", "diagnostics_quick")
    ]


def test_the_standard_level_fits_again_on_fewer_rows(tmp_path):
    table, task = make_study_table(500, "binary"), make_study_task("binary")
    material = make_material(table, task, tmp_path / "s", level="standard")
    found = inspect(material)
    train = len(material.train)
    assert [p.rows for p in found.learning.points] == [train // 4, train // 2, train]
    loss = log_loss(material.test.target, material.predictions["logistic"])
    assert found.learning.points[-1].loss.value == pytest.approx(loss)
    assert found.weak.overall.value == pytest.approx(loss)
    assert found.size.points[-1].loss.value == pytest.approx(loss)
    assert found.robustness.curve[0].loss == pytest.approx(loss)


def test_evidence_holds_round_edges_and_no_rare_level(tmp_path):
    found = inspect(make_material(make_study_table(500, "binary"), make_study_task("binary"), tmp_path / "s"))
    told = codec.to_json(found).decode()
    assert "village" not in told
    edges = [
        c[end]
        for c in walk(json.loads(told))
        if c.get("kind") == "band"
        for end in ("low", "high")
        if c[end] is not None
    ]
    assert edges and all(round(edge * 40) == pytest.approx(edge * 40) for edge in edges)


def walk(node):
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else []:
        yield from walk(child)


@pytest.mark.parametrize("rows", [40, 120])
def test_tiny_tables_say_what_they_are_too_small_for(rows, tmp_path):
    found = inspect(
        make_material(make_study_table(rows, "binary"), make_study_task("binary"), tmp_path / "s")
    )
    lacking = {lack.what: lack.reason for lack in found.not_computed}
    assert lacking["diagnostics_reliability"] == "too_few_rows"
    for lack in found.not_computed:
        for lang in words.LANGUAGES:
            said = words.not_computed(lack, lang)
            assert lack.what not in said and lack.reason not in said


def test_constant_empty_and_all_missing_columns_do_no_harm(tmp_path):
    table = make_study_table(300, "binary")
    table["flat"], table["empty"] = 1.0, np.nan
    table.loc[table.index >= 3, "lab"] = np.nan
    extra = (Column(name="flat", kind="number"), Column(name="empty", kind="number"))
    task = make_study_task("binary", columns=(*make_study_task("binary").columns, *extra))
    found = inspect(make_material(table, task, tmp_path / "s"))
    assert found.drift is not None


def test_a_time_column_gives_blocks_and_the_split_is_called_by_time(tmp_path):
    table = make_study_table(600, "binary")
    table["day"] = pandas.date_range("2020-01-01", periods=600).strftime("%Y-%m-%d")
    found = inspect(make_material(table, make_study_task("binary", time="day"), tmp_path / "s"))
    drift = found.drift
    assert drift.split == "time"
    assert [b.part for b in drift.blocks] == ["train"] * 4 + ["test"] * 2
    assert sum(b.n for b in drift.blocks) <= 600


def test_text_alone_leaves_out_what_is_not_defined_for_it(tmp_path):
    random = np.random.default_rng(0)
    said = np.array(["chest pain", "mild cough", "severe pain now", "feels well", "came for a check"])
    y = random.integers(0, 2, 240)
    note = [f"{random.choice(said[:3] if hit else said[1:])} {random.choice(said)}" for hit in y]
    task = Task(
        name="t", kind="binary", target="y", positive="1", columns=(Column(name="note", kind="text"),)
    )
    table = pandas.DataFrame({"note": note, "y": y.astype(str)})
    found = inspect(make_material(table, task, tmp_path / "s"))
    lacking = {lack.what for lack in found.not_computed}
    assert {"diagnostics_weak", "diagnostics_robustness", "diagnostics_drift", "diagnostics_size"} <= lacking
    assert weakness.answer("resilience", found, task)
