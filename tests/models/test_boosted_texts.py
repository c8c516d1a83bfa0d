"""Boosted trees on texts: counted n-grams, absent ones without a value, and SHAP values that add up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from math import comb

import numpy as np
import pandas
import pytest
from factories_models import make_task, make_text_rows

from interpretable.bundle.plain import boosted_to_json, model_from_json
from interpretable.errors import BrokenPromise, BundleError
from interpretable.explain import treeshap
from interpretable.explain.text import centred
from interpretable.models import boosting, wordcounts  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.train import prove
from interpretable.records.boosted import BoostedModel, TextBlock
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column
from interpretable.score.additive import typical_values
from interpretable.score.golden import check_golden, make_golden
from interpretable.score.scorer import BoostedScorer, columns_of, make_scorer
from interpretable.score.treematrix import filled, tree_matrix, with_typical

QUICK = Effort(level="quick", refits=0)
ODD = [None, "", "unknown words only", "PAIN, pain; chest   pain!", "胸痛 chest", "\x00<b>severe</b>\u202e"]


def make_mixed(kind: str = "binary", n: int = 240, *, table: bool = True) -> Dataset:
    """Notes that tell the class by their words, beside an age and a ward; some texts are odd."""
    notes = make_text_rows(n, seed=4)
    random = np.random.default_rng(2)
    ward = random.choice(np.array(["a", "b", None], dtype=object), n)
    age = np.where(random.random(n) < 0.1, np.nan, random.normal(50, 10, n) + 4 * notes.target).round(1)
    texts = [*ODD, *notes.frame["note"][len(ODD) :]]
    columns = (Column(name="note", kind="text"),)
    frame = pandas.DataFrame({"note": pandas.Series(texts, dtype=object)})
    if table:
        columns = (Column(name="age", kind="number"), *columns, Column(name="ward", kind="category"))
        frame = frame.assign(age=age, ward=pandas.Series(ward, dtype=object))[["age", "note", "ward"]]
    target, classes = notes.target, ("no", "yes")
    if kind == "multiclass":
        target, classes = notes.target + (np.arange(n) % 4 == 0), ("low", "middle", "high")
    if kind == "regression":
        target, classes = notes.target + random.normal(0, 0.2, n), ()
    positive = "yes" if kind == "binary" else ""
    task = make_task(name="t", kind=kind, target="y", positive=positive, columns=columns)
    return Dataset(task=task, frame=frame, row_ids=notes.row_ids, target=target, classes=classes)


def fitted(rows: Dataset) -> BoostedModel:
    record = families["xgboost"].fit(rows, describe(rows, rows), QUICK).record
    assert isinstance(record, BoostedModel)
    return record


@pytest.fixture(scope="module")
def mixed() -> tuple[Dataset, BoostedScorer]:
    rows = make_mixed("multiclass")
    return rows, BoostedScorer(fitted(rows))


@pytest.fixture(scope="module")
def alone() -> tuple[Dataset, BoostedModel]:
    rows = make_mixed(table=False)
    return rows, fitted(rows)


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_scores_are_those_of_scikit_learns_counts_and_survive_the_file(kind, table):
    rows = make_mixed(kind, table=table)
    made = families["xgboost"].fit(rows.take(np.arange(180)), describe(rows, rows), QUICK)
    assert prove(made.record, made.library_scores(rows), rows) <= 1e-4
    assert made.settings["entries"]["note: word"] > 5 and made.settings["entries"]["note: characters"] > 5
    again = model_from_json(boosted_to_json(made.record), made.record.native)
    a, b = (make_scorer(m).link_scores(rows.frame, len(rows)) for m in (made.record, again))
    np.testing.assert_array_equal(a, b)
    assert a.std(axis=0).min() > 0.1
    np.testing.assert_array_equal(a[0] if not table else 0, a[1] if not table else 0)  # absent as empty


def test_a_model_that_reads_other_words_than_its_library_is_caught():
    rows = make_mixed(table=False)
    made = families["xgboost"].fit(rows, describe(rows, rows), QUICK)
    words, letters = made.record.blocks
    turned = replace(made.record, blocks=(replace(words, vocabulary=words.vocabulary[::-1]), letters))
    with pytest.raises(BrokenPromise):
        prove(turned, made.library_scores(rows), rows)


def test_an_absent_word_has_no_value_and_the_zero_of_a_level_is_one(mixed):
    rows, scorer = mixed
    blocks = scorer.model.blocks
    matrix = tree_matrix(blocks, rows.frame, len(rows))
    dense = filled(matrix)
    assert np.isnan(dense[0, 1:-3]).all()  # no text
    assert set(np.unique(dense[:, -3:])) == {0.0, 1.0}  # two wards, and the mark of none
    np.testing.assert_array_equal(np.isnan(dense[:, 0]), np.isnan(rows.frame["age"].to_numpy()))
    np.testing.assert_array_equal(scorer._margin(matrix), scorer._margin(dense))
    wrong = scorer._margin(np.nan_to_num(dense))
    assert np.abs(wrong - scorer._margin(dense)).max() > 0.01  # zeros would be other scores


def test_effects_are_what_scoring_again_gives(mixed):
    rows, scorer = mixed
    columns, n = columns_of(scorer, rows), len(rows)
    base, effects = scorer.link_scores(columns, n), scorer.effects(columns, n)
    for position, spec in enumerate(scorer.features):
        changed = {**columns, spec.name: typical_values(spec.kind, spec.typical, n)}
        np.testing.assert_allclose(base - scorer.link_scores(changed, n), effects[:, position], atol=1e-6)
    assert not effects[:2, 1].any() and np.abs(effects[6:, 1]).max() > 0.5  # no text moves nothing


def test_a_reference_text_is_put_into_every_row(mixed):
    rows, scorer = mixed
    block = next(b for b in scorer.model.blocks if isinstance(b, TextBlock))
    own = {"note": np.array(["severe chest pain"], dtype=object)}
    matrix = tree_matrix(scorer.model.blocks, rows.frame, len(rows))
    part = slice(1, 1 + len(block.vocabulary))
    found = filled(with_typical(matrix, part, tree_matrix((block,), own, 1)))
    np.testing.assert_array_equal(found[:, part], np.repeat(filled(tree_matrix((block,), own, 1)), 240, 0))
    np.testing.assert_array_equal(found[:, part.stop :], filled(matrix)[:, part.stop :])


def by_definition(scorer: BoostedScorer, row: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Shapley values f8[p, K] of matrix columns, every coalition scored against every background row."""
    p = row.shape[1]

    @cache
    def value(present: frozenset[int]) -> np.ndarray:
        mixed = behind.copy()
        mixed[:, list(present)] = row[0, list(present)]
        return scorer._margin(mixed).mean(axis=0)

    found = []
    for j in range(p):
        others = [i for i in range(p) if i != j]
        found.append(
            sum(
                (value(frozenset((*some, j))) - value(frozenset(some))) / (p * comb(p - 1, size))
                for size in range(p)
                for some in combinations(others, size)
            )
        )
    return np.array(found)


