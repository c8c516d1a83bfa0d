"""Where a token stood in past texts: few places, few words around, nothing for what is not known."""

from __future__ import annotations

import numpy as np
import pytest
from factories_models import make_text_rows

from interpretable.explain import explain_whole
from interpretable.explain.snippets import AROUND, NEAR, find_snippets
from interpretable.explain.whole import FEW
from interpretable.models import text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.score.scorer import make_scorer
from interpretable.score.texts import factors, reader_of


@pytest.fixture(scope="module")
def fitted():
    rows = make_text_rows()
    settings = {"parts": ["word", "characters"], "C": 10.0}
    effort = Effort(level="quick", refits=0, settings=settings)
    return make_scorer(families["text"].fit(rows, describe(rows, rows), effort).record), rows


def test_a_snippet_is_a_place_of_the_token_in_a_training_text(fitted):
    scorer, rows = fitted
    found = find_snippets(scorer, rows, "note", "pain")
    assert 1 <= len(found) <= 3 and len(set(found)) == len(found)
    notes = " | ".join(str(x) for x in rows.frame["note"])
    for one in found:
        assert one.token.lower() == "pain"
        assert (one.before.removeprefix("…") + one.token + one.after.removesuffix("…")) in notes


def test_a_run_of_characters_and_a_pair_of_words_are_found_too(fitted):
    scorer, rows = fitted
    (spelled, *_) = find_snippets(scorer, rows, "note", " pai", units="characters")
    assert spelled.token.lower() == "pai"
    (pair, *_) = find_snippets(scorer, rows, "note", "chest pain")
    assert pair.token.lower() == "chest pain"


def test_what_the_model_does_not_know_has_no_snippet(fitted):
    scorer, rows = fitted
    assert find_snippets(scorer, rows, "note", "zzz") == ()
    assert find_snippets(scorer, rows, "note", "pain", units="piece") == ()


def test_only_a_few_words_on_each_side_are_shown(fitted):
    scorer, rows = fitted
    long = rows.take(np.arange(2))
    words = [f"w{i}" for i in range(50)]
    long.frame["note"] = [" ".join([*words, "pain", *words]), "x" * 500 + " pain " + "y" * 500]
    few, cut = find_snippets(scorer, long, "note", "pain")
    assert few.before == "…" + " ".join(words[-AROUND:]) + " "
    assert few.after == " " + " ".join(words[:AROUND]) + "…"
    assert len(cut.before) <= NEAR + 1 and len(cut.after) <= NEAR + 1


def test_the_mean_of_a_token_is_what_it_adds_to_texts_that_hold_it(fitted):
    scorer, rows = fitted
    whole = explain_whole(scorer, rows)
    assert {t.units for t in whole.tokens} == {"word", "characters"}
    assert all(t.rows >= FEW for t in whole.tokens)
    term = next(t for t in scorer.model.terms if t.rule.units == "word")
    shown = next(t for t in whole.tokens if t.token == "pain" and t.units == "word")
    place = term.vocabulary.index("pain")
    added = []
    for note in rows.frame["note"]:
        counted = reader_of(term).count([note])
        own = factors(counted, term.idf, term.rule) * term.weights[counted.positions, 0]
        added += own[counted.positions == place].tolist()
    assert len(added) == shown.rows
    assert shown.mean == pytest.approx(np.mean(added), abs=1e-12)
