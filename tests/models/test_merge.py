"""Glass boxes added up to one score every row as the weighted sum of them does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_additive, make_columns, make_rows, make_task
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.errors import BrokenPromise
from interpretable.explain import explain_whole
from interpretable.models import boosting, ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.merge import merge
from interpretable.records.additive import AdditiveModel, Axis, TableTerm
from interpretable.score.additive import link_scores, refit_scores
from interpretable.score.scorer import make_scorer

ODD = make_columns(
    [float("nan"), -np.inf, np.inf, 20, 30, 45.5, 55, 70, 100, -0.0],
    [None, "a", "b", "c", "never seen", "d", "", "a", "b", "c"],
    [0.5, float("nan"), 3, -4, 1.0, np.inf, -np.inf, 2, 1, 0],
    ["chest pain", "", None, "no pain", "other", "pain", "chest", "no", "pain pain", "chest pain"],
)
N = len(ODD["age"])


def other(outputs: int = 1, bags: int = 5) -> AdditiveModel:
    """Other cuts, other levels, the pair the other way round, another line."""
    model = make_additive(outputs=outputs, bags=bags, seed=7)
    number, levels, line, pair, words = model.terms
    random = np.random.default_rng(9)
    cuts = Axis(cuts=np.array([20.0, 50.0, 55.0, 99.0]))
    number = replace(
        number,
        axes=(cuts,),
        scores=random.normal(size=(7, outputs)),
        bags=random.normal(size=(bags, 7, outputs)),
    )
    axis = Axis(labels=("d", "a", "b"), codes=(1, 2, 2))
    levels = replace(
        levels,
        axes=(axis,),
        scores=random.normal(size=(4, outputs)),
        bags=random.normal(size=(bags, 4, outputs)),
    )
    turned = TableTerm(
        features=pair.features[::-1], axes=pair.axes[::-1], scores=np.swapaxes(pair.scores, 0, 1),
        bags=np.swapaxes(pair.bags, 1, 2),
    )  # fmt: skip
    return replace(model, terms=(levels, turned, replace(line, high=8.0), words, number))


def summed(parts: list[tuple[AdditiveModel, float]]) -> np.ndarray:
    return np.asarray(sum(w * link_scores(m, ODD, N) for m, w in parts))


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_merge_scores_odd_rows_as_the_weighted_sum(outputs):
    parts = [
        (make_additive(outputs=outputs), 0.3),
        (other(outputs), 0.7),
        (make_additive(outputs=outputs, seed=5), 2.0),
    ]
    merged = merge(parts, family="blend")
    np.testing.assert_allclose(link_scores(merged, ODD, N), summed(parts), atol=1e-13)
    # one table for age, kind and the pair, two lines of different ranges, one text
    assert len(merged.terms) == 6


@given(st.lists(st.floats(0.0, 3.0), min_size=2, max_size=4), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_any_weights_and_cuts_merge_exactly(weights, seed):
    random = np.random.default_rng(seed)
    parts = []
    for j, weight in enumerate(weights):
        model = make_additive(seed=seed + j)
        cuts = Axis(cuts=np.unique(random.normal(50, 20, random.integers(1, 6))))
        table = replace(model.terms[0], axes=(cuts,), scores=random.normal(size=(cuts.cells, 1)), bags=None)
        parts.append((replace(model, terms=(table, *model.terms[1:])), weight))
    np.testing.assert_allclose(link_scores(merge(parts, family="x"), ODD, N), summed(parts), atol=1e-12)


def test_refits_are_summed_refit_by_refit_and_shorter_lists_start_again():
    first, second = make_additive(bags=2), other(bags=4)
    merged = merge([(first, 0.5), (second, 0.5)], family="blend")
    one, two = refit_scores(first, ODD, N), refit_scores(second, ODD, N)
    expected = 0.5 * one[[0, 1, 0, 1]] + 0.5 * two
    np.testing.assert_allclose(refit_scores(merged, ODD, N), expected, atol=1e-13)


def test_a_member_without_refits_stays_as_it_is_in_every_refit():
    lean = make_additive()
    lean = replace(
        lean,
        bag_intercept=None,
        terms=tuple(replace(t, bags=None) if hasattr(t, "bags") else t for t in lean.terms),
    )
    full = other(bags=3)
    found = refit_scores(merge([(lean, 1.0), (full, 1.0)], family="blend"), ODD, N)
    np.testing.assert_allclose(found, link_scores(lean, ODD, N) + refit_scores(full, ODD, N), atol=1e-13)


def test_tables_beyond_the_cap_stay_apart_and_the_sum_stays_exact():
    parts = [(make_additive(), 0.5), (other(), 0.5)]
    merged = merge(parts, family="blend", most_cells=10)
    assert len(merged.terms) > len(merge(parts, family="blend").terms)
    np.testing.assert_allclose(link_scores(merged, ODD, N), summed(parts), atol=1e-13)


def test_models_of_different_links_are_refused():
    with pytest.raises(BrokenPromise, match="links"):
        merge([(make_additive(), 0.5), (make_additive(outputs=3), 0.5)], family="blend")


def test_counts_are_those_of_the_rows_and_a_feature_keeps_one_curve():
    rows = make_rows(200, task=make_task())
    features = describe(rows, rows)
    parts = [
        (families[key].fit(rows, features, Effort(level="quick", refits=3)).record, 0.5)
        for key in ("ebm", "linear")
    ]
    merged = merge(parts, family="blend", rows=rows)
    for term in merged.terms:
        if isinstance(term, TableTerm):
            assert term.weights.sum() == len(rows)
    missing = next(t for t in merged.terms if isinstance(t, TableTerm) and merged.term_name(t) == "age")
    assert missing.weights[0] == rows.frame["age"].isna().sum()
    curves = [c.feature for c in explain_whole(make_scorer(merged), rows).curves]
    assert sorted(curves) == ["age", "dose", "kind"]
