from __future__ import annotations

import re
import time
import unicodedata
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factories_tables import make_dataset

from interpretable import data, words
from interpretable.data.minhash import Sets, alike, jaccard
from interpretable.data.nearcopies import NEAR, near_copies
from interpretable.data.units import unit_keys
from interpretable.models.folds import draw_units, make_folds, repeat_folds

SAMPLES = Path(__file__).parents[2] / "sample_data"
TEXT = {"kinds": {"note": "text"}}


def vocabulary(rng: np.random.Generator, size: int = 2000) -> np.ndarray:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    return np.array(["".join(rng.choice(letters, rng.integers(3, 9))) for _ in range(size)])


def make_texts(rng: np.random.Generator, count: int, low: int, high: int) -> list[str]:
    known = vocabulary(rng)
    return [" ".join(rng.choice(known, rng.integers(low, high))) for _ in range(count)]


def one_word_changed(text: str, rng: np.random.Generator) -> str:
    parts = text.split()
    parts[rng.integers(len(parts))] = "changed"
    return " ".join(parts)


def groups_of(keys: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(keys == key).tolist()) for key in set(keys.tolist())}


def by_brute_force(texts: list[str], size: int) -> list[set[int]]:
    """Components of texts whose sets of character runs are near, by the definition, every pair."""
    plain = [re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", t).lower()).strip() for t in texts]
    sets = [{t[i : i + size] for i in range(len(t) - size + 1)} for t in plain]
    group = [{i} for i in range(len(texts))]
    for i, j in combinations(range(len(texts)), 2):
        if len(sets[i] & sets[j]) >= NEAR * len(sets[i] | sets[j]) and group[i] is not group[j]:
            group[i] |= group[j]
            for k in group[j]:
                group[k] = group[i]
    return group


def test_near_copies_of_short_texts_are_those_that_every_pair_measured_gives():
    texts = pd.read_csv(SAMPLES / "sms_spam" / "data.csv")["text"].tolist()
    texts = [t for t in dict.fromkeys(texts) if 8 <= len(re.findall(r"\w+", t)) < 30][:500]
    expected = {frozenset(group) for group in by_brute_force(texts, 5)}
    assert any(len(group) > 1 for group in expected)
    assert groups_of(near_copies(texts)) == expected


def test_chinese_texts_are_compared_by_pairs_of_characters():
    rng = np.random.default_rng(0)
    signs = np.array([chr(0x4E00 + k) for k in range(900)])
    texts = ["".join(rng.choice(signs, rng.integers(24, 40))) for _ in range(150)]
    texts += [text[:10] + "改" + text[11:] for text in texts[:40]]
    expected = {frozenset(group) for group in by_brute_force(texts, 2)}
    assert sum(len(group) > 1 for group in expected) == 40
    assert groups_of(near_copies(texts)) == expected


@pytest.mark.parametrize("length", [(16, 28), (28, 42), (60, 200)])
def test_a_text_with_one_word_changed_is_found_and_no_other(length):
    rng = np.random.default_rng(1)
    texts = make_texts(rng, 300, *length)
    copies = [one_word_changed(text, rng) for text in texts[:100]]
    keys = near_copies(texts + copies)
    assert (keys[:100] == keys[300:]).mean() > (0.95 if length[0] > 20 else 0.5)
    assert len(set(keys[:300].tolist())) == 300


def test_case_width_punctuation_and_hidden_characters_do_not_hide_a_copy():
    said = "Please call the ward before noon on Friday, room 12"
    variants = [
        said.upper(), said.replace(" ", "   \n"), said + "!!!",
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in said),
        said.replace("a", "a\u200b"), said.replace(",", "，"),
    ]  # fmt: skip
    assert len(set(near_copies([said, *variants]).tolist())) == 1


def test_short_and_missing_texts_are_never_joined():
    texts = [
        "ok",
        "ok",
        "Ok!",
        "see you later",
        "see you later",
        None,
        None,
        "",
        "好的",
        "好的",
        "胸痛三天",
    ] * 3
    assert len(set(near_copies(texts).tolist())) == len(texts)


