"""Tables and wishes that nobody expected: trained as well as any, or refused in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_models import make_rows

import interpretable
from interpretable.errors import DataError, TaskError, UserError
from interpretable.records.task import Column, Task
from interpretable.study.private import prediction_table


def make_amounts(size: float) -> pandas.DataFrame:
    random = np.random.default_rng(5)
    age = random.integers(18, 90, 200)
    return pandas.DataFrame({"age": age, "amount": size * (age + random.normal(0, 9, 200))})


def task_of(kind: str, target: str, column: str = "number") -> Task:
    return Task(name="odd", kind=kind, target=target, columns=(Column(name="age", kind=column),))


def test_amounts_in_billions_train_and_verify(tmp_path):
    study = interpretable.train(
        task_of("regression", "amount"), data=make_amounts(1e12), out=tmp_path / "s", quick=True, llm="off"
    )
    assert study.evidence.model(study.evidence.selected).metrics["r2"].value > 0.5
    assert interpretable.verify(tmp_path / "s") == []


def test_a_task_made_by_hand_keeps_the_rules_of_a_file(tmp_path):
    with pytest.raises(TaskError) as caught:
        interpretable.train(
            task_of("bin", "amount", "num"), data=make_amounts(1.0), out=tmp_path / "s", llm="off"
        )
    told = " ".join(caught.value.problems)
    assert "kind" in told and "'bin'" in told and "'num'" in told
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(("wish", "said"), [({"llm": "no"}, "'no'"), ({"seed": -1}, "seed is -1")])
def test_options_nobody_offers_are_refused_before_any_work(tmp_path, wish, said):
    with pytest.raises(UserError, match=said):
        interpretable.train(
            task_of("regression", "amount"), data=make_amounts(1.0), out=tmp_path / "s", **wish
        )


def test_a_number_that_no_model_can_hold_is_refused_in_words(tmp_path):
    table = make_amounts(1.0).astype(float)
    table.loc[3, "age"] = 1.797e308
    with pytest.raises(DataError, match="age"):
        interpretable.train(
            task_of("regression", "amount"), data=table, out=tmp_path / "s", quick=True, llm="off"
        )


def test_predictions_of_thirty_classes_fit_in_one_table():
    labels = tuple(f"class {i}" for i in range(30))
    rows = replace(make_rows(60), classes=labels)
    shares = np.full((60, 30), 1 / 30)
    table = prediction_table(rows, dict.fromkeys(("ebm", "logistic", "xgboost", "tree"), shares))
    assert table.shape == (60, 2 + 4 * 30)
    assert table["tree: class 29"].eq(1 / 30).all()
