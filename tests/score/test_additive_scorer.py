"""The reference scorer against a second, plain-Python reading of the record."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from factories_models import make_additive, make_columns
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.records.additive import AdditiveModel, Axis, LinearTerm, TableTerm, Term
from interpretable.score import additive
from interpretable.score.coding import code
from interpretable.score.output import log_odds, to_prediction
from interpretable.score.scorer import AdditiveScorer

numbers = st.one_of(
    st.none(),
    st.floats(-200, 200),
    st.sampled_from([30.0, 50.0, 70.0, 1.0, math.inf, -math.inf, 0.0, -0.0]),
)
levels = st.sampled_from(["a", "b", "c", "unheard of", None])
notes = st.sampled_from([None, "", "no chest pain", "Chest pain, chest pain!", "nothing of it", "胸痛 no"])


def cell_by_hand(axis: Axis, value: object) -> int:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return 0
    if axis.cuts is not None:
        return 1 + sum(1 for cut in axis.cuts if value >= cut)
    return dict(zip(axis.labels, axis.codes, strict=True)).get(value, max(axis.codes) + 1)


def tokens_by_hand(text: str | None) -> list[str]:
    import re

    words = re.findall(r"[a-z]+|[胸痛]", (text or "").lower())
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def term_by_hand(model: AdditiveModel, term: Term, row: dict) -> np.ndarray:
    values = [row[model.features[i].name] for i in term.features]
    if isinstance(term, TableTerm):
        return term.scores[tuple(cell_by_hand(a, v) for a, v in zip(term.axes, values, strict=True))]
    if isinstance(term, LinearTerm):
        if values[0] is None:
            return term.missing
        return term.slope * min(max(values[0], term.low), term.high) + term.offset
    grams = tokens_by_hand(values[0])
    factors = {
        i: (1 + math.log(grams.count(t))) * term.idf[i] for i, t in enumerate(term.vocabulary) if t in grams
    }
    length = math.sqrt(sum(f * f for f in factors.values())) or 1.0
    return sum((f / length * term.weights[i] for i, f in factors.items()), np.zeros(term.weights.shape[1]))


@settings(deadline=None)
@given(numbers, levels, numbers, notes, st.sampled_from([1, 3]))
def test_the_score_is_the_constant_plus_every_term_read_by_hand(age, kind, dose, note, outputs):
    model = make_additive(outputs=outputs)
    row = {"age": age, "kind": kind, "dose": dose, "note": note}
    expected = model.intercept + sum(term_by_hand(model, term, row) for term in model.terms)
    columns = make_columns(
        [math.nan if age is None else age], [kind], [math.nan if dose is None else dose], [note]
    )
    np.testing.assert_allclose(additive.link_scores(model, columns, 1)[0], expected, atol=1e-12)


@settings(deadline=None)
@given(numbers, levels, numbers, notes)
def test_every_effect_is_what_scoring_again_with_the_typical_value_gives(age, kind, dose, note):
    scorer = AdditiveScorer(make_additive(outputs=3))
    columns = make_columns(
        [math.nan if age is None else age], [kind], [math.nan if dose is None else dose], [note]
    )
    effects = scorer.effects(columns, 1)[0]
    for position, spec in enumerate(scorer.features):
        changed = dict(columns)
        changed[spec.name] = np.array([spec.typical], dtype=float if spec.kind == "number" else object)
        gap = scorer.link_scores(columns, 1) - scorer.link_scores(changed, 1)
        np.testing.assert_allclose(effects[position], gap[0], atol=1e-12)


def test_infinities_fall_in_the_end_bins_and_a_value_on_a_cut_goes_up():
    axis = Axis(cuts=np.array([30.0, 50.0]))
    cells = code(axis, np.array([-math.inf, 29.9, 30.0, 50.0, math.inf, math.nan]))
    assert cells.tolist() == [1, 1, 2, 3, 3, 0]


def test_missing_and_unknown_levels_are_different_cells():
    axis = Axis(labels=("a", "b"), codes=(1, 2))
    assert code(axis, np.array([None, "a", "b", "z"], dtype=object)).tolist() == [0, 1, 2, 3]


def test_refit_scores_follow_the_bags():
    model = make_additive(bags=2)
    columns = make_columns([40.0], ["a"], [20.0], [""])
    found = additive.refit_scores(model, columns, 1)
    table, levels_, line, pair, _ = model.terms
    for bag in range(2):
        slope, offset, _ = line.bags[bag]
        expected = (
            model.bag_intercept[bag] + table.bags[bag][2] + levels_.bags[bag][1]
            + slope * 10.0 + offset + pair.bags[bag][2, 2]
        )  # fmt: skip
        np.testing.assert_allclose(found[bag, 0], expected, atol=1e-12)


def test_probabilities_of_classes_sum_to_one_and_the_log_odds_agree():
    scores = np.array([[2.0, -1.0, 0.5], [800.0, -800.0, 0.0]])
    chances = to_prediction("softmax", scores)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    odds = log_odds(scores, np.array([0, 0]))
    assert odds[0] == pytest.approx(math.log(chances[0, 0] / (1 - chances[0, 0])))
