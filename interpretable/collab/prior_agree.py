"""What was said beside what a fitted model has learned: where they disagree is for a person to look at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.priorfile import is_directed
from interpretable.explain.directions import FLOOR, Places, curves_of, places_of
from interpretable.records.additive import TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior, SaidScore, ScoreFit, Way, WayFit
from interpretable.score.scorer import AdditiveScorer, Scorer

ROWS = 200  # rows that the rest of the values are taken from, at most
FEWEST = 5  # rows behind a level
SPLIT = 0.5  # answers that agree less say nothing
TURNS = 0.2  # a way back below this share of the way there is no turn
LISTED = 8  # disagreements named


def fitted_way(estimate: np.ndarray, floor: float) -> Way:
    """Up, down, none or turns: by the longest rise and the longest fall of a curve f8[m]."""
    fall = float(np.max(np.maximum.accumulate(estimate) - estimate))
    rise = float(np.max(np.maximum.accumulate(-estimate) + estimate))
    if max(rise, fall) < floor:
        return "none"
    if min(rise, fall) < TURNS * max(rise, fall):
        return "up" if rise > fall else "down"
    return "turns"


def compare_ways(prior: Prior, scorer: Scorer, train: Dataset, *, seed: int) -> Iterator[WayFit]:
    """Every direction that was said, beside the model's curve (classes have none)."""
    if train.task.kind == "multiclass":
        return
    known = {f.name for f in scorer.features}
    spread = 1.0 if train.task.kind == "binary" else float(np.std(train.target))
    few = train.sample(ROWS, seed=seed)
    for said in prior.ways:
        column = train.task.column(said.column)
        places = places_of(column, train.frame[column.name].to_numpy()) if column.name in known else None
        if places is None or not is_directed(column) or said.sure < SPLIT:
            continue
        _, estimate = curves_of(scorer, few, column.name, places)
        way = fitted_way(estimate, FLOOR["binary" if spread == 1.0 else "regression"] * spread)
        yield WayFit(column=column.name, said=said.way, sure=said.sure, fitted=way, agrees=said.way == way)


def compare_scores(prior: Prior, scorer: Scorer, train: Dataset, *, seed: int) -> Iterator[ScoreFit]:
    """Signs of levels and words, column by column, where one score is said for each."""
    if prior.classes:
        return
    for column in dict.fromkeys(s.column for s in prior.levels):
        said = [s for s in prior.levels if s.column == column]
        yield from _signs("levels", column, said, _level_effects(scorer, train, column, said, seed=seed))
    for column in dict.fromkeys(s.column for s in prior.words):
        said = [s for s in prior.words if s.column == column]
        yield from _signs("words", column, said, _word_effects(scorer, column))


def _level_effects(
    scorer: Scorer, train: Dataset, column: str, said: list[SaidScore], *, seed: int
) -> dict[str, float]:
    """Each level's mean link score against the mean over the levels' rows."""
    if column not in {f.name for f in scorer.features}:
        return {}
    values = train.frame[column].to_numpy()
    counts = {s.name: int(np.count_nonzero(values == s.name)) for s in said}
    kept = [name for name, n in counts.items() if n >= FEWEST]
    if len(kept) < 2:
        return {}
    shares = np.array([counts[name] for name in kept], dtype=float)
    link, _ = curves_of(scorer, train.sample(ROWS, seed=seed), column, Places(list(kept), shares))
    return dict(zip(kept, (link - np.average(link, weights=shares)).tolist(), strict=True))


def _word_effects(scorer: Scorer, column: str) -> dict[str, float]:
    if not isinstance(scorer, AdditiveScorer):
        return {}
    for term in scorer.model.terms:
        if not isinstance(term, TokenTerm) or term.rule.units != "word" or term.counts is None:
            continue
        if scorer.model.features[term.feature].name == column:
            common = np.flatnonzero(term.counts >= FEWEST)
            return {term.vocabulary[i]: float(term.weights[i, 0]) for i in common}
    return {}


def _signs(kind: str, column: str, said: list[SaidScore], fitted: dict[str, float]) -> Iterator[ScoreFit]:
    middle = float(np.mean([s.scores[0] for s in said])) if kind == "levels" else 0.0
    pairs = [(s.name, s.scores[0] - middle, fitted[s.name]) for s in said if s.name in fitted]
    pairs = [(name, own, effect) for name, own, effect in pairs if own and effect]
    if not pairs:
        return
    against = sorted(
        ((name, own, effect) for name, own, effect in pairs if own * effect < 0),
        key=lambda one: -abs(one[1] * one[2]),
    )
    yield ScoreFit(
        kind="levels" if kind == "levels" else "words", column=column, compared=len(pairs),
        agree=len(pairs) - len(against), against=tuple(name for name, _, _ in against[:LISTED]),
    )  # fmt: skip
