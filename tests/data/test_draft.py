from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from factories_tables import clean_frame, csv_file

from interpretable import data
from interpretable.data.taskfile import parse_task
from interpretable.errors import DataError

RNG = np.random.default_rng(3)


def drafted(frame: pd.DataFrame, target: str = "y", **options):
    file = csv_file(frame.to_csv(index=False))
    task = parse_task(data.draft(file, target=target, **options))
    dataset = data.read(task, file)
    assert not [f for f in data.check(dataset) if f.severity == "must_fix"]
    assert min(len(part) for part in data.parts(dataset, data.split(dataset))) > 0
    return task


def kinds(task) -> dict[str, str]:
    return {c.name: c.kind for c in task.columns}


@pytest.mark.parametrize(
    ("values", "kind", "positive"),
    [
        ([0, 1], "binary", "1"),
        (["no", "yes"], "binary", "yes"),
        ([True, False], "binary", "True"),
        (["good", "bad"], "binary", "bad"),
        ([1.0, 2.0], "binary", "1"),
        (["ham", "ham", "ham", "spam"], "binary", "spam"),
        (["common", "common", "rare"], "binary", "rare"),
        ([f"c{i}" for i in range(30)], "multiclass", ""),
        ([1, 2, 3, 4], "multiclass", ""),
        ([f"0{i}" for i in range(1, 10)], "multiclass", ""),
        (list(np.arange(60) / 4), "regression", ""),
    ],
)
def test_the_kind_of_task_is_guessed_from_the_target(values, kind, positive):
    frame = clean_frame(0, 600)
    frame["y"] = [values[i % len(values)] for i in RNG.permutation(600)]
    task = drafted(frame)
    assert (task.kind, task.positive) == (kind, positive)


def test_a_declared_positive_label_is_kept_or_refused():
    frame = clean_frame(0)
    assert drafted(frame, positive="0").positive == "0"
    with pytest.raises(DataError, match="'2' does not occur"):
        drafted(frame, positive="2")
    with pytest.raises(DataError, match="'town' has 15"):
        drafted(frame, "town", positive="town 1")


def test_targets_nobody_can_learn_are_refused():
    frame = clean_frame(0)
    with pytest.raises(DataError, match=r"no column 'Y'.*Did you mean 'y'"):
        drafted(frame, "Y")
    with pytest.raises(DataError, match="no value in any row"):
        drafted(frame.assign(y=None))
    with pytest.raises(DataError, match="neither classes nor a quantity"):
        drafted(frame.assign(y=[f"text {i}" for i in range(300)]))


def test_kinds_of_columns_are_guessed():
    n = 300
    frame = clean_frame(1).assign(
        zip=RNG.integers(10, 40, n),
        padded=[f"{i % 12:03}" for i in range(n)],
        yes_no=RNG.choice(["yes", "no"], n),
        truth=RNG.choice([True, False], n),
        small=RNG.integers(1, 5, n),
        note=[f"patient number {i} came in with a cough and went home" for i in range(n)],
    )
    found = kinds(drafted(frame))
    assert found == found | {
        "x": "number",
        "count": "number",
        "colour": "category",
        "flag": "boolean",
        "zip": "category",
        "padded": "category",
        "yes_no": "boolean",
        "truth": "boolean",
        "small": "number",
        "note": "text",
    }


def test_ids_leaks_empty_and_constant_columns_are_excluded_with_the_reason():
    frame = clean_frame(2).assign(
        row=np.arange(300),
        uid=[f"a{i}b" for i in range(300)],
        reference=[f"r-{i}" for i in range(300)],
        copy=lambda f: f["y"].map({0: "n", 1: "p"}),
        empty=None,
        same=7,
        day=pd.date_range("2020-01-01", periods=300).strftime("%Y-%m-%d"),
        names=[f"name{i // 2}" for i in range(300)],
    )
    task = drafted(frame)
    reasons = {c.name: c.exclude_reason.split(":")[0].split(".")[0] for c in task.columns if c.exclude}
    assert task.id == "uid"
    assert reasons == {
        "row": "Identifier",
        "reference": "Identifier",
        "copy": "Leak",
        "empty": "Empty",
        "same": "Constant",
        "day": "A date",
        "names": "Too finely divided",
    }


