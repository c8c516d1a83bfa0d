"""The additive text family: what it knows, what it chooses, and that its record is exact."""

from __future__ import annotations

import json
import struct
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_models import make_text_rows

from interpretable.bundle.plain import additive_to_json, model_from_json
from interpretable.data.negation import NEGATION_1
from interpretable.errors import TaskError, UserError
from interpretable.models import text
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.static import load_static
from interpretable.models.textual import CHARACTERS, WORDS, rules_of
from interpretable.models.train import prove
from interpretable.models.vocabulary import learn
from interpretable.records.additive import TextRule
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task
from interpretable.score.scorer import make_scorer
from interpretable.score.texts import Reader
from interpretable.score.tokens import grams

QUICK = Effort(level="quick", refits=0)
TEXTS = ["No chest pain.", "chest  pain, chest pain!", None, "胸痛 no", "", "pain no more", "A a chest"]


def by_hand(rule: TextRule, fewest: int) -> dict[str, int]:
    counts = Counter(g for one in TEXTS for g in set(grams(one or "", rule)))
    return {gram: n for gram, n in counts.items() if n >= fewest}


@pytest.mark.parametrize("fewest", [1, 2, 3])
@pytest.mark.parametrize("rule", [WORDS, CHARACTERS, TextRule(ngrams=(2, 3))])
def test_the_vocabulary_is_every_n_gram_of_enough_texts(rule, fewest):
    found = learn(TEXTS, rule, fewest=fewest, most=10_000)
    assert dict(zip(found.entries, found.rows.tolist(), strict=True)) == by_hand(rule, fewest)
    assert list(found.entries) == sorted(found.entries)


def test_a_full_vocabulary_keeps_the_n_grams_of_most_texts_and_bounds_its_memory():
    random = np.random.default_rng(0)
    words = np.array([f"w{i}" for i in range(300)])
    chance = 1.0 / np.arange(1, 301)
    many = [" ".join(random.choice(words, 8, p=chance / chance.sum())) for _ in range(500)]
    everything = learn(many, WORDS, fewest=1, most=10**6)
    few = learn(many, WORDS, fewest=1, most=50)
    assert len(few.entries) == 50
    assert few.rows.min() >= np.sort(everything.rows)[::-1][50]
    bounded = learn(many, WORDS, fewest=1, most=20, counted=400)
    assert set(bounded.entries) <= set(few.entries) | {
        e for e, n in zip(few.entries, few.rows, strict=True) if n
    }
    assert "w0" in bounded.entries


def make_spelled(n: int = 240) -> Dataset:
    """The class shows in the endings of words that occur once each: only characters can tell."""
    random = np.random.default_rng(1)
    target = random.integers(0, 2, n)
    letters = np.array(list("bcdfglmnprst"))
    texts = [
        " ".join("".join(random.choice(letters, 5)) + ("itis" if y else "oma") for _ in range(4))
        for y in target
    ]
    task = Task(
        name="t", kind="binary", target="y", positive="yes", columns=(Column(name="note", kind="text"),)
    )
    return Dataset(
        task=task, frame=pandas.DataFrame({"note": pandas.Series(texts, dtype=object)}),
        row_ids=np.array([str(i) for i in range(n)], dtype=object), target=target, classes=("no", "yes"),
    )  # fmt: skip


def test_characters_stay_where_they_help_and_go_where_they_do_not():
    spelled = make_spelled()
    helped = families["text"].fit(spelled, describe(spelled, spelled), QUICK)
    assert helped.settings["parts"] == ["word", "characters"]
    assert [t.rule.units for t in helped.record.terms] == ["characters"]  # no word stands in two texts
    plain = make_text_rows(300)
    noise = replace(plain, target=np.random.default_rng(3).integers(0, 2, 300))
    idle = families["text"].fit(noise, describe(noise, noise), QUICK)
    assert idle.settings["parts"] == ["word"]
    assert [t.rule.units for t in idle.record.terms] == ["word"]


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_record_scores_as_scikit_learn_does_and_survives_the_file(kind):
    rows = make_spelled()
    task = replace(rows.task, kind=kind, positive="yes" if kind == "binary" else "")
    target, classes = rows.target, rows.classes
    if kind == "multiclass":
        target, classes = rows.target + (np.arange(len(rows)) % 5 == 0), ("a", "b", "c")
    if kind == "regression":
        target, classes = rows.target + np.random.default_rng(0).normal(size=len(rows)), ()
    rows = replace(rows, task=task, target=target, classes=classes)
    fitted = families["text"].fit(rows.take(np.arange(180)), describe(rows, rows), QUICK)
    assert prove(fitted.record, fitted.library_scores(rows), rows) <= 1e-9
    again = model_from_json(additive_to_json(fitted.record))
    a, b = (make_scorer(m).link_scores(rows.frame, len(rows)) for m in (fitted.record, again))
    np.testing.assert_array_equal(a, b)
    assert a.std(axis=0).min() > 0.05