def test_groups_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(2)
    texts = make_texts(rng, 150, 6, 60)
    texts += [one_word_changed(text, rng) for text in texts] + [f"{texts[0]} {k}" for k in range(60)]
    order = rng.permutation(len(texts))
    shuffled = near_copies([texts[i] for i in order])
    back = np.empty(len(texts), dtype=np.int64)
    back[order] = shuffled
    assert groups_of(back) == groups_of(near_copies(texts))


def test_the_jaccard_index_agrees_with_its_definition_and_no_pair_is_lost():
    rng = np.random.default_rng(3)
    kept = [np.sort(rng.choice(80, rng.integers(20, 60), replace=False)) for _ in range(60)]
    items = (np.concatenate(kept).astype(np.uint32) * np.uint32(2654435761)).astype(np.uint32)
    sets = Sets(items, np.concatenate(([0], np.cumsum([len(k) for k in kept]))))
    pairs = np.array(list(combinations(range(60), 2)))
    exact = [len(np.intersect1d(kept[a], kept[b])) / len(np.union1d(kept[a], kept[b])) for a, b in pairs]
    assert jaccard(sets, pairs) == pytest.approx(exact)
    found = {tuple(sorted(pair)) for pair in alike(sets, 0.5).tolist()}
    near = {tuple(pair) for pair, value in zip(pairs.tolist(), exact, strict=True) if value >= 0.5}
    assert near and found <= near


