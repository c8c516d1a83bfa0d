"""Generated rows come in by one door, with a weight; what is chosen or held out is real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task, make_text_rows
from factories_synthetic import as_synthetic, line_rows

from interpretable.errors import BrokenPromise
from interpretable.evaluate import by_group
from interpretable.evaluate.calibrated import curves_of
from interpretable.evaluate.intersections import crossings
from interpretable.evaluate.selective import ask
from interpretable.models import (  # noqa: F401 - importing a family registers it
    boosting,
    ebm,
    linear,
    scorecard,
    text,
    tree,
)
from interpretable.models.base import Effort, families, takes_weights
from interpretable.models.ebm import real_bags
from interpretable.models.features import describe
from interpretable.models.folds import learned_from, make_folds
from interpretable.models.mix import Extra, fit_with_extra, mix, row_weights
from interpretable.models.penalised import Penalty, fit_penalised
from interpretable.models.train import conclude, out_of_fold
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick", refits=0)


def mixed_rows(weight=0.5, n=60, m=40, **given):
    return mix(line_rows(n, seed=1, **given), as_synthetic(line_rows(m, seed=2, **given)), weight)


def test_generated_rows_keep_the_balance_of_the_real_classes():
    train, made = line_rows(200, seed=1, prevalence=0.2), as_synthetic(line_rows(150, seed=2, prevalence=0.7))
    both = mix(train, made, 0.25)
    weights = both.weights[~both.is_real]
    for label in (0, 1):
        assert np.isclose(weights[made.target == label].sum(), 0.25 * (train.target == label).sum())
    assert (both.weights[both.is_real] == 1.0).all()
    assert both.real.row_ids.tolist() == train.row_ids.tolist()
    assert len(set(both.row_ids.tolist())) == len(both)


def test_no_generated_row_weighs_more_than_a_real_one():
    train, made = line_rows(300, seed=1), as_synthetic(line_rows(12, seed=2))
    weights = row_weights(train, made, 1.0)
    assert np.isclose(weights.max(), 1.0)
    shares = [weights[made.target == label].sum() / (train.target == label).sum() for label in (0, 1)]
    assert np.isclose(*shares)


def test_weight_nought_is_the_training_rows_themselves():
    train = line_rows(20, seed=1)
    assert mix(train, as_synthetic(line_rows(5, seed=2)), 0.0) is train


@pytest.mark.parametrize("part", ["all", "calibration", "test"])
def test_generated_rows_enter_the_training_part_only(part):
    with pytest.raises(BrokenPromise, match="belong in 'train' only"):
        mix(line_rows(20, seed=1, part=part), as_synthetic(line_rows(20, seed=2)), 0.5)


def test_what_cannot_be_mixed_is_named():
    train, made = line_rows(20, seed=1), as_synthetic(line_rows(20, seed=2))
    with pytest.raises(BrokenPromise, match="a class has no generated row"):
        mix(train, made.take(np.flatnonzero(made.target == 1)), 0.5)
    with pytest.raises(BrokenPromise, match="the weight is -1"):
        mix(train, made, -1)
    with pytest.raises(BrokenPromise, match="lack x3"):
        mix(train, replace(made, frame=made.frame.drop(columns="x3")), 0.5)
    with pytest.raises(BrokenPromise, match="hold generated rows already"):
        mix(mix(train, made, 0.5), made, 0.5)


def test_generated_rows_have_no_fold_and_do_not_change_those_of_the_real_ones():
    train = line_rows(60, seed=1)
    both = mix(train, as_synthetic(line_rows(40, seed=2)), 0.5)
    folds = make_folds(both, 5, seed=3)
    assert (folds[~both.is_real] == -1).all()
    assert folds[both.is_real].tolist() == make_folds(train, 5, seed=3).tolist()


def test_a_generated_row_is_not_learned_from_while_a_row_it_was_made_from_is_held_out():
    train = line_rows(30, seed=1)
    made = as_synthetic(line_rows(30, seed=2), shown=tuple((f"p{i}", f"p{(i + 1) % 30}") for i in range(30)))
    both = mix(train, made, 0.5)
    held = np.isin(both.row_ids, ["p4", "p9"])
    learned = learned_from(both, held)
    assert not held[learned].any()
    left_out = set(range(30)) - {i - 30 for i in learned if i >= 30}
    assert left_out == {3, 4, 8, 9}


def test_a_generated_row_cannot_be_held_out():
    both = mixed_rows()
    with pytest.raises(BrokenPromise, match="cannot be held out"):
        learned_from(both, ~both.is_real)
    with pytest.raises(BrokenPromise, match="cannot be held out"):
        out_of_fold(
            families["linear"], both, describe(both, both), np.arange(len(both)) % 3, effort=QUICK,
            progress=lambda note: None,
        )  # fmt: skip


def test_bags_stop_by_real_rows_of_every_class_only():
    both = mixed_rows(n=50, m=80)
    marks = real_bags(both, bags=8, seed=0)
    assert (marks[~both.is_real] == 1).all()
    for bag in marks.T:
        assert set(both.target[bag == -1]) == {0, 1}
        assert 0.1 < np.mean(bag[both.is_real] == -1) < 0.2


@pytest.mark.parametrize(
    "measured",
    [
        lambda rows, p: by_group(rows, p),
        lambda rows, p: curves_of(rows, p, part="test"),
        lambda rows, p: ask(rows, p, np.ones(len(rows), dtype=bool)),
        lambda rows, p: crossings(rows, p),
    ],
    ids=["groups", "calibration", "selective", "intersections"],
)
def test_no_measure_takes_generated_rows(measured):
    both = mixed_rows()
    with pytest.raises(BrokenPromise, match="rows of the 'train' part are synthetic"):
        measured(both, np.full(len(both), 0.5))


def test_calibration_and_output_map_take_no_generated_rows():
    both = mixed_rows()
    fitted = families["linear"].fit(both, describe(both, both), QUICK)
    with pytest.raises(BrokenPromise, match="cannot be held out"):
        conclude(
            "linear", fitted, np.zeros((len(both), 1)), train=both, everything=both,
            folds=np.arange(len(both)) % 3, tuned={}, seconds=0.0,
        )  # fmt: skip


@pytest.mark.parametrize("key", ["linear", "ebm", "xgboost"])
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_weight_matters_and_a_tiny_one_does_not(key, kind):
    task = make_task(kind=kind, positive="yes" if kind == "binary" else "")
    train = make_rows(120, seed=1, task=task, part="train")
    other = make_rows(120, seed=2, task=task)
    wrong = other.target[::-1].copy() if kind != "regression" else other.target + 20
    made = as_synthetic(replace(other, target=wrong))
    features, fixed = describe(train, train), {"linear": {"C": 1.0}, "ebm": {"interactions": 0}}
    effort = replace(QUICK, settings=fixed.get(key, {}))
    scores = {}
    for weight in (0.0, 1e-9, 1.0):
        record = families[key].fit(mix(train, made, weight), features, effort).record
        scores[weight] = make_scorer(record).link_scores(train.frame, len(train))
    assert np.abs(scores[1.0] - scores[0.0]).max() > 0.1
    if key == "linear":  # the others draw other bags or folds once there are generated rows
        assert np.abs(scores[1e-9] - scores[0.0]).max() < 1e-3


def test_words_of_generated_texts_are_learned():
    train = make_text_rows(80, seed=1)
    train = replace(train, part="train")
    other = make_text_rows(80, seed=2)
    frame = other.frame.assign(
        note=[
            t + (" ambulance called" if y else "")
            for t, y in zip(other.frame.note, other.target, strict=True)
        ]
    )
    both = mix(train, as_synthetic(replace(other, frame=frame)), 1.0)
    fitted = families["text"].fit(both, describe(train, train), QUICK)
    new = replace(
        train.take(np.array([0, 0])), frame=frame.iloc[:2].assign(note=["a day", "a ambulance day"])
    )
    plain, hot = fitted.library_scores(new)[:, 0]
    assert hot > plain


@pytest.mark.parametrize("kind", ["binary", "regression"])
@pytest.mark.parametrize("ratio", [0.0, 0.5])
def test_a_weight_of_two_is_a_row_that_stands_twice(kind, ratio):
    train = line_rows(80, seed=1, kind=kind)
    matrix, double = train.frame.to_numpy(), np.arange(len(train)) < 30
    twice = np.concatenate([matrix, matrix[double]]), np.concatenate([train.target, train.target[double]])
    # The penalty is C times a sum of losses, so that only the rows count, not their number.
    penalty = Penalty(strength=1.0, l1_ratio=ratio)
    one = fit_penalised(kind, matrix, train.target, penalty, weights=np.where(double, 2.0, 1.0))
    other = fit_penalised(kind, *twice, penalty)
    assert np.allclose(one.coef_, other.coef_, atol=1e-5)
    assert np.allclose(one.intercept_, other.intercept_, atol=1e-5)


@pytest.mark.parametrize("key", ["scorecard", "tree"])
def test_a_family_that_honours_no_weights_refuses_them(key):
    both = mixed_rows()
    assert not takes_weights(key)
    with pytest.raises(BrokenPromise, match="cannot learn from weighted rows"):
        families[key].fit(both, describe(both, both), QUICK)


def test_a_fit_on_a_part_takes_generated_rows_that_were_made_from_that_part():
    train = line_rows(40, seed=1)
    made = as_synthetic(line_rows(40, seed=2), shown=tuple((f"p{i}",) for i in range(40)))
    extra = Extra(pool=made, share=1.0, weight=0.5, families=("linear",))
    part = train.take(np.arange(25))
    both = extra.beside(part)
    assert (~both.is_real).sum() == 25
    assert set().union(*both.made_from) <= set(part.row_ids.tolist())
    effort, features = replace(QUICK, extra=extra, settings={"C": 1.0}), describe(train, train)
    with_extra = fit_with_extra(families["linear"], part, features, effort).record
    without = fit_with_extra(families["linear"], part, features, replace(effort, extra=None)).record
    tree_of = fit_with_extra(families["tree"], part, features, replace(effort, settings={}))
    assert not np.allclose(with_extra.intercept, without.intercept)
    assert tree_of.record.family == "tree"
    fewer = replace(part, classes=("no",), target=np.zeros(25, dtype=np.int64))
    assert extra.beside(fewer) is fewer
