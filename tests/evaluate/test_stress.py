"""Robustness, resilience, learning curve, size dependency and drift."""

from dataclasses import replace

import numpy as np
import pytest
from factories_diagnostics import NAMES, make_dataset, make_judged
from factories_models import make_rows

from interpretable.evaluate.drift import binned, compare_tables, with_outcome
from interpretable.evaluate.judged import Judged
from interpretable.evaluate.learning import learning_curve, nested_order, size_dependency, usable
from interpretable.evaluate.resilience import find_resilience
from interpretable.evaluate.robustness import Noise, find_robustness
from interpretable.models.features import describe
from interpretable.records.additive import AdditiveModel, Axis, Feature, LinearTerm, TableTerm
from interpretable.score.domain import DomainCheck, fit_domain
from interpretable.score.scorer import columns_of, make_scorer, predict


def make_model(rows, *, slope=1.0, constant=False):
    """A line in age and a step for one level; or nothing but a constant."""
    features = describe(rows, rows)
    place = [f.name for f in features].index("age")
    kind = [f.name for f in features].index("kind")
    one = np.array([slope / 15.0])
    line = LinearTerm(feature=place, slope=one, offset=-50 * one, missing=np.zeros(1), low=0.0, high=120.0)
    step = TableTerm(
        features=(kind,), axes=(Axis(labels=("a", "b", "c"), codes=(1, 2, 3)),),
        scores=np.array([[0.0], [0.0], [slope], [0.0], [0.0]]),
    )  # fmt: skip
    terms = () if constant else (line, step)
    return make_scorer(
        AdditiveModel(
            family="made", link="logit", classes=("no", "yes"), features=features, terms=terms,
            intercept=np.array([0.2]),
        )
    )  # fmt: skip


def judge(scorer, rows):
    return Judged(rows=rows, predicted=predict(scorer, columns_of(scorer, rows), len(rows)))


def test_a_model_that_reads_nothing_is_not_moved_by_noise():
    rows = make_rows(300)
    flat = find_robustness({"flat": make_model(rows, constant=True)}, rows, rows, ["age", "kind"])
    assert [p.size for p in flat.curve] == [0.0, 0.05, 0.1, 0.2]
    assert all(p.moved == 0.0 and p.change.value == 0.0 and p.flips.value == 0.0 for p in flat.curve)
    assert all(s.moved == 0.0 for s in flat.features)


def test_more_noise_moves_the_estimate_more_and_the_column_that_matters_moves_it_most():
    rows = make_rows(600)
    models = {"own": make_model(rows), "other": make_model(rows, constant=True)}
    found = find_robustness(models, rows, make_rows(400, seed=1), ["age", "kind", "dose"])
    own = [p for p in found.curve if p.model == "own"]
    assert [p.moved for p in own] == sorted(p.moved for p in own) and own[-1].moved > 0.02
    assert own[-1].auroc < own[0].auroc and own[-1].flips.value > 0.0
    assert own[-1].loss - own[0].loss == pytest.approx(own[-1].change.value)
    moved = {s.feature: s.moved for s in found.features}
    assert moved["dose"] == 0.0 and moved["age"] > moved["kind"] > 0.0


def test_noise_keeps_what_is_missing_and_stays_among_values_that_occur():
    rows = make_rows(400)
    noise, random = Noise(rows, describe(rows, rows)), np.random.default_rng(0)
    age, kind = rows.frame["age"].to_numpy(), rows.frame["kind"].to_numpy()
    moved = noise.of("age", age, size=0.1, random=random)
    assert (np.isnan(moved) == np.isnan(age)).all()
    assert set(moved[~np.isnan(moved)]) <= set(age[~np.isnan(age)])
    spread = np.nanstd(moved - age) / np.nanstd(age)
    assert 0.1 < spread < 0.6
    switched = noise.of("kind", kind, size=0.2, random=random)
    assert all((a is None) == (b is None) for a, b in zip(kind, switched, strict=True))
    assert 0.05 < np.mean([a != b for a, b in zip(kind, switched, strict=True)]) < 0.2


