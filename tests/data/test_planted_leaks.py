from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from factories_tables import clean_frame, make_dataset, make_task

from interpretable import data
from interpretable.data.checks import CHECKS
from interpretable.data.checks.signal import out_of_fold_rates, rank_auroc

RNG = np.random.default_rng(0)


def found(frame: pd.DataFrame, **fields) -> set[tuple[str, str, str]]:
    return {(f.code, f.severity, f.subject) for f in data.check(make_dataset(frame, **fields))}


def base(rows: int = 600) -> pd.DataFrame:
    return clean_frame(11, rows)


def flipped(y: pd.Series, share: float) -> pd.Series:
    return y.where(RNG.random(len(y)) >= share, 1 - y)


def filled_in(y: pd.Series, when: int) -> pd.Series:
    return pd.Series(RNG.normal(size=len(y))).where(y == when)


LEAKS = {
    "a copy of the outcome": lambda y: y * 1.0,
    "an inverted copy": lambda y: 1 - y,
    "a copy in words": lambda y: y.map({0: "fine", 1: "ill"}),
    "a copy with half a percent of errors": lambda y: flipped(y, 0.004),
    "a copy cut into many levels": lambda y: y.map({0: "n", 1: "p"}) + RNG.integers(0, 9, len(y)).astype(str),
    "a number that overlaps hardly": lambda y: y * 10 + RNG.normal(size=len(y)),
    "a falling number": lambda y: -y * 10 + RNG.normal(size=len(y)),
    "a number extreme on both sides": lambda y: (
        np.where(y == 1, 5, 1) * RNG.choice([-1, 1], len(y)) * (1 + RNG.random(len(y)))
    ),
    "a value only where the event happened": lambda y: filled_in(y, 1),
    "a value only where it did not": lambda y: filled_in(y, 0),
    "row numbers sorted by outcome": lambda y: y.rank(method="first"),
    "a copy for most rows, else empty": lambda y: (y * 1.0).where(RNG.random(len(y)) < 0.6),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_a_planted_leak_must_be_fixed(kind):
    frame = base()
    leak = LEAKS[kind](frame["y"])
    assert ("near_perfect_predictor", "must_fix", "leak") in found(frame.assign(leak=np.asarray(leak)))


def test_a_leak_that_is_only_in_the_gaps_says_so():
    frame = base()
    leaks = [
        f
        for f in data.check(make_dataset(frame.assign(leak=filled_in(frame["y"], 1))))
        if f.severity == "must_fix"
    ]
    assert [f.parameters["missing_only"] for f in leaks] == [True]


def test_a_copy_of_one_of_many_classes_is_found():
    frame = base().assign(y=lambda f: np.arange(600) % 5)
    frame["leak"] = frame["y"].map(dict(enumerate("abcde")))
    frame["numeric_leak"] = frame["y"] * 2.0
    leaks = found(frame, kind="multiclass", positive="")
    assert {s for c, _, s in leaks if c == "near_perfect_predictor"} == {"leak", "numeric_leak"}


@pytest.mark.parametrize(
    ("code", "leak"),
    [
        ("near_perfect_predictor", lambda y: 3 * y + 1),
        ("near_perfect_predictor", lambda y: np.exp(-y)),
        ("target_partitioned", lambda y: pd.cut(y, [-9, 0, 9], labels=["low", "high"]).astype(str)),
        ("target_partitioned", lambda y: pd.qcut(y, 8, labels=False).map(lambda k: f"band {k}")),
        ("target_partitioned", lambda y: (y > 1).astype(int)),
    ],
)
def test_copies_and_bands_of_a_numeric_target_are_found(code, leak):
    frame = base().drop(columns="y").rename(columns={"x": "y"})
    leaks = found(frame.assign(leak=leak(frame["y"])), kind="regression", positive="")
    assert (code, "must_fix", "leak") in leaks


def test_texts_that_hold_the_label_or_one_telling_word_are_found():
    frame = base()
    noise = ["one two three", "four five six", "seven eight nine ten"]
    texts = pd.Series(RNG.choice(noise, len(frame)))
    label = frame["y"].map({0: "healthy", 1: "diseased"})
    spelled = texts + np.where(RNG.random(len(frame)) < 0.7, " status " + label, "")
    marked = texts + frame["y"].map({0: "", 1: " [closed]"})
    table = frame.assign(y=label, spelled=spelled, marked=marked)
    fields = {"positive": "diseased", "kinds": {"spelled": "text", "marked": "text"}}
    codes = found(table, **fields)
    assert ("text_contains_label", "look", "spelled") in codes
    assert ("near_perfect_predictor", "must_fix", "marked") in codes


def test_missing_values_that_follow_the_outcome_are_reported():
    frame = base()
    gone = RNG.random(len(frame)) < np.where(frame["y"] == 1, 0.4, 0.1)
    frame["lab"] = frame["weight"].where(~gone)
    findings = {
        f.subject: f for f in data.check(make_dataset(frame)) if f.code == "missingness_predicts_target"
    }
    assert set(findings) == {"lab"}
    given = findings["lab"].parameters
    assert given["missing"] == gone.sum()
    assert given["outcome_missing"] == pytest.approx(frame["y"][gone].mean())
    assert given["outcome"] == "1"


def test_missing_values_are_compared_with_a_numeric_target_too():
    frame = base()
    frame["lab"] = frame["weight"].where(RNG.random(len(frame)) < np.where(frame["x"] > 0, 0.95, 0.6))
    codes = found(frame.drop(columns="y"), kind="regression", target="x", positive="")
    assert ("missingness_predicts_target", "look", "lab") in codes


def test_labels_are_checked():
    frame = base().astype({"y": object})
    hole = frame.assign(y=frame["y"].where(np.arange(600) > 2))
    assert ("target_missing", "must_fix", "y") in found(hole)
    assert ("target_missing", "note", "y") in found(hole, missing_target="drop")
    assert ("target_constant", "must_fix", "y") in found(frame.assign(y=1))
    assert ("target_constant", "must_fix", "y") in found(frame.assign(y=1.5), kind="regression", positive="")
    assert ("too_few_rows", "must_fix", "") in found(frame.head(15))
    assert ("too_few_rows", "look", "") in found(frame.head(120))
    rare = frame.assign(y=["odd"] * 3 + ["a", "b", "c"] * 199)
    assert ("rare_class", "look", "odd") in found(rare, kind="multiclass", positive="")


def test_repeated_rows_are_counted_and_contradictions_too():
    frame = base(300)
    twice = pd.concat(
        [frame, frame.head(30), frame.head(10).assign(y=1 - frame["y"].head(10))], ignore_index=True
    )
    findings = {f.code: f.parameters for f in data.check(make_dataset(twice))}
    assert findings["duplicate_rows"]["extra"] == 30
    assert findings["conflicting_labels"] == {"rows": 30, "sets": 10, "rate": 30 / 340}


def test_columns_are_checked():
    frame = base().assign(
        empty=np.nan,
        empty_words=None,
        same="k",
        patient=[f"P{i:04}" for i in range(600)],
        row=np.arange(600),
        fine=[f"v{i % 150}" for i in range(600)],
        gaps=lambda f: f["x"].where(np.arange(600) % 3 == 0),
        wife_age=lambda f: f["count"] + 20,
    )
    codes = {(code, subject) for code, _, subject in found(frame)}
    assert {
        ("all_missing", "empty"),
        ("all_missing", "empty_words"),
        ("constant", "same"),
        ("id_like", "patient"),
        ("id_like", "row"),
        ("high_cardinality", "fine"),
        ("mostly_missing", "gaps"),
        ("sensitive_undeclared", "wife_age"),
    } <= codes


def test_several_rows_of_one_person_are_noticed_until_the_group_is_declared():
    frame = base().assign(patient_id=np.arange(600) // 4)
    assert ("group_leakage", "look", "patient_id") in found(frame)
    assert not any(code == "group_leakage" for code, _, _ in found(frame, group="patient_id"))
    assert ("few_groups", "look", "town") in found(frame, group="town")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (RNG.normal(240, 45, 600).round(), 0),
        (RNG.normal(50, 15, 600).clip(18, 90).round(), 999),
        (RNG.integers(1, 6, 600) * 1.0, 9),
        (RNG.gamma(2, 3, 600).round(1), -9),
        (RNG.integers(0, 20, 600) * 1.0, -99),
        (RNG.normal(1000, 200, 600), -999),
    ],
)
def test_codes_for_not_known_are_suspected(values, code):
    values = values.copy()
    values[RNG.random(600) < 0.05] = code
    suspects = [f for f in data.check(make_dataset(base().assign(v=values))) if f.code == "suspicious_code"]
    assert [(f.subject, f.parameters["code"]) for f in suspects] == [("v", str(code))]


