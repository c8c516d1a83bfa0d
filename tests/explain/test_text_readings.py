"""A text is read back word by word: shares sum to the score, removals are what scoring again gives."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from itertools import pairwise

import numpy as np
import pytest
from factories_models import make_additive, make_text_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.explain import explain_case
from interpretable.explain.context import Context
from interpretable.explain.text import read_texts, read_tokens
from interpretable.models import text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.additive import TextRule
from interpretable.score.domain import fit_domain
from interpretable.score.scorer import AdditiveScorer, make_scorer, predict

notes = st.lists(
    st.sampled_from(
        ["No", "chest", "pain", "CHEST", "Pain!", "胸痛", "e\u0301", "\u202eno", "<b>", "  ", "㍿", "ﷺ"]
    ),
    min_size=1, max_size=10,
).map(" ".join)  # fmt: skip


def row_of(note: str) -> dict[str, np.ndarray]:
    return {
        "age": np.array([40.0]), "dose": np.array([1.0]), "kind": np.array(["a"], dtype=object),
        "note": np.array([note], dtype=object),
    }  # fmt: skip


@settings(deadline=None)
@given(notes, st.sampled_from([1, 3]))
def test_the_shares_of_words_sum_to_what_the_tokens_add(note, outputs):
    scorer = AdditiveScorer(make_additive(outputs=outputs))
    row = row_of(note)
    tokens = read_tokens(scorer, row, outputs - 1)
    for reading in read_texts(scorer, row, outputs - 1):
        shares = sum(mark.contribution for mark in reading.marks)
        assert shares == pytest.approx(sum(t.contribution for t in tokens), abs=1e-9)
        ends = [(m.start, m.end) for m in reading.marks]
        assert ends == sorted(ends)
        assert all(0 <= a < b <= len(note) for a, b in ends)
        assert all(end <= start for (_, end), (start, _) in pairwise(ends))


def test_a_removal_is_the_text_without_the_word_scored_again():
    scorer = AdditiveScorer(make_additive())
    row = row_of("No chest pain, no pain")
    (reading,) = read_texts(scorer, row, 0)
    now = predict(scorer, row, 1)[0]
    by_word = {r.word: r for r in reading.removals}
    assert set(by_word) == {"no", "chest", "pain"}
    for word, without in (
        ("pain", "No chest  no "),
        ("no", " chest pain,  pain"),
        ("chest", "No  pain, no pain"),
    ):
        found = by_word[word]
        assert found.estimate == pytest.approx(now, abs=1e-12)
        assert found.if_removed == pytest.approx(predict(scorer, row_of(without), 1)[0], abs=1e-12)
        gap = scorer.link_scores(row, 1) - scorer.link_scores(row_of(without), 1)
        assert found.effect == pytest.approx(gap[0, 0], abs=1e-12)
    assert by_word["pain"].times == 2


def test_the_share_of_a_word_is_not_the_effect_of_removing_it():
    scorer = AdditiveScorer(make_additive())
    (reading,) = read_texts(scorer, row_of("no chest pain"), 0)
    assert any(abs(r.share - r.effect) > 1e-6 for r in reading.removals)


def test_a_case_tells_unknown_words_and_its_tokens_sum_to_the_terms():
    rows = make_text_rows()
    features = describe(rows, rows)
    scorer = make_scorer(families["text"].fit(rows, features, Effort(level="quick", refits=0)).record)
    columns = {"note": rows.frame["note"].to_numpy()}
    domain = fit_domain(features, columns, len(rows))
    context = Context(task=rows.task, bundle_id="0" * 64, averages=(0.5,), domain=domain)
    row = rows.take(np.array([0]))
    row.frame["note"] = ["severe chest pain zzz qqq xxx yyy www"]
    found = explain_case(scorer, row, context)
    assert found.domain.unknown_words == (("note", 5, 8),)
    assert found.domain.unfamiliar_texts == ("note",)
    assert not found.domain.inside
    for term in found.terms:
        own = [t.contribution for t in found.tokens if t.units == term.units]
        assert sum(own) == pytest.approx(term.contribution, abs=1e-12)


def test_a_comma_inside_a_pair_of_words_has_no_share():
    model = make_additive()
    terms = (*model.terms[:-1], replace(model.terms[-1], vocabulary=("奖", "中 奖", "金", "中")))
    scorer = AdditiveScorer(replace(model, terms=terms))
    (reading,) = read_texts(scorer, row_of("中，奖！金"), 0)
    shares = [mark.contribution for mark in reading.marks]
    assert len(shares) == 5 and shares[1] == shares[3] == 0.0
    assert all(shares[i] for i in (0, 2, 4))
    total = sum(t.contribution for t in read_tokens(scorer, row_of("中，奖！金"), 0))
    assert sum(shares) == pytest.approx(total, abs=1e-12)
    assert {r.word for r in reading.removals} == {"中", "奖", "金"}


def test_with_a_segmenter_a_word_of_several_characters_is_taken_out_whole():
    pytest.importorskip("rjieba")
    model = make_additive()
    rule = TextRule(tokenizer=f"rjieba-{metadata.version('rjieba')}")
    vocabulary = ("呼吸困难", "患者", "否认", "患者 呼吸困难")
    words = replace(model.terms[-1], vocabulary=vocabulary, rule=rule)
    scorer = AdditiveScorer(replace(model, terms=(*model.terms[:-1], words)))
    note = "患者呼吸困难，否认"
    (reading,) = read_texts(scorer, row_of(note), 0)
    assert {r.word for r in reading.removals} == {"呼吸困难", "患者", "否认"}
    assert [note[m.start : m.end] for m in reading.marks] == ["患者", "呼吸困难", "，", "否认"]
