"""Fidelity, use and privacy of generated rows: rows of the truth, wrong rows, and rows that are copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_text_rows
from factories_synthetic import as_synthetic, line_rows
from scipy import stats

from interpretable.collab.controls import Bootstrap
from interpretable.collab.synthetic_measures import quality
from interpretable.errors import BrokenPromise
from interpretable.models import linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.mix import mix
from interpretable.stats import closeness

TRAIN = line_rows(100, seed=1)
FRESH = line_rows(150, seed=2, part="test")
OTHERS = replace(FRESH, row_ids=np.array([f"q{i}" for i in range(150)], dtype=object))


def test_rows_of_the_truth_are_as_the_real_ones_and_lay_nobody_open():
    found = quality(as_synthetic(line_rows(200, seed=3)), TRAIN, OTHERS, family="linear")
    assert found.told_apart.low < 0.5 < found.told_apart.high
    assert found.attack_auc.low < 0.5 < found.attack_auc.high
    assert found.copies_shown.value == found.copies_others.value == 0.0
    assert np.mean([c.generated for c in found.columns]) < 1.5 * np.mean([c.real for c in found.columns])
    assert found.pairs < 2 * found.pairs_real
    assert found.loss_gap.low < 0.1
    assert 0.8 < found.closest < 1.2


def test_copies_are_seen_as_copies_and_lay_the_shown_rows_open():
    copied = TRAIN.take(np.arange(60))
    found = quality(as_synthetic(copied), TRAIN, OTHERS, family="linear")
    assert found.copies_shown.value == 1.0
    assert found.copies_others.value == 0.0
    assert found.attack_auc.low > 0.6
    assert found.attack_tpr.value == pytest.approx(0.6, abs=0.02)
    assert found.closest == pytest.approx(0.0, abs=1e-6)


def test_rows_between_real_rows_pass_the_screen_worse_than_rows_of_the_truth():
    found = quality(Bootstrap().make(TRAIN, 200, seed=1), TRAIN, OTHERS, family="linear")
    assert found.attack_auc.low > 0.5
    assert found.closest < 0.8


def test_wrong_rows_are_told_apart_and_of_no_use():
    other = line_rows(200, seed=3)
    wrong = replace(other, frame=other.frame + 1.0, target=1 - other.target)
    found = quality(as_synthetic(wrong), TRAIN, OTHERS, family="linear")
    assert found.told_apart.low > 0.8
    assert found.loss_gap.low > 0.3


def test_the_gap_in_use_is_a_mean_over_rows_with_students_interval():
    made = as_synthetic(line_rows(80, seed=3))
    found = quality(made, TRAIN, OTHERS, family="ridge")
    from factories_synthetic import newton

    def losses(matrix, target):
        b = newton(matrix, target.astype(float), np.ones(len(matrix)))
        chance = 1 / (1 + np.exp(-(OTHERS.frame.to_numpy() @ b[:-1] + b[-1])))
        return -stats.bernoulli.logpmf(OTHERS.target, chance)

    gaps = losses(made.frame.to_numpy(), made.target) - losses(TRAIN.frame.to_numpy(), TRAIN.target)
    expected = stats.ttest_1samp(gaps, 0.0).confidence_interval(0.95)
    assert found.loss_gap.value == pytest.approx(gaps.mean())
    assert (found.loss_gap.low, found.loss_gap.high) == pytest.approx((expected.low, expected.high))


def test_tables_with_levels_and_gaps_and_texts_are_measured_too():
    train, made = make_rows(60, seed=1, part="train"), as_synthetic(make_rows(80, seed=2))
    others = replace(make_rows(60, seed=3, part="test"), row_ids=OTHERS.row_ids[:60])
    found = quality(made, train, others, family="linear")
    assert {(c.column, c.kind) for c in found.columns} == {("age", "ks"), ("kind", "tv"), ("dose", "ks")}
    notes = replace(make_text_rows(60, seed=1), part="train")
    rest = replace(make_text_rows(60, seed=3), part="test", row_ids=OTHERS.row_ids[:60])
    told = quality(as_synthetic(notes), notes, rest, family="text")
    assert told.copies_shown.value == 1.0
    assert told.columns == () and told.pairs is None
    assert told.told_apart.value is None and told.told_apart.reason == "texts_alone"


def test_what_cannot_be_measured_is_named():
    made = as_synthetic(line_rows(50, seed=3))
    with pytest.raises(BrokenPromise, match="100 rows are both"):
        quality(made, TRAIN, replace(TRAIN, part="test"), family="linear")
    with pytest.raises(BrokenPromise, match="4 generated rows, of at least 10"):
        quality(made.take(np.arange(4)), TRAIN, OTHERS, family="linear")
    with pytest.raises(BrokenPromise, match="are synthetic"):
        quality(made, mix(TRAIN, made, 1.0), OTHERS, family="linear")


# The numbers behind, against independent sources.


def test_distances_are_those_of_scipy():
    random = np.random.default_rng(0)
    one, other = random.normal(size=80).round(1), random.normal(0.3, size=50).round(1)
    assert closeness.kolmogorov(one, other) == pytest.approx(stats.ks_2samp(one, other).statistic)
    levels = [np.array(list("aabbbc")), np.array(list("abcccd"))]
    assert closeness.total_variation(*levels) == pytest.approx((1 / 6 + 2 / 6 + 2 / 6 + 1 / 6) / 2)
    rows, others = random.normal(size=(30, 4)), random.normal(size=(20, 4))
    from scipy.spatial.distance import cdist

    assert np.allclose(closeness.nearest(rows, others, block=7), cdist(rows, others).min(axis=1))


def test_the_attack_is_mann_whitney_and_counts_false_alarms():
    random = np.random.default_rng(1)
    shown, others = random.gamma(2.0, 1.0, 300), random.gamma(3.0, 1.0, 2_500)
    found = closeness.attack(shown, others)
    assert found.auc[0] == pytest.approx(stats.mannwhitneyu(others, shown).statistic / (300 * 2_500))
    named = shown < np.sort(others)[2]  # 2 of 2,500 false alarms are at most 1 in 1,000
    assert found.tpr[0] == named.mean()
    exact = stats.binomtest(int(named.sum()), 300).proportion_ci(0.95)
    assert found.tpr[1:] == pytest.approx((exact.low, exact.high))
    assert found.resolved
    assert not closeness.attack(shown, others[:50]).resolved


def test_the_attack_guesses_where_nothing_was_copied():
    random = np.random.default_rng(2)
    inside = [closeness.attack(*random.gamma(2.0, 1.0, (2, 60))).auc for _ in range(200)]
    covered = np.mean([low <= 0.5 <= high for _, low, high in inside])
    assert 0.91 <= covered <= 0.99
