"""What the study says of pairs and directions, from real fits."""

from __future__ import annotations

import numpy as np
import pytest
from factories_shape import make_planted, with_column

from interpretable.records import codec
from interpretable.records.shape import ShapeEvidence
from interpretable.score.scorer import make_scorer
from interpretable.study.checkpoint import Workbench
from interpretable.study.fitting import fit_all
from interpretable.study.inspect import shape
from interpretable.study.material import Material
from interpretable.study.options import Options, silent


def looked(tmp_path, rows, *, level="standard", models=("ebm",)):
    """The inspection of a quick study of these rows."""
    bench = Workbench(tmp_path / "study", "key")
    fits = fit_all(rows, rows, bench, options=Options(level="quick", models=models), progress=silent)
    scorers = {t.name: make_scorer(t.record) for t in fits.trained}
    material = Material(
        options=Options(level=level, models=models), everything=rows, train=rows, calibration=rows, test=rows,
        fits=fits, scorers=scorers, predictions={}, domain=None, bench=bench, progress=silent,
    )  # fmt: skip
    return shape.inspect(material)


def test_a_direction_that_denies_the_data_has_a_price_and_one_that_agrees_has_none(tmp_path):
    rows = with_column(make_planted(500, bent=True), "a", expected="down", enforce=True)
    rows = with_column(rows, "grade", expected="up", enforce=True)
    found = looked(tmp_path, rows)
    prices = {price.column: price for price in found.prices}
    assert set(prices) == {"", "a", "grade"}
    auroc = {
        name: next(c.difference for c in p.comparisons if c.metric == "auroc") for name, p in prices.items()
    }
    assert auroc["a"].low > 0.01 and prices["a"].p_folds < 0.05  # free of it the model is better
    assert auroc["grade"].low < 0.005 and abs(auroc["grade"].value) < 0.03
    assert auroc["grade"].high - auroc["grade"].low < 0.15
    assert {c.metric for c in prices["a"].comparisons} == {"auroc", "log_loss"}
    loss = next(c.difference for c in prices["a"].comparisons if c.metric == "log_loss")
    assert loss.high < 0 and prices["a"].folds == 3 and prices["a"].rows == 500
    directions = {d.column: d for d in found.directions}
    assert directions["grade"].proven and directions["a"].proven and not directions["a"].stretches
    assert codec.from_json(codec.to_json(found), ShapeEvidence) == found


def test_a_violated_expectation_is_listed_and_costs_no_refit(tmp_path):
    found = looked(tmp_path, with_column(make_planted(500, bent=True), "a", expected="up"))
    (direction,) = found.directions
    assert not direction.enforced and not direction.proven and found.prices == ()
    assert direction.link > 0.3 and 0.1 < direction.rows < 1 and direction.stretches
    assert found.pairs.reason == "quick" and found.not_computed == ()


def test_a_quick_study_says_that_the_price_is_not_known(tmp_path):
    rows = with_column(make_planted(200), "a", expected="up", enforce=True)
    found = looked(tmp_path, rows, level="quick")
    assert [(n.what, n.reason) for n in found.not_computed] == [("shape_prices", "shape_quick")]
    assert found.directions and found.prices == ()


def test_without_an_ebm_the_price_is_not_known(tmp_path):
    rows = with_column(make_planted(200), "a", expected="up", enforce=True)
    found = looked(tmp_path, rows, models=("logistic",))
    assert [n.reason for n in found.not_computed] == ["shape_no_ebm"]
    assert found.pairs is None and found.directions[0].model == "logistic"


def test_classes_have_no_direction(tmp_path):
    found = looked(tmp_path, with_column(make_planted(200, kind="multiclass"), "a", expected="up"))
    assert [n.reason for n in found.not_computed] == ["shape_classes"]
    assert found.directions == () and found.pairs.reason == "many_classes"


def test_a_price_of_a_regression_is_in_its_own_measures(tmp_path):
    rows = with_column(make_planted(200, kind="regression"), "a", expected="up", enforce=True)
    (price,) = looked(tmp_path, rows).prices
    assert [c.metric for c in price.comparisons] == ["rmse", "r2"]
    assert all(np.isfinite([c.difference.low, c.difference.high]).all() for c in price.comparisons)


@pytest.mark.parametrize("kind", ["binary", "regression", "multiclass"])
def test_a_tiny_table_with_odd_columns_does_not_break_it(tmp_path, kind):
    rows = with_column(make_planted(40, kind=kind), "a", expected="up", enforce=kind != "multiclass")
    rows = with_column(rows, "c", expected="down")
    rows.frame["c"] = 1.0
    rows.frame["b"] = np.where(np.arange(40) < 2, 1.0, np.nan)
    found = looked(tmp_path, rows)
    assert found.pairs.chosen == 0
    assert all(d.column == "a" for d in found.directions)  # a constant column has no direction to look at