def test_a_persons_key_with_several_rows_becomes_the_group():
    frame = clean_frame(3).assign(patient_id=np.arange(300) // 3)
    task = drafted(frame)
    assert task.group == "patient_id"
    assert "patient_id" not in kinds(task)


def test_missing_codes_are_written_down_with_their_reason():
    frame = clean_frame(4).assign(chol=RNG.normal(240, 40, 300).round(), words=RNG.choice(["a", "b"], 300))
    frame.loc[::10, "chol"] = 0
    frame["mixed"] = frame["chol"].astype(str).where(np.arange(300) % 7 > 0, "?")
    frame.loc[::15, "words"] = "n/a"
    text = data.draft(csv_file(frame.to_csv(index=False)), target="y")
    codes = {c.name: c.missing_codes for c in parse_task(text).columns if c.missing_codes}
    assert codes == {"chol": ("0",), "mixed": ("?", "0"), "words": ("n/a",)}
    assert "# 0 stands apart in 30 row(s)" in text


def test_a_decimal_comma_is_pointed_out():
    frame = clean_frame(9).assign(weight=lambda f: f["weight"].astype(str).str.replace(".", ","))
    text = data.draft(csv_file(frame.to_csv(index=False, sep=";")), target="y")
    assert text.count("decimal comma") == 1


def test_sensitive_columns_are_marked():
    frame = clean_frame(5).assign(SexAtBirth="m", wife_age=30, Stage=1, passage=2)
    frame.loc[::2, ["SexAtBirth", "wife_age", "Stage", "passage"]] = ["f", 31, 2, 1]
    assert {c.name for c in drafted(frame).columns if c.sensitive} == {"SexAtBirth", "wife_age"}


def test_rows_without_a_target_are_dropped_and_it_is_said():
    frame = clean_frame(6)
    frame["y"] = frame["y"].where(np.arange(300) > 3).astype("Int64")
    task = drafted(frame)
    assert task.missing_target == "drop"
    assert (task.kind, task.positive) == ("binary", "1")


@pytest.mark.parametrize("seed", range(3))
def test_strange_column_names_survive(seed):
    names = [
        'a "quoted" one',
        "x.y",
        "new\nline",
        "😀",
        "class",
        "列",
        "a=b",
        "#",
        "%",
        "<b>",
        "-",
        "0",
        "True",
        "nan",
    ]
    columns = {name: clean_frame(seed + i)["x"] for i, name in enumerate(names)}
    frame = pd.DataFrame(columns).assign(**{"the target!": clean_frame(seed)["y"]})
    assert [c.name for c in drafted(frame, "the target!").columns] == names


def test_a_table_with_nothing_to_learn_from_is_refused_with_the_reasons():
    frame = pd.DataFrame({"uid": range(50), "same": 1, "y": [0, 1] * 25})
    with pytest.raises(DataError, match="No column is left") as caught:
        drafted(frame)
    assert "'same': Constant" in str(caught.value)


def test_wide_tables_and_many_classes_are_drafted():
    wide = pd.DataFrame(RNG.normal(size=(200, 300)).round(3), columns=[f"v{i}" for i in range(300)])
    wide.loc[:, "v7"] = np.nan
    task = drafted(wide.assign(y=[f"class {i % 30}" for i in range(200)]))
    assert task.kind == "multiclass"
    assert len(task.features) == 299


def test_a_large_table_is_drafted_in_seconds():
    frame = clean_frame(8, 100_000)
    start = time.perf_counter()
    assert len(drafted(frame).features) == 7
    assert time.perf_counter() - start < 25  # about 4 s on an idle machine, writing and reading included
