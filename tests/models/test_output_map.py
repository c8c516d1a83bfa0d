"""The map after the link: chosen out of fold, and the same wherever a score becomes an estimate."""

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_additive, make_columns
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.bundle import plain
from interpretable.models.output_map import FEWEST_ROWS, choose_map, fit_map
from interpretable.records import codec
from interpretable.records.additive import OutputMap
from interpretable.records.calibrators import MapTrials
from interpretable.score import additive
from interpretable.score.output import before_map, mapped, to_prediction
from interpretable.score.reasons import all_reasons
from interpretable.score.scorer import make_scorer, predict, predicted
from interpretable.stats import platt
from interpretable.stats.metrics import expit, log_loss

MAP = OutputMap(kind="isotonic", x=np.array([0.1, 0.5, 0.6, 0.9]), y=np.array([0.02, 0.3, 0.3, 0.8]))
COLUMNS = make_columns([25, 50, 71], ["a", "b", None], [1.0, np.nan, 9.0], ["chest pain", "", "no"])


def draw(n=600, *, stepped=False, seed=0):
    rng = np.random.default_rng(seed)
    link = rng.normal(0.2, 1.5, n)
    chance = np.where(link < 0.0, 0.1, 0.85) if stepped else expit(0.8 * link + 0.1)
    return link[:, None], (rng.random(n) < chance).astype(int), rng.integers(0, 5, n)


def test_a_score_that_platt_fits_keeps_platt():
    kept = sum(choose_map("logit", *draw(seed=seed)).trials.chosen == "platt" for seed in range(12))
    assert kept >= 11


def test_a_curve_that_platt_cannot_bend_to_is_replaced_and_every_way_is_told():
    choice = choose_map("logit", *draw(2000, stepped=True), name="ebm")
    assert choice.trials.chosen in ("isotonic", "venn_abers")
    assert choice.post.kind == choice.trials.chosen
    assert [t.name for t in choice.trials.trials] == ["platt", "none", "isotonic", "venn_abers"]
    chosen = next(t for t in choice.trials.trials if t.name == choice.trials.chosen)
    assert chosen.p_value < 0.05 and chosen.gain.value > 0
    assert codec.from_plain(codec.to_plain(choice.trials), MapTrials) == choice.trials


def test_each_fold_is_judged_by_a_fit_without_it():
    link, y, folds = draw(300)
    told = choose_map("logit", link, y, folds).trials.trials[0]
    losses = []
    for fold in range(5):
        slope, intercept = platt.fit_platt(link[folds != fold, 0], y[folds != fold])
        said = expit(slope * link[folds == fold, 0] + intercept)
        losses.append((log_loss(y[folds == fold], said), (folds == fold).sum()))
    expected = sum(loss * n for loss, n in losses) / 300
    assert told.log_loss == pytest.approx(expected, abs=1e-12)


def test_the_choice_is_the_same_a_second_time_and_for_other_units_of_the_folds():
    link, y, folds = draw(800, stepped=True)
    first, second = choose_map("logit", link, y, folds), choose_map("logit", link, y, folds + 7)
    assert first.trials == second.trials
    assert (first.post.x == second.post.x).all() and (first.post.y == second.post.y).all()


def test_few_rows_get_no_curve_and_one_fold_no_contest():
    link, y, folds = draw(FEWEST_ROWS - 1, stepped=True)
    trials = {t.name: t for t in choose_map("logit", link, y, folds).trials.trials}
    assert trials["isotonic"].reason == trials["venn_abers"].reason == "too_few_rows"
    alone = choose_map("logit", link, y, np.zeros(len(y), dtype=int))
    assert alone.trials.chosen == "platt"
    assert {t.reason for t in alone.trials.trials} == {"too_few_rows"}


def test_classes_choose_between_a_temperature_and_nothing_and_amounts_have_no_choice():
    rng = np.random.default_rng(0)
    links = 3.0 * rng.normal(size=(400, 3))
    y = np.array([rng.choice(3, p=row) for row in to_prediction("softmax", links / 3)])
    choice = choose_map("softmax", links, y, rng.integers(0, 5, 400))
    assert choice.trials.chosen == "temperature" and choice.post is None
    assert choice.slope == pytest.approx(1 / 3, abs=0.1)
    plain_choice = choose_map("identity", links[:, :1], links[:, 0], rng.integers(0, 5, 400))
    assert (plain_choice.slope, plain_choice.intercept, plain_choice.post) == (1.0, 0.0, None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=1, max_size=40))
@pytest.mark.parametrize("kind", ["isotonic", "venn_abers"])
def test_a_map_never_falls_and_never_says_impossible(kind, rows):
    p, y = np.array([r[0] for r in rows]), np.array([int(r[1]) for r in rows])
    found = fit_map(kind, p, y)
    assert (np.diff(found.x) > 0).all() and (np.diff(found.y) >= 0).all()
    said = mapped(np.linspace(0, 1, 101), found)
    assert (np.diff(said) >= -1e-15).all() and said.min() > 0 and said.max() < 1


@given(st.floats(0.0, 1.0))
def test_the_way_back_gives_the_least_chance_that_gets_there(goal):
    chance = before_map(goal, MAP)
    if goal > MAP.y[-1]:
        assert np.isnan(chance)
    else:
        assert mapped(np.array(chance), MAP) >= goal - 1e-12
        assert chance == 0.0 or mapped(np.array(max(chance - 1e-6, 0.0)), MAP) < goal
    assert before_map(goal, None) == goal


def test_the_estimate_is_the_map_of_the_chance_and_the_sum_stays_the_score():
    record = replace(make_additive(), post=MAP)
    scorer, bare = make_scorer(record), make_scorer(replace(record, post=None))
    link = scorer.link_scores(COLUMNS, 3)
    assert (link == bare.link_scores(COLUMNS, 3)).all()
    parts = additive.contributions(record, COLUMNS, 3).sum(axis=1) + record.intercept
    assert parts == pytest.approx(link, abs=1e-12)
    expected = np.interp(expit(link[:, 0]), MAP.x, MAP.y)
    assert (predict(scorer, COLUMNS, 3) == expected).all()
    refits = predicted(scorer, scorer.refit_scores(COLUMNS, 3))
    assert refits == pytest.approx(np.interp(expit(scorer.refit_scores(COLUMNS, 3)[..., 0]), MAP.x, MAP.y))


def test_reasons_keep_their_effects_and_show_the_estimate_after_the_map():
    record = make_additive()
    for scorer in (make_scorer(record), make_scorer(replace(record, post=MAP))):
        link = scorer.link_scores(COLUMNS, 3)
        for row, reasons in enumerate(all_reasons(scorer, COLUMNS, link)):
            for reason in reasons:
                assert reason.estimate == predict(scorer, COLUMNS, 3)[row]
                typical = to_prediction("logit", link[row : row + 1] - reason.effect, scorer.post)[0]
                assert reason.if_typical == pytest.approx(typical, abs=1e-12)


def test_a_map_survives_the_file_bit_by_bit_and_files_without_one_are_read():
    record = replace(make_additive(), post=MAP)
    text = plain.members_of(record)["json"]
    back = plain.model_from_json(text)
    assert back.post.kind == "isotonic"
    assert (back.post.x == MAP.x).all() and (back.post.y == MAP.y).all()
    assert plain.members_of(back)["json"] == text
    old = text.replace(codec.to_json({"post": codec.to_plain(MAP)})[1:-1], b'"post":null')
    assert plain.model_from_json(old).post is None
