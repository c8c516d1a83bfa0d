"""Explanations say what the model does: sums are exact, reasons are what scoring again gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task

from interpretable.explain import SimilarCases, explain_case, explain_whole, look_over
from interpretable.explain.context import Context
from interpretable.explain.purify import purified
from interpretable.models import boosting, ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.score.domain import DomainCheck, fit_domain
from interpretable.score.scorer import make_scorer, predict

QUICK = Effort(level="quick", refits=4)


def columns_of(rows):
    return {name: rows.frame[name].to_numpy() for name in rows.frame}


def fit(rows, name: str, **effort):
    features = describe(rows, rows)
    scorer = make_scorer(families[name].fit(rows, features, replace(QUICK, **effort)).record)
    context = Context(
        task=rows.task,
        bundle_id="0" * 64,
        averages=(0.5, 0.3, 0.2),
        domain=fit_domain(features, columns_of(rows), len(rows)),
    )
    return scorer, context


@pytest.fixture(scope="module", params=["binary", "multiclass", "regression"])
def rows(request):
    kind = request.param
    return make_rows(
        240, task=make_task(kind=kind, positive="yes" if kind == "binary" else "", threshold=0.4)
    )


@pytest.mark.parametrize("name", ["linear", "ebm", "xgboost"])
def test_terms_sum_to_the_score_and_reasons_are_confirmed_by_scoring_again(rows, name):
    scorer, context = fit(rows, name)
    background = columns_of(rows.take(np.arange(50)))
    for i in range(5):
        row = rows.take(np.array([i]))
        found = explain_case(scorer, row, context, background=background)
        total = found.constant + sum(t.contribution for t in found.terms)
        assert total == pytest.approx(found.score, abs=1e-9 if found.glass_box else 1e-4)
        assert len(found.reasons) == len(scorer.features)
        for reason in found.reasons:
            changed = row.frame.copy()
            changed[reason.feature] = [reason.typical]
            again = np.atleast_2d(predict(scorer, changed, 1)).reshape(-1)
            output = scorer.classes.index(found.output) if scorer.link == "softmax" else 0
            assert again[output] == pytest.approx(reason.if_typical, abs=1e-9 if found.glass_box else 1e-5)
        sizes = [abs(r.effect) for r in found.reasons]
        assert sizes == sorted(sizes, reverse=True)


def test_the_decision_follows_the_declared_line():
    rows = make_rows(240, task=make_task(threshold=0.4))
    scorer, context = fit(rows, "linear")
    found = [explain_case(scorer, rows.take(np.array([i])), context) for i in range(40)]
    assert {(f.estimate >= 0.4, f.decision) for f in found} == {(True, "above"), (False, "below")}


def test_the_spread_is_the_range_of_the_refits():
    rows = make_rows(240)
    scorer, context = fit(rows, "linear")
    found = explain_case(scorer, rows.take(np.array([3])), context)
    scores = scorer.refit_scores(columns_of(rows.take(np.array([3]))), 1)[:, 0, 0]
    chances = 1 / (1 + np.exp(-scores))
    assert (found.spread.low, found.spread.high) == (
        pytest.approx(chances.min()),
        pytest.approx(chances.max()),
    )
    assert found.spread.refits == 4


def test_curves_have_the_counts_of_the_training_rows_and_a_missing_point():
    rows = make_rows(240)
    scorer, _ = fit(rows, "ebm")
    whole = explain_whole(scorer, rows)
    age = next(c for c in whole.curves if c.feature == "age")
    assert sum(p.count for p in age.points) == 240
    assert age.points[-1].kind == "missing"
    assert age.points[-1].count == np.isnan(rows.frame["age"]).sum()
    centred = sum(p.effect * p.count for p in age.points)
    assert centred == pytest.approx(0.0, abs=1e-6)


def test_the_estimates_along_a_curve_are_those_of_a_typical_case():
    rows = make_rows(240)
    scorer, _ = fit(rows, "ebm")
    kind = next(c for c in explain_whole(scorer, rows).curves if c.feature == "kind")
    typical = {
        f.name: np.array([f.typical], dtype=float if f.kind == "number" else object) for f in scorer.features
    }
    for point in (p for p in kind.points if p.kind == "level"):
        row = {**typical, "kind": np.array([point.label.split(", ")[0]], dtype=object)}
        assert predict(scorer, row, 1)[0] == pytest.approx(point.estimate)


def test_similar_cases_are_nearest_in_effects_and_never_the_case_itself():
    rows = make_rows(240)
    scorer, _ = fit(rows, "ebm")
    found = SimilarCases(scorer, rows).nearest(rows.take(np.array([7])), 3)
    assert len(found) == 3
    assert "r7" not in {case.row_id for case in found}
    assert [c.distance for c in found] == sorted(c.distance for c in found)
    assert {c.outcome for c in found} <= {"no", "yes"}


def planted(n: int, seed: int):
    """Sex and pregnancy: men are never pregnant. Smoking years never exceed age."""
    random = np.random.default_rng(seed)
    sex = random.choice(np.array(["man", "woman"], dtype=object), n)
    pregnant = np.where((sex == "woman") & (random.random(n) < 0.4), "yes", "no").astype(object)
    age = random.uniform(20, 80, n)
    years = np.clip(age - 18 - random.uniform(0, 20, n), 0, None)
    return {"sex": sex, "pregnant": pregnant, "age": age, "years": years}


def test_impossible_combinations_are_flagged_at_few_false_alarms():
    from interpretable.records.additive import Feature

    kinds = {"sex": "category", "pregnant": "category", "age": "number", "years": "number"}
    features = tuple(Feature(name=n, kind=k) for n, k in kinds.items())
    alarms = []
    for seed in range(10):
        check = DomainCheck(fit_domain(features, planted(600, seed), 600, seed=seed))
        alarms.append(1 - check.inside(planted(400, 100 + seed), 400).mean())
        odd = {
            "sex": np.array(["man", "woman"], dtype=object),
            "pregnant": np.array(["yes", "no"], dtype=object),
            "age": np.array([40.0, 22.0]),
            "years": np.array([12.0, 50.0]),
        }
        assert check.inside(odd, 2).tolist() == [False, False]
    assert np.mean(alarms) <= 0.05


def test_values_out_of_range_and_new_levels_are_named():
    rows = make_rows(240)
    check = DomainCheck(fit_domain(describe(rows, rows), columns_of(rows), 240))
    frame = rows.frame.iloc[:1].copy()
    frame["age"], frame["kind"] = [300.0], ["new"]
    (found,) = check.explain(
        columns_of(rows.take(np.array([0]))) | {n: frame[n].to_numpy() for n in frame}, 1
    )
    assert not found.inside
    assert found.outside_range == ("age",)
    assert found.unknown_levels == ("kind",)


def test_a_pair_is_drawn_on_few_steps_that_keep_all_counts():
    rows = make_rows(400)
    scorer, _ = fit(rows, "ebm", settings={"interactions": 3})
    pairs = explain_whole(scorer, rows).pairs
    assert pairs
    terms = {scorer.model.term_name(t): t for t in purified(scorer.model).terms if len(t.features) == 2}
    for pair in pairs:
        term = terms[" & ".join(pair.features)]
        assert max(len(pair.x), len(pair.y)) <= 12
        assert len(pair.effects) == len(pair.x) and len(pair.effects[0]) == len(pair.y)
        assert np.sum(pair.counts) == pytest.approx(term.weights[1:-1, 1:-1].sum())
        inner = term.scores[1:-1, 1:-1, 0]
        assert inner.min() - 1e-9 <= np.min(pair.effects) <= np.max(pair.effects) <= inner.max() + 1e-9


@pytest.mark.parametrize("name", ["linear", "ebm", "xgboost"])
def test_many_rows_looked_over_at_once_are_what_each_explanation_says(rows, name):
    scorer, context = fit(rows, name)
    some = rows.take(np.arange(12))
    background = columns_of(rows.take(np.arange(50)))
    for i, outlook in enumerate(look_over(scorer, some, context)):
        case = explain_case(scorer, some.take(np.array([i])), context, background=background)
        assert outlook.estimate == pytest.approx(case.estimate, abs=1e-12)
        assert (outlook.output, outlook.missing, outlook.domain) == (case.output, case.missing, case.domain)
        if case.spread is None:
            assert outlook.spread is None
        else:
            assert outlook.spread.low == pytest.approx(case.spread.low, abs=1e-12)
            assert outlook.spread.high == pytest.approx(case.spread.high, abs=1e-12)


def test_a_past_case_entered_again_under_another_id_is_not_shown_beside_itself():
    rows = make_rows(240)
    scorer, _ = fit(rows, "ebm")
    past = rows.take(np.arange(200))
    again = rows.take(np.array([7]))
    object.__setattr__(again, "row_ids", np.array(["new"], dtype=object))
    assert "r7" not in {case.row_id for case in SimilarCases(scorer, past).nearest(again, 5)}
    twice = past.take(np.append(np.arange(200), 7))
    object.__setattr__(twice, "row_ids", np.append(twice.row_ids[:-1], "copy"))
    assert {"r7", "copy"} <= {case.row_id for case in SimilarCases(scorer, twice).nearest(again, 5)}
