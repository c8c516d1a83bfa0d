"""Text beside a table: the sum is exact, both parts count, and neither costs much where it is noise.

The rows are simulated (tests/factories_mixed.py), so what is true is known.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_mixed import COMMON, SIGNS, make_mixed_rows, make_mixed_task
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression, Ridge

from interpretable.bundle.plain import additive_to_json, model_from_json
from interpretable.models import mixed, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import LINKS, Effort, families
from interpretable.models.beside import fit_beside
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.losses import loss
from interpretable.models.mixed import PARTS, held_scores, leave_out
from interpretable.models.monotone import check_directions
from interpretable.models.train import prove
from interpretable.records.additive import TableTerm, TokenTerm
from interpretable.records.task import Column
from interpretable.score import additive
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick", refits=0)


def fit(rows, family="mixed", effort=QUICK):
    return families[family].fit(rows, describe(rows, rows), effort)


def fresh_loss(fitted, rows) -> float:
    scores = make_scorer(fitted.record).link_scores(rows.frame, len(rows))
    return loss(LINKS[rows.task.kind], scores, rows.target)


# --- the layer ------------------------------------------------------------------------------------------


def make_matrix(n=80, p=12, seed=0):
    random = np.random.default_rng(seed)
    return sparse.random(n, p, density=0.3, random_state=random, format="csr"), random


def test_the_layer_is_the_library_s_where_the_scores_beside_it_say_nothing():
    matrix, random = make_matrix()
    target = random.integers(0, 2, 80)
    found = fit_beside("binary", matrix, target, np.zeros((80, 1)), c=3.0)
    oracle = LogisticRegression(C=3.0, tol=1e-10, max_iter=2000).fit(matrix, target)
    np.testing.assert_allclose(found.weights[:, 0], oracle.coef_[0], atol=1e-4)
    np.testing.assert_allclose(found.constant, oracle.intercept_, atol=1e-4)
    values = random.normal(5, 30, 80)
    found = fit_beside("regression", matrix, values, np.zeros((80, 1)), c=3.0)
    oracle = Ridge(alpha=1 / 3.0, tol=1e-12).fit(matrix, values)
    np.testing.assert_allclose(
        found.scores(matrix, np.zeros((80, 1)))[:, 0], oracle.predict(matrix), atol=1e-2
    )


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_layer_beside_scores_has_the_least_penalised_loss(kind):
    matrix, random = make_matrix()
    outputs = 3 if kind == "multiclass" else 1
    given = random.normal(size=(80, outputs))
    target = {
        "binary": random.integers(0, 2, 80), "multiclass": random.integers(0, 3, 80),
        "regression": given[:, 0] * 2 + random.normal(size=80),
    }[kind]  # fmt: skip
    found = fit_beside(kind, matrix, target, given, c=2.0)
    spread = float(np.std(target)) if kind == "regression" else 1.0

    def penalised(x):
        weights = x[: -outputs - 1].reshape(-1, outputs)
        scores = matrix @ weights + x[-outputs - 1 : -1] + x[-1] * given
        if kind == "regression":  # in units of the target's spread
            return np.sum((scores[:, 0] - target) ** 2) / spread**2 + np.sum(weights**2) / spread**2 / 2.0
        return 2.0 * 80 * loss(LINKS[kind], scores, target) + np.sum(weights**2) / 2

    own = penalised(np.concatenate([found.weights.ravel(), found.constant, [found.factor]]))
    width = 12 * outputs + outputs + 1
    bounds = [(None, None)] * (width - 1) + [(0, None)]
    best = minimize(penalised, np.zeros(width), method="L-BFGS-B", bounds=bounds, options={"maxfun": 10**5})
    assert own <= best.fun * (1 + 1e-5)


def test_scores_that_point_the_wrong_way_get_the_factor_zero():
    matrix, random = make_matrix()
    given = random.normal(size=(80, 1))
    target = (given[:, 0] < 0).astype(int)
    found = fit_beside("binary", matrix, target, given, c=1.0)
    assert found.factor == 0.0
    alone = fit_beside("binary", matrix, target, np.zeros((80, 1)), c=1.0)
    np.testing.assert_allclose(found.weights, alone.weights, atol=1e-4)


# --- scores of the table that its own outcome had no part in --------------------------------------------


@pytest.mark.parametrize("bags", [4, 8, 11])
def test_every_row_is_left_out_by_a_bag_and_persons_are_left_out_whole(bags):
    rows = replace(make_mixed_rows(120), groups=np.repeat([f"p{i}" for i in range(40)], 3).astype(object))
    marks = leave_out(rows, bags, seed=0)
    assert marks.shape == (120, bags)
    assert (marks == -1).any(axis=1).all()
    assert ((marks == 1).sum(axis=0) > 40).all()
    assert ((marks[:, :PARTS] == -1).sum(axis=1) <= 1).all()
    for person in np.unique(rows.groups):
        assert len(np.unique(marks[rows.groups == person], axis=0)) == 1


def test_the_scores_below_the_text_know_nothing_of_the_row_s_own_outcome():
    """On a target of pure chance, fitted rows score apart by outcome; these must not."""
    rows = make_mixed_rows(400, table=False, text=False)
    rows = replace(rows, target=np.random.default_rng(5).integers(0, 2, 400))
    usable = tuple(f for f in describe(rows, rows) if f.kind != "text")
    own = mixed.settings_for(rows, len(usable), QUICK)
    marks = leave_out(rows, own["outer_bags"], 0)
    record = mixed.fit_curves(rows, usable, QUICK, settings=own, bags=marks).record
    held = held_scores(record, rows, marks)[:, 0]
    inside = make_scorer(record).link_scores(rows.frame, 400)[:, 0]
    outcome = rows.target == 1
    gap = lambda s: s[outcome].mean() - s[~outcome].mean()  # noqa: E731 - one line says it
    error = held.std() * 2 / np.sqrt(400)
    assert abs(gap(held)) < 3 * error
    assert gap(inside) > gap(held)


# --- the family -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_both_parts_together_beat_each_of_them_on_fresh_rows(kind):
    train, new = make_mixed_rows(400, seed=1, kind=kind), make_mixed_rows(2000, seed=2, kind=kind)
    both = fit(train)
    assert prove(both.record, both.library_scores(new), new) <= 1e-9
    kinds = {type(term) for term in both.record.terms}
    assert kinds == {TableTerm, TokenTerm}
    alone = min(fresh_loss(fit(train, "ebm"), new), fresh_loss(fit(train, "text"), new))
    assert fresh_loss(both, new) < 0.98 * alone
    again = model_from_json(additive_to_json(both.record))
    scores = [make_scorer(m).link_scores(new.frame, len(new)) for m in (both.record, again)]
    np.testing.assert_array_equal(*scores)


def test_a_text_of_noise_leaves_the_table_as_it_is():
    train, new = make_mixed_rows(500, seed=3, text=False), make_mixed_rows(2000, seed=4, text=False)
    found, table = fit(train), fit(train, "ebm")
    assert found.settings["text"] is False
    assert not any(isinstance(term, TokenTerm) for term in found.record.terms)
    assert [f.name for f in found.record.features][-1] == "note"  # it is read, and counts nothing
    assert fresh_loss(found, new) < fresh_loss(table, new) + 0.01
    other = new.frame.assign(note="amber crisp")
    scores = [make_scorer(found.record).link_scores(f, len(new)) for f in (new.frame, other)]
    np.testing.assert_array_equal(*scores)


def test_a_table_of_noise_costs_next_to_nothing():
    train, new = make_mixed_rows(500, seed=5, table=False), make_mixed_rows(2000, seed=6, table=False)
    found, text_alone = fit(train), fit(train, "text")
    assert found.settings["text"]["entries"]["note: word"] > 20
    assert fresh_loss(found, new) < fresh_loss(text_alone, new) + 0.01


def test_the_families_of_one_kind_of_column_are_no_mixed_task():
    both = make_mixed_task()
    assert families["mixed"].can_fit(both)
    assert not families["mixed"].can_fit(replace(both, columns=both.columns[:1]))
    assert not families["mixed"].can_fit(replace(both, columns=both.columns[1:]))


@pytest.fixture(scope="module", params=["binary", "multiclass", "regression"])
def two_texts(request):
    rows = make_mixed_rows(200, seed=7, kind=request.param)
    columns = (*rows.task.columns, Column(name="remark", kind="text"))
    remark = pandas.Series(rows.frame["note"].to_numpy()[::-1], dtype=object)
    rows = replace(rows, task=replace(rows.task, columns=columns), frame=rows.frame.assign(remark=remark))
    return make_scorer(fit(rows).record)


WORDS = st.lists(st.sampled_from([*COMMON[:9], *SIGNS["b"], *SIGNS["c"], "?!", "新", "Ünknown"]), max_size=12)
TEXTS = st.none() | WORDS.map(" ".join)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    note=TEXTS, remark=TEXTS, dose=NUMBERS, mark=NUMBERS,
    site=st.sampled_from(["x", "y", "z", None]),
)  # fmt: skip
def test_contributions_sum_to_the_score_whatever_the_row_holds(two_texts, note, remark, dose, mark, site):
    scorer = two_texts
    row = {
        "note": np.array([note], dtype=object), "remark": np.array([remark], dtype=object),
        "dose": np.array([dose]), "mark": np.array([mark]), "site": np.array([site], dtype=object),
    }  # fmt: skip
    parts = additive.contributions(scorer.model, row, 1)[0]
    score = scorer.link_scores(row, 1)[0]
    np.testing.assert_allclose(scorer.model.intercept + parts.sum(axis=0), score, atol=1e-9)
    empty = {**row, "note": np.array([""], dtype=object), "remark": np.array([""], dtype=object)}
    tokens = sum(p for p, t in zip(parts, scorer.model.terms, strict=True) if isinstance(t, TokenTerm))
    np.testing.assert_allclose(scorer.link_scores(empty, 1)[0] + tokens, score, atol=1e-9)


def test_an_enforced_direction_holds_beside_a_text():
    columns = tuple(
        replace(c, expected="up", enforce=True) if c.name == "mark" else c for c in make_mixed_task().columns
    )
    rows = make_mixed_rows(400, task=make_mixed_task(columns=columns))
    found = fit(rows)
    check_directions(found.record, rows.task)
    at = np.linspace(-3, 3, 60)
    row = {
        "note": np.full(60, "amber", dtype=object), "dose": np.zeros(60), "mark": at,
        "site": np.full(60, "x", dtype=object),
    }  # fmt: skip
    assert (np.diff(make_scorer(found.record).link_scores(row, 60)[:, 0]) >= -1e-12).all()


def test_a_class_of_one_row_still_trains():
    rows = make_mixed_rows(80, kind="multiclass")
    target = rows.target % 2
    target[0] = 2
    rows = replace(rows, target=target)
    assert (make_folds(rows, 4, seed=0) == -1).sum() == 1
    found = fit(rows)
    assert np.isfinite(make_scorer(found.record).link_scores(rows.frame, 80)).all()


def test_a_fold_without_any_value_in_the_table_trains_on_its_text():
    rows = make_mixed_rows(200)
    frame = rows.frame.assign(dose=np.nan, mark=np.nan, site=np.full(200, None, dtype=object))
    known = describe(rows, rows)
    empty = replace(rows, frame=frame)
    found = families["mixed"].fit(empty, known, QUICK)
    assert prove(found.record, found.library_scores(rows), rows) <= 1e-9
    assert all(isinstance(term, TokenTerm) for term in found.record.terms)
