"""The points card, the short tree, and the elastic net: exact, small, and true to what is asked of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task

from interpretable.bundle.plain import members_of, model_from_json
from interpretable.explain import explain_whole
from interpretable.explain.card import points_of, totals
from interpretable.models import linear, scorecard, tree  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.calibrate import recalibrate
from interpretable.models.features import describe
from interpretable.models.penalised import Penalty, fit_penalised
from interpretable.models.points import LARGEST
from interpretable.models.segment import segment
from interpretable.models.train import prove
from interpretable.models.tree import exact_cut
from interpretable.records.additive import RuleTerm
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Plan, Task
from interpretable.score.additive import effects, link_scores
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick", refits=3)
GRADES = ("low", "mid", "high", "top")


def rows_of(kind: str, n: int = 240, **changes) -> Dataset:
    return make_rows(n, task=make_task(kind=kind, positive="yes" if kind == "binary" else "", **changes))


def make_planted(n: int = 1500, *, seed: int = 0) -> Dataset:
    """Two columns that matter in steps, one in levels, one that does not."""
    random = np.random.default_rng(seed)
    a, b, noise = random.uniform(0, 10, n).round(2), random.uniform(0, 10, n).round(2), random.normal(size=n)
    level = random.choice(np.array(["red", "green", "blue"], dtype=object), n)
    score = 2.0 * (a >= 4) + 1.0 * (b >= 7) + 1.0 * (level == "red") - 2.0
    names = ("a", "b", "noise")
    columns = (*(Column(name=name, kind="number") for name in names), Column(name="level", kind="category"))
    task = Task(name="steps", kind="binary", target="y", positive="yes", columns=columns)
    target = (random.random(n) < 1 / (1 + np.exp(-score))).astype(np.int64)
    frame = pandas.DataFrame({"a": a, "b": b, "noise": noise})
    frame["level"] = pandas.Series(level, dtype=object)
    ids = np.array([str(i) for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=("no", "yes"))


def make_odd(rows: Dataset) -> Dataset:
    """The rows with every cell missing, unknown or infinite in turn."""
    frame = rows.frame.copy()
    frame.loc[:9, "age"] = np.nan
    frame.loc[10:19, "age"] = np.inf
    frame.loc[20:29, "dose"] = -np.inf
    frame.loc[30:39, "kind"] = "never seen"
    frame.loc[40:49, "kind"] = None
    return replace(rows, frame=frame)


def test_the_card_finds_the_steps_that_were_planted():
    rows = make_planted()
    fitted = families["scorecard"].fit(rows, describe(rows, rows), QUICK)
    record = fitted.record
    points = dict(
        zip(map(record.term_name, record.terms), points_of(record, fitted.settings["unit"]), strict=True)
    )
    assert {"a", "b", "level"} <= set(points)
    term = next(t for t in record.terms if record.term_name(t) == "a")
    assert np.abs(term.axes[0].cuts - 4.0).min() < 0.3
    widths = {name: int(np.ptp(own[1:-1])) for name, own in points.items()}
    assert widths["a"] == max(widths.values())
    assert 1.3 < widths["a"] / widths["b"] < 3.0  # planted: 2
    assert fitted.settings["unit"] * widths["a"] == pytest.approx(2.0, abs=0.6)


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_card_points_are_small_whole_numbers_also_after_recalibration(kind):
    rows = rows_of(kind)
    fitted = families["scorecard"].fit(rows, describe(rows, rows), QUICK)
    record = recalibrate(fitted.record, 0.8, 0.1)
    points = points_of(record, fitted.settings["unit"] * 0.8)
    assert record.terms
    assert all(own.min() == 0 and own.max() <= LARGEST for own in points)
    total = totals(record, points, rows)
    by_hand = record.intercept[0] + fitted.settings["unit"] * 0.8 * total
    np.testing.assert_allclose(link_scores(record, rows.frame, len(rows))[:, 0], by_hand, atol=1e-9)


def test_the_card_has_no_more_columns_than_the_task_allows():
    rows = rows_of("binary", plan=Plan(scorecard_terms=2))
    fitted = families["scorecard"].fit(rows, describe(rows, rows), QUICK)
    assert len(fitted.record.terms) == 2
    one = families["scorecard"].fit(rows, describe(rows, rows), replace(QUICK, settings={"terms": 1}))
    assert len(one.record.terms) == 1


def test_a_card_is_not_defined_for_several_classes():
    assert not families["scorecard"].can_fit(make_task(kind="multiclass", positive=""))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("name", ["scorecard", "tree", "linear"])
def test_odd_cells_score_as_in_the_library(name, kind):
    train = rows_of(kind)
    if not families[name].can_fit(train.task):
        return
    fitted = families[name].fit(train, describe(train, train), QUICK)
    odd = make_odd(rows_of(kind))
    assert prove(fitted.record, fitted.library_scores(odd), odd) <= 1e-9
    again = model_from_json(members_of(fitted.record)["json"])
    assert np.array_equal(
        link_scores(again, odd.frame, len(odd)), link_scores(fitted.record, odd.frame, len(odd))
    )


@pytest.mark.parametrize("name", ["scorecard", "tree", "linear"])
@pytest.mark.parametrize("n", [12, 40])
def test_tiny_tables_and_constant_columns_can_be_fitted(name, n):
    rows = rows_of("binary", n)
    frame = rows.frame.assign(dose=1.0)
    rows = replace(rows, frame=frame, target=np.arange(n) % 2)
    fitted = families[name].fit(rows, describe(rows, rows), QUICK)
    assert prove(fitted.record, fitted.library_scores(rows), rows) <= 1e-9


def test_a_tree_is_rules_of_which_exactly_one_holds():
    train = rows_of("multiclass", 400)
    record = families["tree"].fit(train, describe(train, train), QUICK).record
    odd = make_odd(train)
    held = np.zeros(len(odd))
    for term in record.terms:
        assert isinstance(term, RuleTerm) and 1 <= len(term.clauses) <= 3
        one = replace(record, terms=(replace(term, scores=np.ones(3)),), intercept=np.zeros(3))
        held += link_scores(one, odd.frame, len(odd))[:, 0]
    assert np.all(held == 1)


def test_an_effect_in_a_tree_is_found_again_by_scoring_again():
    train = rows_of("binary", 400)
    record = families["tree"].fit(train, describe(train, train), QUICK).record
    found = effects(record, train.frame, len(train))
    for j, feature in enumerate(record.features):
        changed = train.frame.assign(**{feature.name: feature.typical})
        gap = link_scores(record, train.frame, 400) - link_scores(record, changed, 400)
        np.testing.assert_allclose(found[:, j], gap, atol=1e-12)


def test_the_rules_give_back_the_tree():
    train = rows_of("binary", 400)
    scorer = make_scorer(families["tree"].fit(train, describe(train, train), QUICK).record)
    nodes = explain_whole(scorer, train).tree
    leaves = [n for n in nodes if n.leaf]
    assert len(leaves) == len(scorer.model.terms) and len(nodes) == 2 * len(leaves) - 1
    assert nodes[0].rows == sum(n.rows for n in leaves) == 400
    for node in nodes:
        children = [n for n in nodes if n.parent == node.id]
        assert len(children) == (0 if node.leaf else 2)
        if children:
            assert sum(c.rows for c in children) == node.rows
            assert sum(c.missing for c in children) == 1  # a missing value goes one way
    mean = sum(n.rows * n.estimates[0] for n in leaves) / 400
    assert mean == pytest.approx(train.target.mean(), abs=0.02)


@pytest.mark.parametrize("threshold", [0.1, -3.3, 52.5, 1e-30, 16777217.0, 1e20])
def test_a_cut_sorts_every_number_as_float32_does(threshold):
    cut = exact_cut(threshold)
    near = np.float64(cut)
    around = [near]
    for _ in range(3):
        around += [np.nextafter(around[-1], np.inf), np.nextafter(around[0], -np.inf)]
        around.sort()
    scale = abs(threshold) * np.linspace(-1e-6, 1e-6, 41)
    values = np.concatenate([around, threshold + scale])
    assert np.array_equal(values >= cut, values.astype(np.float32).astype(np.float64) > threshold)


def make_directed(kind: str, expected: str) -> Dataset:
    """Rows in which dose moves the outcome up, and grade too; the author expects `expected`."""
    columns = (
        Column(name="dose", kind="number", expected=expected, enforce=True),
        Column(name="grade", kind="ordinal", levels=GRADES, expected=expected, enforce=True),
        Column(name="age", kind="number"),
    )  # fmt: skip
    rows = make_rows(400, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))
    random = np.random.default_rng(5)
    dose = random.normal(size=400).round(2)
    place = random.integers(0, 4, 400)
    score = 1.2 * dose + np.array([0.0, 1.5, 0.5, 1.8])[place] - 1.0
    target = score + random.normal(size=400)
    if kind == "binary":
        target = (random.random(400) < 1 / (1 + np.exp(-score))).astype(np.int64)
    dose[:20] = np.nan
    frame = pandas.DataFrame({"dose": dose})
    frame["grade"] = pandas.Series(np.array(GRADES, dtype=object)[place], dtype=object)
    frame["age"] = random.normal(size=400)
    return replace(rows, task=replace(rows.task, columns=columns), frame=frame, target=target)


@pytest.mark.parametrize("name", ["linear", "scorecard", "tree"])
@pytest.mark.parametrize("kind", ["binary", "regression"])
@pytest.mark.parametrize("expected", ["up", "down"])
def test_an_enforced_direction_is_kept(name, kind, expected):
    rows = make_directed(kind, expected)
    sign = 1 if expected == "up" else -1
    fitted = families[name].fit(rows, describe(rows, rows), QUICK)
    assert prove(fitted.record, fitted.library_scores(rows), rows) <= 1e-9
    grid = {"dose": np.linspace(-3, 3, 50), "age": np.zeros(50), "grade": np.full(50, "mid", dtype=object)}
    by_dose = link_scores(fitted.record, grid, 50)[:, 0]
    assert np.all(sign * np.diff(by_dose) >= -1e-12)
    levels = {
        "dose": np.zeros(4),
        "age": np.zeros(4),
        "grade": np.array(GRADES, dtype=object),
    }
    by_grade = link_scores(fitted.record, levels, 4)[:, 0]
    assert np.all(sign * np.diff(by_grade) >= -1e-12)
    if expected == "up":
        assert by_dose[-1] > by_dose[0]  # what agrees with the data is still learned


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("strength", [0.05, 1.0])
def test_the_elastic_net_agrees_with_scikit_learn(ratio, strength):
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(0)
    x = random.normal(size=(200, 8))
    for classes in (2, 3):
        y = np.digitize(x[:, 0] + random.normal(size=200), [0.0, 1.0][: classes - 1])
        oracle = LogisticRegression(C=strength, l1_ratio=ratio, solver="saga", max_iter=50_000, tol=1e-10)
        oracle.fit(x, y)
        kind = "binary" if classes == 2 else "multiclass"
        own = fit_penalised(kind, x, y, Penalty(strength=strength, l1_ratio=ratio))
        np.testing.assert_allclose(own.coef_, oracle.coef_, atol=2e-5)
        assert np.array_equal(own.coef_ == 0, oracle.coef_ == 0)
        np.testing.assert_allclose(own.predict_proba(x), oracle.predict_proba(x), atol=2e-5)


def test_the_elastic_net_of_values_agrees_with_scikit_learn():
    from sklearn.linear_model import ElasticNet

    random = np.random.default_rng(0)
    x = random.normal(size=(200, 8))
    x -= x.mean(axis=0)
    y = x[:, 0] + random.normal(size=200)
    y = (y - y.mean()) / y.std()
    own = fit_penalised("regression", x, y, Penalty(strength=0.02, l1_ratio=0.5))
    oracle = ElasticNet(alpha=1 / (0.02 * 200), l1_ratio=0.5, tol=1e-12, max_iter=100_000).fit(x, y)
    np.testing.assert_allclose(own.coef_[0], oracle.coef_, atol=1e-6)
    wide = fit_penalised("regression", x, 1e6 * y + 5e7, Penalty(strength=0.02, l1_ratio=0.5))
    np.testing.assert_allclose(wide.coef_, 1e6 * own.coef_, rtol=1e-4)  # the unit of the target is no matter


def test_a_column_that_the_penalty_leaves_out_is_no_term():
    rows = make_planted(400)
    settings = {"C": 0.02, "l1_ratio": 1.0}
    record = families["linear"].fit(rows, describe(rows, rows), replace(QUICK, settings=settings)).record
    assert "noise" not in [record.term_name(t) for t in record.terms]
    assert "a" in [record.term_name(t) for t in record.terms]


def test_segments_lose_least_of_all_cuts():
    random = np.random.default_rng(3)
    values, weights = random.normal(size=9), random.integers(1, 9, 9).astype(float)
    starts = segment(values, weights, most=3, smallest=1, enough=1.0)

    def loss(cuts):
        edges = [0, *cuts, 9]
        parts = [slice(a, b) for a, b in pairwise(edges)]
        means = [np.average(values[p], weights=weights[p]) for p in parts]
        return sum(
            float(np.sum(weights[p] * (values[p] - m) ** 2)) for p, m in zip(parts, means, strict=True)
        )

    every = [(i, j) for i in range(1, 8) for j in range(i + 1, 9)]
    assert loss(starts[1:]) == pytest.approx(min(map(loss, every)))
    assert segment(values, weights, most=3, smallest=weights.sum(), enough=1.0) == (0,)
