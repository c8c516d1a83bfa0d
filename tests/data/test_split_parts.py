from __future__ import annotations

import dataclasses
import time

import numpy as np
import pandas as pd
import pytest
from factories_tables import clean_frame, make_dataset
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable import data
from interpretable.data.rows import row_keys
from interpretable.errors import DataError


@st.composite
def small_frames(draw):
    n = draw(st.integers(12, 60))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return pd.DataFrame(
        {
            "id": [f"p{i}" for i in rng.permutation(n)],
            "g": rng.integers(0, max(6, n // 3), n).astype(str),
            "when": rng.integers(0, 40, n),
            "a": rng.integers(0, draw(st.integers(6, 50)), n),
            "y": np.r_[0, 1, 2, rng.integers(0, 3, n - 3)],
        }
    )


def parts_of(dataset, seed=0):
    return data.parts(dataset, data.split(dataset, seed=seed))


@settings(max_examples=60, deadline=None)
@given(small_frames(), st.integers(0, 5), st.sampled_from(["", "g"]))
def test_parts_are_disjoint_complete_and_train_has_every_class(frame, seed, group):
    dataset = make_dataset(frame, kind="multiclass", positive="", id="id", group=group)
    try:
        train, calibration, test = parts_of(dataset, seed)
    except DataError:
        return
    ids = [row for part in (train, calibration, test) for row in part.row_ids]
    assert sorted(ids) == sorted(dataset.row_ids)
    assert min(len(train), len(calibration), len(test)) > 0
    assert set(train.target) == set(dataset.target)
    assert [part.part for part in (train, calibration, test)] == ["train", "calibration", "test"]
    unit = (
        (lambda part: set(part.groups)) if group else (lambda part: set(map(tuple, part.features.to_numpy())))
    )
    assert not unit(train) & unit(test)
    assert not unit(train) & unit(calibration)
    assert not unit(calibration) & unit(test)


@settings(max_examples=40, deadline=None)
@given(small_frames())
def test_time_goes_forward_from_part_to_part(frame):
    dataset = make_dataset(frame, kind="regression", positive="", id="id", time="when")
    try:
        train, calibration, test = parts_of(dataset)
    except DataError:
        return
    assert train.times.max() < calibration.times.min()
    assert calibration.times.max() < test.times.min()


@pytest.mark.parametrize("fields", [{}, {"group": "town"}])
def test_the_split_depends_on_ids_and_seed_not_on_the_order_of_rows(fields):
    frame = clean_frame(0).assign(key=[f"k{i}" for i in range(300)])
    shuffled = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    first, second = (data.split(make_dataset(f, id="key", **fields), seed=3) for f in (frame, shuffled))
    assert first.fingerprint == second.fingerprint
    assert set(first.test) == set(second.test)
    other = data.split(make_dataset(frame, id="key", **fields), seed=4)
    assert other.fingerprint != first.fingerprint


def test_shares_and_classes_are_as_promised():
    frame = clean_frame(1, 3000).assign(y=lambda f: (f["x"] > 1.5).astype(int))
    dataset = make_dataset(frame)
    made = data.split(dataset, seed=0)
    assert made.method == "stratified"
    shares = [len(ids) / 3000 for ids in (made.train, made.calibration, made.test)]
    assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.005)
    rates = [part.target.mean() for part in data.parts(dataset, made)]
    assert rates == pytest.approx([dataset.target.mean()] * 3, abs=0.005)


def test_a_class_of_one_row_is_learned_from():
    frame = clean_frame(2).assign(y=["rare"] + ["a", "b", "c"] * 99 + ["a", "b"])
    train, _, _ = parts_of(make_dataset(frame, kind="multiclass", positive=""))
    assert "rare" in {train.classes[label] for label in train.target}


def test_the_test_part_never_holds_a_copy_of_a_training_row():
    frame = pd.concat([clean_frame(3, 100)] * 4, ignore_index=True)
    train, _, test = parts_of(make_dataset(frame))
    both = pd.concat([train.features, test.features], ignore_index=True)
    keys = row_keys(both)
    assert not set(keys[: len(train)]) & set(keys[len(train) :])


def test_regression_is_split_at_random():
    assert (
        data.split(make_dataset(clean_frame(4), kind="regression", target="x", positive="")).method
        == "random"
    )


def test_what_cannot_be_split_is_said():
    frame = clean_frame(5, 60)
    with pytest.raises(DataError, match="at least 3"):
        data.split(make_dataset(frame.assign(g=["u", "v"] * 30), group="g"))
    with pytest.raises(DataError, match="different moments"):
        data.split(make_dataset(frame.assign(t=1), time="t"))
    with pytest.raises(DataError, match="oldest 60 %"):
        data.split(make_dataset(frame.assign(t=range(60), y=[0] * 50 + [1] * 10), time="t"))
    with pytest.raises(DataError, match="at least 5"):
        data.split(make_dataset(frame.head(4).assign(y=[0, 1, 0, 1])))


def test_a_split_of_another_table_is_refused():
    dataset = make_dataset(clean_frame(6))
    made = dataclasses.replace(data.split(dataset), test=("nobody",))
    with pytest.raises(DataError, match="1 rows of the split"):
        data.parts(dataset, made)


def test_a_hundred_thousand_rows_are_split_in_seconds():
    dataset = make_dataset(clean_frame(7, 100_000))
    start = time.perf_counter()
    data.split(dataset)
    assert time.perf_counter() - start < 6  # about 0.4 s on an idle machine
