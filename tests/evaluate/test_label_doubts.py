"""Doubts about labels as evidence: counts, shares with intervals, copies; nothing that names a row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task, make_text_rows

from interpretable.evaluate.label_doubts import FEWEST, find_conflicts, find_doubts, summarise_doubts
from interpretable.records import codec
from interpretable.records.labels import LabelsEvidence


def flipped(n: int = 900, *, classes: int = 2, flips: float = 0.1, seed: int = 0):
    """Rows with a share of their labels moved, and the estimates that a calibrated model would give."""
    random = np.random.default_rng(seed)
    kind = "binary" if classes == 2 else "multiclass"
    rows = make_rows(n, task=make_task(kind=kind))
    truth, moved = random.integers(0, classes, n), random.random(n) < flips
    chances = np.full((n, classes), flips / (classes - 1))
    chances[np.arange(n), truth] = 1 - flips
    chances += random.uniform(0, 0.02, chances.shape)
    chances /= chances.sum(axis=1, keepdims=True)
    recorded = np.where(moved, (truth + random.integers(1, classes, n)) % classes, truth)
    return replace(rows, target=recorded), chances[:, 1] if classes == 2 else chances, moved


@pytest.mark.parametrize("classes", [2, 3])
def test_the_share_of_flipped_labels_lies_in_its_interval_and_the_list_holds_them(classes):
    rows, predicted, moved = flipped(classes=classes)
    told, found = summarise_doubts(rows, predicted, model="ebm"), find_doubts(rows, predicted)
    assert told.share.low < moved.mean() < told.share.high
    assert told.doubts == sum(c.doubts for c in told.classes) == len(found.rows)
    assert moved[found.rows].mean() > 0.95
    assert sum(p.doubts for p in told.pairs) == told.doubts
    assert codec.from_json(codec.to_json(told), LabelsEvidence) == told


def test_the_overall_interval_covers_in_simulation():
    kept = []
    for seed in range(200):
        rows, predicted, _ = flipped(600, classes=3, seed=seed)
        share = summarise_doubts(rows, predicted, model="ebm").share
        kept.append(share.low <= 0.1 <= share.high)
    assert 0.9 <= np.mean(kept) <= 0.995


def test_rows_of_one_person_widen_the_interval():
    rows, predicted, _ = flipped()
    alone = summarise_doubts(rows, predicted, model="ebm").classes[0].share
    order = np.argsort(rows.target * 2 + (predicted > 0.5), kind="stable")  # each person's rows agree
    groups = np.empty(len(rows), dtype=object)
    groups[order] = [f"p{i // 6}" for i in range(len(rows))]
    together = summarise_doubts(replace(rows, groups=groups), predicted, model="ebm").classes[0].share
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_few_clear_rows_of_a_class_give_no_share_and_small_pairs_are_not_listed():
    rows, predicted, _ = flipped(FEWEST)
    told = summarise_doubts(rows, predicted, model="ebm")
    assert {c.share.reason for c in told.classes} == {"too_few_rows"}
    assert all(p.doubts >= 5 for p in told.pairs)


def test_values_far_off_are_counted_and_without_a_scale_the_evidence_says_so():
    rows = make_rows(500, task=make_task(kind="regression"))
    predicted = rows.target + np.random.default_rng(0).normal(0, 1, 500)
    odd = replace(rows, target=np.where(np.arange(500) % 100 == 3, rows.target + 25, rows.target))
    told, found = summarise_doubts(odd, predicted, model="ebm"), find_doubts(odd, predicted)
    assert sorted(found.rows[:5].tolist()) == [3, 103, 203, 303, 403]
    assert told.doubts == len(found.rows) and told.share.low < told.doubts / 500 < told.share.high
    flat = summarise_doubts(odd, odd.target, model="ebm")
    assert (flat.doubts, [lack.reason for lack in flat.not_computed]) == (0, ["labels_no_scale"])


def test_copies_with_different_labels_stand_apart_also_where_only_the_case_differs():
    rows = make_text_rows(60)
    texts = rows.frame["note"].to_list()
    texts[3], texts[9], texts[20] = "Free entry NOW!", "free entry now", "another text"
    frame = pandas.DataFrame({"note": pandas.Series(texts, dtype=object)})
    target = rows.target.copy()
    target[[3, 9]] = [0, 1]
    (found,) = (c for c in find_conflicts(replace(rows, frame=frame, target=target)) if "3" in c.row_ids)
    assert (found.row_ids, found.labels) == (("3", "9"), ("no", "yes"))
    assert find_conflicts(make_rows(50, task=make_task(kind="regression"))) == ()