def test_a_class_too_small_for_inner_folds_still_trains():
    rows = make_text_rows(60)
    target = np.zeros(60, dtype=np.int64)
    target[:1] = 1
    rows = replace(rows, target=target)
    assert all(0 in fitted for fitted, _ in text.inner_cuts(rows, 0))  # its one row is never held out
    fitted = families["text"].fit(rows, describe(rows, rows), QUICK)
    assert np.isfinite(make_scorer(fitted.record).link_scores(rows.frame, 60)).all()


def make_static(folder, names=("▁chest", "▁pain", "▁mi", "ld", "▁CAPITAL", "<0x0A>", "▁ache")):
    """Vectors as files: what hurts lies one way, what is mild the other."""
    vectors = np.array([[1, 0.1], [1, 0], [-1, 0], [-1, 0.2], [5, 5], [5, 5], [1, 0.05]], dtype=np.float16)
    raw = vectors.tobytes()
    header = json.dumps({"e": {"dtype": "F16", "shape": [7, 2], "data_offsets": [0, len(raw)]}}).encode()
    (folder / "m.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + raw)
    vocabulary = {name: row for row, name in enumerate(names)}
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}), encoding="utf-8")
    return folder


def test_static_vectors_become_a_weight_per_piece_and_the_sum_stays_exact(tmp_path):
    rows = make_text_rows(200)
    column = replace(rows.task.columns[0], embedding=str(make_static(tmp_path)))
    rows = replace(rows, task=replace(rows.task, columns=(column,)))
    asked = replace(QUICK, settings={"C": 10.0, "parts": ["word", "piece"]})
    fitted = families["text"].fit(rows, describe(rows, rows), asked)
    assert prove(fitted.record, fitted.library_scores(rows), rows) <= 1e-9
    term = fitted.record.terms[1]
    assert set(term.vocabulary) == {" chest", " pain", " mi", "ld", " ache"}
    weights = dict(zip(term.vocabulary, term.weights[:, 0], strict=True))
    # A word of no training text is read by what its pieces mean.
    assert weights[" ache"] > 0 > weights["ld"]
    columns = {"note": np.array(["ache", "milder"], dtype=object)}
    scores = make_scorer(fitted.record).link_scores(columns, 2)[:, 0]
    assert scores[0] > scores[1]


@pytest.mark.parametrize("broken", ["nothing", "no such package", "header", "vocabulary"])
def test_an_embedding_that_cannot_be_read_is_refused_in_words(tmp_path, broken):
    source = str(tmp_path)
    if broken == "no such package":
        source = "certainly-not-installed"
    elif broken != "nothing":
        make_static(tmp_path)
        if broken == "header":
            (tmp_path / "m.safetensors").write_bytes(b"12345678{}")
        else:
            (tmp_path / "tokenizer.json").write_text("[]")
    with pytest.raises(TaskError, match="embedding"):
        load_static(source)


def test_denied_words_are_words_of_their_own():
    rows = make_text_rows(300)
    notes = [
        f"patient {'has' if y else 'denies'} {'chest pain' if i % 2 else 'fever'}"
        for i, y in enumerate(rows.target)
    ]
    rows.frame["note"] = pandas.Series(notes, dtype=object)
    column = replace(rows.task.columns[0], negation=True)
    rows = replace(rows, task=replace(rows.task, columns=(column,)))
    record = families["text"].fit(rows, describe(rows, rows), QUICK).record
    weights = dict(zip(record.terms[0].vocabulary, record.terms[0].weights[:, 0], strict=True))
    assert weights["¬chest ¬pain"] < 0 < weights["chest pain"]
    again = model_from_json(additive_to_json(record))
    np.testing.assert_array_equal(
        make_scorer(again).link_scores(rows.frame, 300), make_scorer(record).link_scores(rows.frame, 300)
    )


def test_a_segmenter_of_another_version_is_refused():
    with pytest.raises(UserError, match="rjieba 0"):
        grams("胸痛", TextRule(tokenizer="rjieba-0.0.0"))


def test_a_segmenter_cuts_chinese_into_words():
    pytest.importorskip("rjieba")
    rule = rules_of(Column(name="note", kind="text", segmenter="rjieba"))["word"]
    assert grams("患者否认胸痛 chest pain。", replace(rule, ngrams=(1, 1))) == [
        "患者",
        "否认",
        "胸痛",
        "chest",
        "pain",
    ]
    denied = replace(rule, ngrams=(1, 1), negation=NEGATION_1)
    assert "¬胸痛" in grams("患者否认胸痛。", denied)
    assert Reader(("胸痛", "患者"), rule).count(["患者胸痛胸痛", "no"]).times.tolist() == [2.0, 1.0]