def test_noise_leaves_the_distribution_of_a_column_as_it_was():
    rows = make_rows(3000)
    noise = Noise(rows, describe(rows, rows))
    dose = rows.frame["dose"].to_numpy()
    moved = noise.of("dose", dose, size=0.2, random=np.random.default_rng(1))
    assert np.quantile(moved, [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(dose, [0.1, 0.5, 0.9]), rel=0.08)


def make_resilience(rows, test, scorer, **changes):
    columns = {name: rows.frame[name].to_numpy() for name in rows.frame}
    check = DomainCheck(fit_domain(describe(rows, rows), columns, len(rows)))
    given = {"check": check, "resamples": 199, **changes}
    return find_resilience(
        scorer, judge(scorer, rows), {"own": judge(scorer, test)}, ["age", "kind", "dose"], **given
    )


def test_the_worst_rows_are_worse_and_an_emptied_column_costs_what_rescoring_says():
    rows, test = make_rows(600), make_rows(300, seed=1)
    scorer = make_model(rows)
    found = make_resilience(rows, test, scorer)
    worst = [s for s in found.shares if s.scenario == "worst"]
    assert [s.share for s in worst] == [0.1, 0.2, 0.3] and worst[0].n == 30
    losses = np.sort(judge(scorer, test).loss)[::-1]
    assert worst[0].loss.value == pytest.approx(losses[:30].mean())
    assert {"outer", "cluster"} <= {s.scenario for s in found.shares}
    emptied = {**columns_of(scorer, test), "age": np.full(300, np.nan)}
    loss = judge(scorer, test).with_predicted(predict(scorer, emptied, 300)).loss.mean()
    age = next(m for m in found.missing if m.feature == "age")
    assert age.change.value == pytest.approx(loss - found.loss)
    assert next(m for m in found.missing if m.feature == "dose").change.value == 0.0


def test_columns_that_drive_the_worst_rows_stand_above_their_floor():
    rows, test = make_rows(600), make_rows(400, seed=1)
    scorer = make_model(rows)
    told = judge(scorer, test)
    bad = (test.frame["kind"] == "c").to_numpy()
    wrong = told.with_predicted(np.where(bad, np.where(test.target == 1, 0.05, 0.95), told.predicted))
    columns = {name: rows.frame[name].to_numpy() for name in rows.frame}
    check = DomainCheck(fit_domain(describe(rows, rows), columns, len(rows)))
    names = ["age", "kind", "dose"]
    found = find_resilience(scorer, judge(scorer, rows), {"own": wrong}, names, check=check, resamples=199)
    first = found.drivers[0]
    assert first.feature == "kind" and first.psi > first.floor and "c" in first.groups


def test_a_few_test_rows_get_no_resilience():
    rows = make_rows(200)
    assert make_resilience(rows, make_rows(20, seed=1), make_model(rows)) is None


def test_nested_parts_keep_the_classes_in_proportion_and_groups_whole():
    rows = make_rows(400)
    order = nested_order(rows, seed=0)
    assert sorted(order) == list(range(400))
    for size in (100, 200, 300):
        assert rows.target[order[:size]].mean() == pytest.approx(rows.target.mean(), abs=0.02)
    grouped = replace(rows, groups=np.repeat([f"g{i}" for i in range(80)], 5).astype(object))
    first = grouped.groups[nested_order(grouped, seed=0)][:200]
    assert len(set(first)) == 40
    assert not usable(rows, np.flatnonzero(rows.target == 1)) and usable(rows, order[:100])


def test_the_verdict_of_the_learning_curve_follows_its_last_step():
    good, bad = make_judged(600), make_judged(600, weak=2.0)
    found = learning_curve({200: [bad], 400: [bad, bad], 800: [good]})
    assert [p.rows for p in found.points] == [200, 400, 800] and found.verdict == "helps"
    assert found.last_step.value == pytest.approx(bad.loss.mean() - good.loss.mean())
    assert found.points[1].repeats == 2
    assert learning_curve({200: [bad], 400: [good], 800: [bad]}).verdict == "no_gain"
    random = np.random.default_rng(0)
    noisy = [
        good.with_predicted(np.clip(good.predicted + random.normal(0, 0.3, 600), 0.02, 0.98)) for _ in "ab"
    ]
    assert learning_curve({400: noisy[:1], 800: noisy[1:]}).verdict == "unclear"
    assert learning_curve({400: [good]}) is None


def test_size_dependency_ends_at_the_whole_model_and_says_how_many_columns_do():
    rows, test = make_rows(800), make_rows(400, seed=1)
    scorer = make_model(rows, slope=2.0)
    told = judge(scorer, test)
    drawn = (np.random.default_rng(0).random(400) < told.predicted).astype(np.int64)
    told = Judged(rows=replace(test, target=drawn), predicted=told.predicted)
    found = size_dependency(scorer, rows, told, ["age", "kind", "dose"])
    assert [p.added for p in found.points] == ["", "age", "kind", "dose"]
    assert found.points[-1].loss.value == pytest.approx(told.loss.mean())
    assert found.points[-1].behind.value == pytest.approx(0.0, abs=1e-12)
    assert found.points[0].auroc == 0.5 and found.enough == 2
    assert size_dependency(scorer, rows, told, ["age"]) is None


FEATURES = (
    Feature(name="age", kind="number"), Feature(name="dose", kind="number"),
    Feature(name="sex", kind="category"),
    Feature(name="ward", kind="category"),
)  # fmt: skip


def make_columns(n, seed):
    frame = make_dataset(n, seed=seed).frame
    return {name: frame[name].to_numpy() for name in frame}


def test_tables_without_drift_are_told_apart_in_about_one_of_twenty():
    smallest, told = [], []
    for seed in range(40):
        found = compare_tables(
            make_columns(200, 2 * seed), make_columns(100, 2 * seed + 1), FEATURES, resamples=19, seed=seed
        )
        smallest.append(found.columns[0].p_value)
        told.append(found.tell.p_value)
    assert (np.array(smallest) <= 0.05).sum() <= 6
    assert (np.array(told) <= 0.05).sum() <= 6 and 0.3 < np.mean(told) < 0.7


def test_planted_drift_is_found_and_its_column_is_named():
    old, new = make_columns(500, 0), make_columns(200, 1)
    new["dose"] = new["dose"] * 1.8
    found = compare_tables(old, new, FEATURES)
    assert found.columns[0].column == "dose" and found.columns[0].psi > found.columns[0].floor
    assert found.columns[0].p_value < 0.001 and found.columns[1].p_value > 0.05
    assert found.tell.p_value == 0.005 and found.tell.auroc.low > 0.5
    assert found.tell.columns[0][0] == "dose"


def test_a_column_that_goes_missing_and_a_new_level_are_drift():
    old, new = make_columns(500, 0), make_columns(200, 1)
    new["age"] = np.where(np.arange(200) < 60, np.nan, new["age"])
    new["ward"] = np.where(np.arange(200) < 40, "e", new["ward"]).astype(object)
    changed = {c.column for c in compare_tables(old, new, FEATURES).columns if c.p_value < 0.01}
    assert changed == {"age", "ward"}


def test_constant_empty_and_tiny_tables_are_compared_without_a_crash():
    old, new = make_columns(100, 0), make_columns(100, 1)
    for columns in (old, new):
        columns["age"], columns["dose"] = np.full(100, 3.0), np.full(100, np.nan)
    found = compare_tables(old, new, FEATURES)
    by = {c.column: c for c in found.columns}
    assert by["age"].psi == by["dose"].psi == 0.0 and by["age"].p_value == 1.0
    assert compare_tables(make_columns(10, 0), make_columns(10, 1), FEATURES) is None
    assert compare_tables(old, new, [Feature(name="note", kind="text")]) is None
    only = compare_tables(old, new, FEATURES[:1])
    assert only.tell is None


def test_bins_of_rare_levels_are_one_and_missing_is_its_own():
    old = np.array(["a"] * 50 + ["b"] * 50 + [None] * 10 + ["c", "d"], dtype=object)
    a, b, bins = binned("category", old, np.array(["a"] * 20 + ["z"], dtype=object))
    assert bins == 4 and len({a[-1], a[-2], b[-1]}) == 1 and a[100] != a[-1]


def test_the_outcome_and_the_estimate_drift_too():
    reference, new = make_judged(600), make_judged(300, seed=1)
    shifted = replace(new, rows=replace(new.rows, target=(np.arange(300) < 240).astype(np.int64)))
    tables = [{n: j.rows.frame[n].to_numpy() for n in NAMES} for j in (reference, shifted)]
    found = with_outcome(compare_tables(*tables, FEATURES), reference, shifted)
    assert found.target.p_value < 0.001 and found.estimate.p_value > 0.01
