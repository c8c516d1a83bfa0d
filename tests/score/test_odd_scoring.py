"""What a newcomer hands to a model by mistake is answered with a sentence, and loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable.errors import DataError, UserError
from interpretable.score.rounding import rounding_unit

TASK = make_task()


@pytest.fixture(scope="module")
def frame():
    rows = make_rows(200, seed=0, task=TASK)
    return rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))


@pytest.fixture(scope="module")
def model(frame, tmp_path_factory):
    out = tmp_path_factory.mktemp("odd") / "study"
    return interpretable.train(TASK, data=frame, out=out, models="logistic", quick=True, llm="off").model


def test_the_table_to_be_scored_is_never_overwritten(model, frame, tmp_path):
    table = tmp_path / "cases.csv"
    frame.to_csv(table, index=False)
    before = table.read_bytes()
    with pytest.raises(DataError, match="would be lost"):
        interpretable.score_file(model, table, table)
    assert table.read_bytes() == before


def test_one_row_as_a_series_or_a_dict_is_told_to_be_a_table(model, frame):
    for row in (frame.iloc[0], frame.iloc[0].to_dict()):
        with pytest.raises(DataError, match=r"takes a table .*frame\.iloc\[\[0\]\]"):
            model.score(row)
    assert len(model.score(frame.iloc[[0]])) == 1


def test_wishes_that_cannot_be_met_are_refused_also_without_reasons(model, frame):
    with pytest.raises(DataError, match="reasons is -1"):
        model.score(frame, reasons=-1)
    with pytest.raises(UserError, match="There is no language 'de'"):
        model.score(frame, lang="de")


def test_rounding_is_in_proportion_for_amounts_and_absolute_for_chances():
    assert rounding_unit("logit", np.array([[30.0]])) == 1.0
    assert rounding_unit("identity", np.array([[0.5], [-3e12]])) == 3e12
    assert rounding_unit("identity", np.array([[0.5]])) == 1.0
    assert rounding_unit("identity", np.empty((0, 1))) == 1.0