def planted(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    notes = make_texts(rng, rows, 20, 50)
    copied = [one_word_changed(note, rng) + " again" for note in notes[: rows // 4]]
    frame = pd.DataFrame({"note": notes + copied, "x": rng.normal(size=rows + len(copied))})
    return frame.assign(y=rng.integers(0, 2, len(frame)), key=[f"k{i}" for i in range(len(frame))])


def crossings(frame: pd.DataFrame, place: np.ndarray) -> int:
    quarter = len(frame) // 5
    return int((place[:quarter] != place[-quarter:]).sum())


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_planted_near_copies_never_cross_parts_or_folds(kind):
    frame = planted()
    fields = {"id": "key", **TEXT, **({"kind": "regression", "positive": ""} if kind == "regression" else {})}
    dataset = make_dataset(frame, **fields)
    twins = dict(zip(frame["key"][:100], frame["key"][-100:], strict=True))
    together = unit_keys(dataset)
    found = {a: b for k, (a, b) in enumerate(twins.items()) if together[k] == together[400 + k]}
    assert len(found) > 90
    for seed in range(5):
        train, calibration, test = data.parts(dataset, data.split(dataset, seed=seed))
        part_of = {row: part.part for part in (train, calibration, test) for row in part.row_ids}
        assert all(part_of[a] == part_of[b] for a, b in found.items())
        folds = dict(zip(train.row_ids, make_folds(train, 5, seed=seed), strict=True))
        inside = {a: b for a, b in found.items() if a in folds}
        assert len(inside) > 20 and all(folds[a] == folds[b] for a, b in inside.items())
    for learned, predicted in repeat_folds(train, 3, repeats=2, seed=0)[1]:
        units = unit_keys(train)
        assert not set(units[learned]) & set(units[predicted])
    drawn = set(train.row_ids[draw_units(train, most=100, seed=0)])
    assert all((a in drawn) == (b in drawn) for a, b in inside.items())


def test_a_split_of_texts_does_not_depend_on_the_order_of_rows():
    frame = planted()
    mixed = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    first, second = (data.split(make_dataset(f, id="key", **TEXT), seed=2) for f in (frame, mixed))
    assert first.fingerprint == second.fingerprint


def test_exact_and_near_copies_of_the_messages_stay_in_one_part_and_fold():
    task = data.read_task(SAMPLES / "sms_spam" / "task.toml")
    dataset = data.read(task, SAMPLES / "sms_spam" / task.data)
    near = near_copies(dataset.frame["text"].tolist())
    sizes = np.bincount(near)
    assert (int(sizes[sizes > 1].sum()), int(sizes.max())) == (711, 24)
    train, calibration, test = data.parts(dataset, data.split(dataset))
    texts = [set(part.frame["text"]) for part in (train, calibration, test)]
    assert not texts[0] & texts[1] and not texts[0] & texts[2] and not texts[1] & texts[2]
    assert data.check_split(dataset, data.split(dataset)) == ()
    folds = pd.Series(make_folds(train, 5, seed=0))
    assert (folds.groupby(unit_keys(train)).nunique() == 1).all()
    assert [len(part) / len(dataset) for part in (train, test)] == pytest.approx([0.6, 0.2], abs=0.01)


def test_a_table_without_texts_is_divided_as_before():
    from interpretable.data.rows import row_keys

    frame = planted().drop(columns="note")
    dataset = make_dataset(frame, id="key")
    assert (unit_keys(dataset) == row_keys(dataset.features)).all()


def test_equal_short_texts_do_not_join_rows_that_differ_elsewhere():
    frame = planted().assign(note="no findings")
    assert len(set(unit_keys(make_dataset(frame, id="key", **TEXT)).tolist())) == len(frame)


def test_a_form_that_many_rows_share_is_not_held_together_and_said():
    frame = planted()
    frame.loc[:99, "note"] = [
        f"The chest is clear and there is no sign of disease in study number {k}" for k in range(100)
    ]
    dataset = make_dataset(frame, id="key", **TEXT)
    assert np.bincount(unit_keys(dataset)).max() < 10
    found = {f.code: f for f in data.check(dataset)}
    assert found["near_duplicate_texts"].parameters["template"]
    assert "a form rather than a copy" in words.finding(found["near_duplicate_texts"])
    crossing = data.check_split(dataset, data.split(dataset))[0]
    assert crossing.code == "near_copies_cross" and "too large to keep" in words.finding(crossing)


def test_copies_that_disagree_in_the_outcome_are_counted():
    frame = planted()
    frame["y"] = 0
    frame.loc[:9, "y"] = 1
    found = next(
        f for f in data.check(make_dataset(frame, id="key", **TEXT)) if f.code == "near_duplicate_texts"
    )
    assert found.parameters["groups"] > 90
    assert found.parameters["disagree"] == 20
    numbers = make_dataset(frame.assign(y=frame["x"]), id="key", kind="regression", positive="", **TEXT)
    found = next(f for f in data.check(numbers) if f.code == "near_duplicate_texts")
    assert "another" not in words.finding(found).split("groups")[1]


@pytest.mark.parametrize("rule", ["group", "time"])
def test_near_copies_that_cross_a_split_by_group_or_time_are_counted(rule):
    frame = planted().assign(ward=lambda f: [f"w{i % 41}" for i in f.index], day=lambda f: f.index)
    fields = {"group": "ward"} if rule == "group" else {"time": "day"}
    dataset = make_dataset(
        frame.drop(columns="day" if rule == "group" else "ward"), id="key", **fields, **TEXT
    )
    made = data.split(dataset)
    found = data.check_split(dataset, made)
    train, *others = data.parts(dataset, made)
    keys = near_copies(dataset.frame["note"].tolist())
    at = dict(zip(dataset.row_ids, keys, strict=True))
    taught = {at[row] for row in train.row_ids}
    expected = sum(at[row] in taught for part in others for row in part.row_ids)
    assert expected > 20
    assert [(f.code, f.parameters["count"]) for f in found] == [("near_copies_cross", expected)]
    assert f"divided by {rule}" in words.finding(found[0])


def test_all_text_columns_count_together():
    frame = planted()
    frame["title"] = make_texts(np.random.default_rng(5), len(frame), 40, 60)
    alone = unit_keys(make_dataset(frame, id="key", kinds={"note": "text", "title": "text"}))
    assert len(set(alone.tolist())) == len(frame)


@pytest.mark.parametrize("kind", ["short", "one form"])
def test_ten_thousand_texts_are_compared_in_seconds(kind):
    rng = np.random.default_rng(6)
    texts = make_texts(rng, 10_000, 5, 20)
    if kind == "one form":
        texts = [f"which of the following is not true about {' '.join(t.split()[:2])}" for t in texts]
    start = time.process_time()
    near_copies(texts)
    assert time.process_time() - start < 8  # 0.5 to 2 s on one core of a small server
