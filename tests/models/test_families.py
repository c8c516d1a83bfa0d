"""Every family compiles to a record that scores as its library does, on every kind of task."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task, make_text_rows

from interpretable.errors import BrokenPromise
from interpretable.models import boosting, ebm, linear, scorecard, text, tree  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.calibrate import recalibrate
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.train import prove, train_family
from interpretable.records.additive import AdditiveModel
from interpretable.score.scorer import make_scorer, predict

QUICK = Effort(level="quick", refits=3)


def rows_of(kind: str, n: int = 240):
    return make_rows(n, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))


def quiet(message: str) -> None:
    pass


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("name", ["linear", "ebm", "xgboost"])
def test_the_record_scores_as_the_library_does(name, kind):
    everything = rows_of(kind)
    train = everything.take(np.arange(160), "train")
    fitted = families[name].fit(train, describe(train, everything), QUICK)
    gap = prove(fitted.record, fitted.library_scores(everything), everything)
    assert gap <= (1e-9 if isinstance(fitted.record, AdditiveModel) else 1e-4)
    scorer = make_scorer(fitted.record)
    spread = predict(scorer, everything.frame, len(everything)).std(axis=0)
    assert np.all(spread > 0.05)  # it has learned something, not a constant


def test_text_compiles_to_a_sum_over_tokens():
    everything = make_text_rows()
    train = everything.take(np.arange(150), "train")
    fitted = families["text"].fit(train, describe(train, everything), QUICK)
    assert prove(fitted.record, fitted.library_scores(everything), everything) <= 1e-9
    term = fitted.record.terms[0]
    weights = dict(zip(term.vocabulary, term.weights[:, 0], strict=True))
    assert weights["severe"] > 0.5 > weights["mild"]


def test_a_record_that_scores_differently_is_a_broken_promise():
    train = rows_of("binary")
    fitted = families["linear"].fit(train, describe(train, train), QUICK)
    with pytest.raises(BrokenPromise):
        prove(fitted.record, fitted.library_scores(train) + 1e-6, train)


@pytest.mark.parametrize("name", ["linear", "ebm", "xgboost"])
def test_calibration_folds_into_the_record(name):
    train = rows_of("binary")
    record = families[name].fit(train, describe(train, train), QUICK).record
    before = make_scorer(record).link_scores(train.frame, len(train))
    after = make_scorer(recalibrate(record, 0.7, -0.2)).link_scores(train.frame, len(train))
    np.testing.assert_allclose(after, 0.7 * before - 0.2, atol=1e-6 if name == "xgboost" else 1e-12)


def test_refits_are_rescaled_with_the_model():
    train = rows_of("binary")
    record = families["ebm"].fit(train, describe(train, train), QUICK).record
    scorer = make_scorer(recalibrate(record, 0.5, 1.0))
    plain, scaled = (
        make_scorer(record).refit_scores(train.frame, len(train)),
        scorer.refit_scores(train.frame, 240),
    )
    np.testing.assert_allclose(scaled, 0.5 * plain + 1.0, atol=1e-12)


def test_out_of_fold_scores_come_from_models_that_did_not_see_the_row():
    train = rows_of("binary", 300)
    random = np.random.default_rng(1)
    noise = train.take(np.arange(300))
    object.__setattr__(noise, "target", random.integers(0, 2, 300))
    folds = make_folds(noise, 3, seed=0)
    trained = train_family(
        "xgboost",
        noise,
        noise,
        features=describe(noise, noise),
        folds=folds,
        effort=QUICK,
        progress=quiet,
    )
    agreement = np.mean((trained.oof[:, 0] > 0) == (noise.target == 1))
    assert abs(agreement - 0.5) < 0.12  # noise cannot be predicted by a model that has not seen it


def test_copies_of_a_row_share_a_fold_and_classes_are_spread():
    once = rows_of("binary", 100)
    twice = once.take(np.concatenate([np.arange(100), np.arange(100)]))
    folds = make_folds(twice, 5, seed=3)
    assert np.array_equal(folds[:100], folds[100:])
    rates = [twice.target[folds == k].mean() for k in range(5)]
    assert max(rates) - min(rates) < 0.1


def test_a_level_never_seen_in_training_adds_nothing_to_a_linear_model():
    train = rows_of("binary")
    record = families["linear"].fit(train, describe(train, train), QUICK).record
    frame = train.frame.iloc[:1].copy()
    frame["kind"] = ["never seen"]
    term = next(t for t in record.terms if record.term_name(t) == "kind")
    assert np.all(term.scores[-1] == 0)
    assert np.isfinite(make_scorer(record).link_scores(frame, 1)).all()


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("name", ["linear", "ebm", "xgboost", "tree", "scorecard"])
def test_a_fold_whose_columns_are_empty_gets_one_level_for_all(name, kind):
    everything = rows_of(kind)
    if not families[name].can_fit(everything.task):
        pytest.skip("this family has no such task")
    features = describe(everything, everything)
    part = everything.take(np.arange(90), "train")
    empty = part.frame.copy()
    for column in empty:
        empty[column] = np.nan if empty[column].dtype.kind == "f" else None
    fitted = families[name].fit(replace(part, frame=empty), features, replace(QUICK, refits=0))
    scores = make_scorer(fitted.record).link_scores(everything.frame, len(everything))
    assert np.isfinite(scores).all()
    assert np.ptp(scores, axis=0).max() < 1e-4  # a solver stops a little short
