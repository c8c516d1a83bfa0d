"""A search is repeatable, goes on where it stopped, and no fold picks the settings it is scored with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task

from interpretable.models import blend, boosting, ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, Fitted, families
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.losses import gain, loss
from interpretable.models.search import Setting, search, searched
from interpretable.models.spaces import draw_settings
from interpretable.models.tuned import Wish, train_searched
from interpretable.records.additive import AdditiveModel
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick", refits=0)


def quiet(message: str) -> None:
    pass


def fresh(name, make):
    return make()


class Guess:
    """A family that gives every row the number in its settings."""

    glass_box = True
    asked = 0

    def can_fit(self, task):
        return True

    def name(self, task):
        return "guess"

    def fit(self, train, features, effort):
        Guess.asked += 1
        score = float(effort.settings.get("score", 0.0))
        record = AdditiveModel(
            family="guess",
            link="logit",
            classes=train.classes,
            features=(),
            terms=(),
            intercept=np.array([score]),
        )
        return Fitted(record=record, library_scores=lambda d: np.full((len(d), 1), score))


def searched_guesses(scores, *, folds=5, n=200, keep=fresh, seed=0):
    rows = make_rows(n, seed=seed, task=make_task())
    cut = make_folds(rows, folds, seed=0)
    settings = tuple(Setting({"score": s} if s else {}) for s in scores)
    return rows, search(Guess(), rows, (), cut, settings=settings, effort=QUICK, keep=keep, progress=quiet)


def test_the_defaults_come_first_and_a_longer_list_begins_with_the_shorter():
    for key in ("ebm", "xgboost"):
        few, many = (draw_settings(key, "binary", count=n, seed=4) for n in (5, 12))
        assert few[0] == {} and many[:5] == few and len(many) == 12
        assert draw_settings(key, "binary", count=12, seed=5) != many
    assert draw_settings("linear", "binary", count=12, seed=0) == [{}]


def test_equal_losses_leave_the_defaults_in_place():
    _, found = searched_guesses([0.0, 0.0, 0.0, 0.0, 0.0])
    assert found.ranked()[0] == 0
    assert all(found.ranked(k)[0] == 0 for k in range(5))


def test_the_choice_for_a_fold_does_not_depend_on_the_losses_of_that_fold():
    _, found = searched_guesses([0.0, 0.3, -0.3, 1.0, -1.0, 2.0])
    for k in range(5):
        before = found.ranked(k)[0]
        changed = found.runs.losses.copy()
        changed[:, k] = np.random.default_rng(k).uniform(size=len(changed)) * 100
        moved = replace(found, runs=replace(found.runs, losses=changed))
        assert moved.ranked(k)[0] == before


def test_a_fold_has_no_say_in_which_trials_are_dropped_for_it():
    scores = [0.0, *np.linspace(-3, 3, 11)]
    rows, found = searched_guesses(scores)
    turned = replace(rows, target=np.where(found.folds == 0, 1 - rows.target, rows.target))
    again = search(
        Guess(), turned, (), found.folds, settings=found.settings, effort=QUICK, keep=fresh, progress=quiet
    )
    assert again.able[0] == found.able[0]
    assert again.able[1] != found.able[1]  # there the flipped outcomes do count


def test_trials_that_are_behind_are_dropped_and_the_defaults_never():
    _, found = searched_guesses([9.0, 0.0, 0.1, -0.1, 0.2, -5.0, 5.0, 4.0, -4.0])
    told = searched(found, "guess", 1)
    assert told.trials[0].status == "finished"
    assert {t.index for t in told.trials if t.status == "dropped"} >= {5, 6, 7, 8}
    assert all(t.folds == (5 if t.status == "finished" else 2) for t in told.trials)


def test_a_stopped_search_asks_only_what_is_left():
    kept: dict[str, dict] = {}

    def keep(name, make):
        if name not in kept:
            kept[name] = make()
        return kept[name]

    Guess.asked = 0
    _, first = searched_guesses([0.0, 0.5, 1.0], keep=keep)
    asked = Guess.asked
    _, second = searched_guesses([0.0, 0.5, 1.0], keep=keep)
    assert asked == 15 and Guess.asked == asked
    np.testing.assert_array_equal(first.runs.losses, second.runs.losses)


def test_many_lucky_settings_do_not_make_noise_look_predictable():
    """The loss of the best of 30 random guesses looks good on the folds that picked it, not on the others."""
    rows = make_rows(120, task=make_task())
    found_gain, naive_gain = [], []
    for seed in range(12):
        random = np.random.default_rng(seed)
        target = random.permutation(np.arange(120) % 2)
        rows = replace(rows, target=target)
        scores = random.normal(size=(31, 120, 1)) * 0.3
        scores[0] = 0.0
        cut = np.arange(120) % 5
        losses = np.array([[loss("logit", s[cut == k], target[cut == k]) for k in range(5)] for s in scores])
        _, base = searched_guesses([0.0] * 31)
        runs = replace(base.runs, scores=scores, losses=losses)
        able = tuple(tuple(range(31)) for _ in range(6))
        found = replace(base, runs=runs, able=able, folds=cut, target=target)
        found_gain.append(losses[0].mean() - found.losses(found.out_of_fold(1)).mean())
        naive_gain.append(losses[0].mean() - losses.mean(axis=1).min())
    assert np.mean(naive_gain) > 0  # what an honest figure must not show
    assert np.mean(found_gain) < 0


def test_a_gain_has_the_corrected_interval():
    before, after = np.array([0.5, 0.6, 0.55, 0.52]), np.array([0.45, 0.5, 0.56, 0.5])
    found = gain(before, after)
    d = before - after
    error = np.sqrt(d.var(ddof=1) * (1 / 4 + 1 / 3))
    assert found.value == pytest.approx(d.mean())
    assert found.high - found.value == pytest.approx(3.182446305284263 * error)


def trained_with(key, wish, *, kind="binary", n=90):
    rows = make_rows(n, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))
    folds = make_folds(rows, 3, seed=0)
    return rows, train_searched(
        key, rows, rows, features=describe(rows, rows), folds=folds, effort=QUICK, wish=wish, keep=fresh,
        progress=quiet,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_a_tuned_model_refits_from_what_it_notes(kind):
    rows, trained = trained_with("xgboost", Wish(tune=4), kind=kind)
    fitted = families[trained.family].fit(rows, describe(rows, rows), replace(QUICK, settings=trained.tuned))
    raw = make_scorer(fitted.record).link_scores(rows.frame, len(rows))
    own = make_scorer(trained.record).link_scores(rows.frame, len(rows))
    slope, intercept = trained.calibration["slope"], trained.calibration["intercept"]
    np.testing.assert_allclose(raw * slope + intercept, own, atol=1e-5)
    assert len(trained.notes["search"]["trials"]) == 4


def test_an_average_of_settings_is_one_exact_model_with_a_stated_gain():
    _, trained = trained_with("ebm", Wish(tune=4, average=True), n=80)
    assert (trained.name, trained.family) == ("ebm", "average")
    members = trained.tuned["members"]
    assert len(members) == 3 and sum(m["weight"] for m in members) == pytest.approx(1.0)
    assert trained.gap < 1e-12
    assert trained.notes["averaging"]["of"] == "settings"
    assert {"value", "low", "high"} <= set(trained.notes["averaging"]["gain"])


def test_without_a_search_an_average_is_one_of_seeds():
    _, trained = trained_with("ebm", Wish(average=True), n=60)
    assert [m["seed"] for m in trained.tuned["members"]] != [0, 0, 0]
    assert trained.notes["averaging"]["of"] == "seeds" and "search" not in trained.notes


def test_boosted_trees_keep_an_enforced_direction():
    task = make_task()
    columns = tuple(replace(c, expected="down", enforce=True) if c.name == "age" else c for c in task.columns)
    rows = make_rows(300, task=replace(task, columns=columns))
    fitted = families["xgboost"].fit(rows, describe(rows, rows), QUICK)
    scorer, frame = make_scorer(fitted.record), rows.frame.iloc[:50].copy()
    before = scorer.link_scores(frame.assign(age=40.0), 50)
    after = scorer.link_scores(frame.assign(age=70.0), 50)
    assert np.all(after <= before + 1e-6)
    free = families["xgboost"].fit(make_rows(300), describe(rows, rows), QUICK)
    rising = make_scorer(free.record)
    assert np.any(
        rising.link_scores(frame.assign(age=70.0), 50) > rising.link_scores(frame.assign(age=40.0), 50)
    )


def test_settings_of_a_search_reach_the_boosted_trees():
    rows = make_rows(150)
    found = families["xgboost"].fit(
        rows, describe(rows, rows), replace(QUICK, settings={"max_depth": 1, "eta": 0.11})
    )
    assert found.settings["max_depth"] == 1 and found.settings["eta"] == 0.11