def test_shap_values_of_words_are_shapleys_with_absent_words_as_missing(monkeypatch):
    monkeypatch.setattr(wordcounts, "MOST", 3)
    rows = make_mixed(table=False)
    scorer = BoostedScorer(fitted(rows))
    columns = columns_of(scorer, rows)
    behind = {"note": columns["note"][20:26]}
    for place in (0, 30):
        row = {"note": columns["note"][place : place + 1]}
        own, others = (filled(tree_matrix(scorer.model.blocks, c, len(c["note"]))) for c in (row, behind))
        expected = by_definition(scorer, own, others)
        np.testing.assert_allclose(treeshap._values(scorer, row, behind)[1][0], expected, atol=1e-5)


def test_values_of_words_sum_to_the_text_and_with_the_table_to_the_score(mixed):
    rows, scorer = mixed
    columns = columns_of(scorer, rows)
    background = {name: values[50:90] for name, values in columns.items()}
    for place in (0, 2, 60):
        row = {name: values[place : place + 1] for name, values in columns.items()}
        constant, terms, tokens = treeshap.shap_case(scorer, row, background, 1)
        score = centred(scorer.link_scores(row, 1)[0], 1)
        assert constant + sum(t.contribution for t in terms) == pytest.approx(score, abs=1e-4)
        note = next(t for t in terms if t.term == "note")
        assert sum(t.contribution for t in tokens) == pytest.approx(note.contribution, abs=1e-9)
        assert {t.units for t in tokens if t.times == 0} == {"word", "characters"}
        text = (row["note"][0] or "").lower()
        assert all(t.token.strip() in text for t in tokens if t.times and " " not in t.token.strip())


