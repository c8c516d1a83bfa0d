"""Each reason to drop a generated row is met by the rows that deserve it, and by no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
from factories_models import make_rows
from factories_synthetic import as_synthetic, line_rows

from interpretable.collab.curate import REASONS, copies, curate, together
from interpretable.records.dataset import Dataset
from interpretable.records.gate import Curation
from interpretable.records.task import Column, Task

TRAIN = line_rows(60, seed=1)


def notes(texts, *, part="train"):
    task = Task(
        name="notes", kind="binary", target="y", positive="yes", columns=(Column(name="note", kind="text"),)
    )
    ids = np.array([f"n{i}" for i in range(len(texts))], dtype=object)
    frame = pandas.DataFrame({"note": pandas.Series(texts, dtype=object)})
    return Dataset(
        task=task,
        frame=frame,
        row_ids=ids,
        target=np.arange(len(texts)) % 2,
        classes=("no", "yes"),
        part=part,
    )


def changed(rows, **columns):
    return replace(rows, frame=rows.frame.assign(**columns))


def test_rows_of_the_truth_are_mostly_kept_and_every_row_is_accounted_for():
    made = as_synthetic(line_rows(200, seed=2))
    found = curate(made, TRAIN, seed=0)
    assert found.told.made == 200
    assert found.told.kept == len(found.rows) == 200 - sum(found.told.dropped.values())
    assert found.told.kept > 120
    assert "copy" not in found.told.dropped and "misfit" not in found.told.dropped


def test_cells_that_no_table_holds_are_a_misfit():
    train = make_rows(50, seed=1, part="train")
    made = as_synthetic(make_rows(6, seed=2))
    frame = made.frame.copy()
    frame.loc[0, "kind"] = "never seen"
    frame.loc[1, "age"] = np.inf
    bad = replace(made, frame=frame, target=np.array([0, 1, 2, 0, 1, 0]))
    assert curate(bad, train, seed=0).told.dropped["misfit"] == 3


def test_values_far_outside_the_training_rows_are_dropped_and_those_just_outside_are_not():
    low, high = TRAIN.frame["x0"].min(), TRAIN.frame["x0"].max()
    made = as_synthetic(
        changed(line_rows(3, seed=2), x0=[high + 0.2 * (high - low), high + high - low, np.nan])
    )
    assert REASONS["outside"](made, TRAIN, 0).tolist()[:2] == [False, True]
    empty = changed(TRAIN, x0=np.nan)
    assert not REASONS["outside"](as_synthetic(changed(line_rows(1, seed=2), x0=99.0)), empty, 0).any()


def test_the_second_of_two_equal_rows_is_dropped():
    one = as_synthetic(line_rows(5, seed=2))
    twice = one.take(np.array([0, 1, 0, 2, 1]))
    assert REASONS["twice"](twice, TRAIN, 0).tolist() == [False, False, True, False, True]


def test_a_near_copy_of_a_real_row_is_dropped_whatever_one_column_says():
    copied = TRAIN.take(np.arange(3))
    other = line_rows(3, seed=9)
    rounded = changed(copied, **{name: copied.frame[name].round(3) for name in copied.frame})
    one_off = changed(copied, x4=copied.frame["x4"] + 5.0)
    two_off = changed(one_off, x5=copied.frame["x5"] + 5.0)
    for rows, told in ((copied, True), (rounded, True), (one_off, True), (two_off, False), (other, False)):
        assert copies(as_synthetic(rows), TRAIN).tolist() == [told] * 3


def test_where_real_rows_are_alike_by_chance_likeness_is_no_copy():
    random = np.random.default_rng(0)
    task = replace(TRAIN.task, columns=tuple(Column(name=f"b{j}", kind="boolean") for j in range(5)))

    def answers(n, part):
        frame = pandas.DataFrame(
            {f"b{j}": pandas.Series(random.choice(["no", "yes"], n), dtype=object) for j in range(5)}
        )
        return replace(line_rows(n, seed=3, part=part), task=task, frame=frame)

    assert not copies(as_synthetic(answers(40, "all")), answers(60, "train")).any()


def test_a_reworded_text_is_a_copy_and_a_quoted_run_of_words_is_a_quote():
    said = "the patient came in last night with a heavy cough and asked for his old inhaler again"
    train = notes([said, "no complaint at all today, will be seen again in spring", "a short note"])
    made = as_synthetic(
        notes(
            [
                "The patient came in last night with a heavy cough, and asked for his old inhaler again!",
                "he says he came in last night with a heavy cough but was sent home by the nurse on duty",
                "came in with a fever this morning",
            ],
            part="all",
        )
    )
    assert REASONS["copy"](made, train, 0).tolist() == [True, False, False]
    assert REASONS["quoted"](made, train, 0).tolist() == [True, True, False]


def test_a_way_of_writing_is_no_quote():
    said = [f"dear sir or madam i am writing to you about my order number {i}" for i in ("one", "two", "six")]
    made = as_synthetic(notes(["dear sir or madam i am writing to you about something else"], part="all"))
    assert not REASONS["quoted"](made, notes(said), 0).any()


def test_rows_of_another_world_are_unlike_and_rows_of_the_same_are_not():
    random = np.random.default_rng(0)
    same = as_synthetic(line_rows(200, seed=2))
    far = line_rows(200, seed=3)
    far = as_synthetic(changed(far, **{name: random.normal(2.0, 0.05, 200) for name in ("x0", "x1", "x2")}))
    assert REASONS["unlike"](same, line_rows(200, seed=1), 0).mean() < 0.05
    assert REASONS["unlike"](far, line_rows(200, seed=1), 0).mean() > 0.9


def test_rows_that_real_rows_contradict_are_found_among_turned_labels():
    train, made = line_rows(300, seed=1), line_rows(200, seed=2)
    right = REASONS["contradicted"](as_synthetic(made), train, 0)
    wrong = REASONS["contradicted"](as_synthetic(replace(made, target=1 - made.target)), train, 0)
    assert wrong.mean() > 0.3
    assert right.mean() < 0.5 * wrong.mean()


def test_counts_of_several_sets_are_added():
    told = together(
        [
            Curation(made=10, kept=7, dropped={"copy": 3}),
            Curation(made=5, kept=3, dropped={"misfit": 1, "copy": 1}),
        ]
    )
    assert told == Curation(made=15, kept=10, dropped={"misfit": 1, "copy": 4})
