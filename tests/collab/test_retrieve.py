"""Examples for a language model: the nearest training rows, of every class alike, never the case itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task, make_text_rows

from interpretable.collab.retrieve import NearestShots, nearest_shots
from interpretable.errors import BrokenPromise
from interpretable.models import linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.task import Column
from interpretable.score.scorer import columns_of, make_scorer


def scorer_of(rows, family="linear"):
    effort = Effort(level="quick", refits=2)
    return make_scorer(families[family].fit(rows, describe(rows, rows), effort).record)


def make_case(position):
    """A row that is in no training part."""
    ids = np.array(["new"], dtype=object)
    return replace(make_rows(5, seed=9).take(np.array([position])), row_ids=ids)


@pytest.fixture(scope="module")
def rows():
    return make_rows(120, part="train")


@pytest.fixture(scope="module")
def scorer(rows):
    return scorer_of(rows)


def test_examples_are_the_nearest_of_each_class_by_a_plain_search(rows, scorer):
    case = make_case(2)
    found = nearest_shots(scorer, rows, case, k=6, classes=rows.classes)
    effects = scorer.effects(columns_of(scorer, rows), len(rows)).reshape(len(rows), -1)
    own = scorer.effects(columns_of(scorer, case), 1).reshape(1, -1)
    distance = np.linalg.norm(effects - own, axis=1)
    expected = [
        i for c in (0, 1) for i in sorted(np.flatnonzero(rows.target == c), key=distance.__getitem__)[:3]
    ]
    assert set(found.tolist()) == set(expected)
    assert distance[found].tolist() == sorted(distance[found], reverse=True)


def test_neither_the_case_nor_its_group_nor_a_copy_is_shown(rows, scorer):
    groups = np.array([f"g{i // 4}" for i in range(len(rows))], dtype=object)
    grouped = replace(rows, groups=groups)
    case = grouped.take(np.array([40]))
    shots = NearestShots(scorer, grouped)
    every = shots.positions(case, len(rows), rows.classes)
    assert not set(every.tolist()) & {40, 41, 42, 43}
    again = replace(case, row_ids=np.array(["new"], dtype=object), groups=None)
    assert 40 not in shots.positions(again, len(rows), rows.classes)
    assert {41, 42, 43} <= set(shots.positions(again, len(rows), rows.classes).tolist())


def test_with_many_columns_a_row_that_differs_in_one_is_a_copy_too():
    names = ("a", "b", "c", "d", "e")
    columns = tuple(Column(name=name, kind="number") for name in names)
    rows = make_rows(60, part="train")
    random = np.random.default_rng(0)
    frame = rows.frame.iloc[:, :0].assign(**{name: random.normal(size=60).round(2) for name in names})
    rows = replace(rows, frame=frame, task=make_task(columns=columns))
    fitted = scorer_of(rows)
    changed = frame.iloc[[7]].reset_index(drop=True).assign(a=5.0)
    case = replace(rows.take(np.array([7])), frame=changed, row_ids=np.array(["new"], dtype=object))
    assert 7 not in nearest_shots(fitted, rows, case, k=60, classes=rows.classes)
    twice = replace(case, frame=changed.assign(b=-5.0))
    assert 7 in nearest_shots(fitted, rows, twice, k=60, classes=rows.classes)


def test_a_text_with_the_same_words_in_another_order_is_a_copy():
    rows = replace(make_text_rows(80), part="train")
    fitted = scorer_of(rows, "text")
    said = rows.frame["note"].iloc[3].split()
    turned = rows.take(np.array([3])).frame.assign(note=" ".join(said[::-1]).upper())
    case = replace(rows.take(np.array([3])), frame=turned, row_ids=np.array(["new"], dtype=object))
    assert 3 not in nearest_shots(fitted, rows, case, k=80, classes=rows.classes)


def test_a_class_with_few_rows_gives_what_it_has_and_values_are_not_balanced(rows, scorer):
    few = rows.take(np.r_[np.flatnonzero(rows.target == 1)[:2], np.flatnonzero(rows.target == 0)])
    case = make_case(0)
    found = nearest_shots(scorer, few, case, k=8, classes=few.classes)
    assert np.bincount(few.target[found]).tolist() == [6, 2]
    assert len(nearest_shots(scorer, few, case, k=4, classes=())) == 4


def test_examples_from_another_part_are_refused(rows, scorer):
    with pytest.raises(BrokenPromise, match="training part"):
        NearestShots(scorer, replace(rows, part="test"))