def test_words_for_not_known_are_suspected():
    frame = base()
    frame.loc[::20, "colour"] = "?"
    assert ("suspicious_code", "look", "colour") in found(frame)


def test_an_excluded_column_is_only_noted():
    frame = base().assign(leak=lambda f: f["y"], empty=np.nan, sex=1)
    columns = tuple(
        c
        if c.name not in ("leak", "empty", "sex")
        else type(c)(name=c.name, kind=c.kind, exclude=True, sensitive=True)
        for c in make_task(frame).columns
    )
    codes = [(f.code, f.subject) for f in data.check(make_dataset(frame, columns=columns))]
    assert [pair for pair in codes if pair[1] in ("leak", "empty", "sex")] == [
        ("excluded_column", "leak"),
        ("excluded_column", "empty"),
        ("excluded_column", "sex"),
    ]


def test_honest_data_raise_hardly_an_alarm():
    alarms = 0
    for seed in range(100):
        findings = data.check(make_dataset(clean_frame(seed)))
        assert not [f for f in findings if f.severity == "must_fix"]
        alarms += any(f.severity == "look" for f in findings)
    assert alarms <= 5


def test_honest_data_with_another_kind_of_target_raise_hardly_an_alarm():
    alarms = 0
    for seed in range(40):
        frame = clean_frame(seed)
        quantity = make_dataset(frame.drop(columns="y"), kind="regression", target="x", positive="")
        classes = make_dataset(frame.drop(columns="y"), kind="multiclass", target="colour", positive="")
        alarms += any(f.severity != "note" for set_ in (quantity, classes) for f in data.check(set_))
    assert alarms <= 2


def test_a_column_of_unique_words_never_looks_like_a_leak():
    y = RNG.integers(0, 2, 500)
    unique = np.arange(500)
    assert rank_auroc(out_of_fold_rates(unique, y * 1.0), y == 1) == pytest.approx(0.5, abs=0.05)


def test_ranks_agree_with_the_definition():
    scores = RNG.integers(0, 5, 40) * 1.0
    event = RNG.random(40) < 0.5
    pairs = np.sign(scores[event][:, None] - scores[~event][None, :])
    assert rank_auroc(scores, event) == pytest.approx((pairs.mean() + 1) / 2)


def test_an_outsiders_check_is_run_like_our_own():
    def always(dataset):
        yield from ()
        calls.append(len(dataset))

    calls: list[int] = []
    CHECKS.add("outsider")(always)
    try:
        data.check(make_dataset(base()))
    finally:
        del CHECKS._items["outsider"]
    assert calls == [600]