def test_many_rows_are_explained_in_bounded_memory_with_the_same_values(mixed, monkeypatch):
    rows, scorer = mixed
    columns = {name: values[:20] for name, values in columns_of(scorer, rows).items()}
    background = {name: values[100:110] for name, values in columns_of(scorer, rows).items()}
    whole = treeshap.shap_parts(scorer, columns, background)
    monkeypatch.setattr(treeshap, "CELLS", 1)  # one row at a time
    single = treeshap.shap_parts(scorer, columns, background)
    np.testing.assert_array_equal(whole[0], single[0])
    np.testing.assert_allclose(whole[1], single[1], atol=1e-9)


def test_texts_without_a_known_word_leave_a_model_that_still_scores():
    rows = make_mixed(table=False, n=60)
    nothing = replace(rows, frame=pandas.DataFrame({"note": pandas.Series([None] * 60, dtype=object)}))
    made = families["xgboost"].fit(nothing, describe(rows, rows), QUICK)
    assert made.settings["entries"] == {"note: word": 0, "note: characters": 0}
    assert prove(made.record, made.library_scores(rows), rows) <= 1e-4
    assert np.ptp(make_scorer(made.record).link_scores(rows.frame, 60)) < 1e-6


def test_golden_rows_hold_words_of_the_trees_and_notice_another_vocabulary(alone):
    record = alone[1]
    scorer = make_scorer(record)
    golden = make_golden({"xgboost": scorer}, scorer.features)
    words = {word for text in golden.columns["note"] for word in text.split()}
    assert {"chest", "mild", "patient"} <= words <= set(record.blocks[0].vocabulary)
    assert check_golden(golden, "xgboost", scorer) == 0.0
    block = record.blocks[0]
    other = replace(record, blocks=(replace(block, vocabulary=block.vocabulary[::-1]), record.blocks[1]))
    with pytest.raises(BundleError):
        check_golden(golden, "xgboost", make_scorer(other))


@pytest.mark.parametrize(
    "entry",
    ["", " ", "a b c d e f", "<script>alert(1)</script>", "\x00\u202e", "¬pain", "x" * 10_000],
)
def test_a_hostile_entry_is_data_that_changes_no_other_word(entry, alone):
    """In the place of a word that no tree asks for, so that every score must stay."""
    rows, record = alone
    block = record.blocks[0]
    asked = {int(name[1:]) for name in BoostedScorer(record).booster.get_score()}
    idle = next(i for i in range(len(block.vocabulary)) if i not in asked)
    vocabulary = (*block.vocabulary[:idle], entry, *block.vocabulary[idle + 1 :])
    hostile = replace(record, blocks=(replace(block, vocabulary=vocabulary), record.blocks[1]))
    read = model_from_json(boosted_to_json(hostile), record.native)
    assert read.blocks[0].vocabulary == vocabulary
    before, after = (make_scorer(m).link_scores(rows.frame, len(rows)) for m in (record, read))
    np.testing.assert_array_equal(before, after)
