"""Golden rows: made-up rows with stored scores; a changed result is noticed, not only a changed file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.errors import BundleError
from interpretable.records.additive import AdditiveModel, Feature, TextRule, TokenTerm
from interpretable.records.boosted import BoostedModel, TextBlock
from interpretable.records.bundle import GoldenRows
from interpretable.score.rounding import rounding_unit
from interpretable.score.scorer import AdditiveScorer, Scorer

ROWS = 32
WORDS = 200  # of one vocabulary, of which rows are made
UNSEEN = "a level never seen"
ALLOWED = {True: 1e-9, False: 1e-4}  # glass box float64, XGBoost float32


def _number(feature: Feature, random: np.random.Generator) -> list[float | None]:
    width = feature.high - feature.low
    values = [
        float(f"{v:.6g}") for v in random.uniform(feature.low - width / 4, feature.high + width / 4, ROWS)
    ]
    return [None if i % 8 == 7 else value for i, value in enumerate(values)]


def _level(feature: Feature, random: np.random.Generator) -> list[str | None]:
    choices = [*(feature.levels[:200] or (feature.typical or UNSEEN,)), UNSEEN, None]
    return [choices[i] for i in random.integers(0, len(choices), ROWS)]


def _text(words: list[str], random: np.random.Generator) -> list[str]:
    return [" ".join(random.choice(words, random.integers(0, 12))) if words else "" for _ in range(ROWS)]


def _vocabulary(scorers: dict[str, Scorer], name: str) -> list[str]:
    """Single words that the models know in this column, some of each; other tokens where none knows words."""
    known = [one for scorer in scorers.values() for one in _known(scorer, name)]
    found: dict[str, None] = {}
    for _, vocabulary in [one for one in known if one[0].units == "word" and one[1]] or known:
        words = [token for token in vocabulary if " " not in token]
        found |= dict.fromkeys(words[:: max(len(words) // WORDS, 1)])
    return list(found)


def _known(scorer: Scorer, name: str) -> Iterator[tuple[TextRule, tuple[str, ...]]]:
    model = getattr(scorer, "model", None)
    for term in model.terms if isinstance(model, AdditiveModel) else ():
        if isinstance(term, TokenTerm) and model.features[term.feature].name == name:
            yield term.rule, term.vocabulary
    for block in model.blocks if isinstance(model, BoostedModel) else ():
        if isinstance(block, TextBlock) and block.feature == name:
            yield block.rule, block.vocabulary


def make_golden(scorers: dict[str, Scorer], features: tuple[Feature, ...], *, seed: int = 0) -> GoldenRows:
    """32 rows over ranges, levels, missing and unseen values, with every model's link scores."""
    random = np.random.default_rng(seed)
    columns: dict[str, list] = {}
    for feature in features:
        if feature.kind == "number":
            columns[feature.name] = _number(feature, random)
        elif feature.kind == "text":
            columns[feature.name] = _text(_vocabulary(scorers, feature.name), random)
        else:
            columns[feature.name] = _level(feature, random)
    rows = GoldenRows(columns=columns, scores={})
    scores = {
        name: scorer.link_scores(_arrays(rows, scorer), ROWS).tolist() for name, scorer in scorers.items()
    }
    return GoldenRows(columns=columns, scores=scores)


def _arrays(rows: GoldenRows, scorer: Scorer) -> dict[str, np.ndarray]:
    return {
        f.name: np.array(
            [np.nan if v is None else v for v in rows.columns[f.name]]
            if f.kind == "number"
            else rows.columns[f.name],
            dtype=np.float64 if f.kind == "number" else object,
        )
        for f in scorer.features
    }


def check_golden(rows: GoldenRows, name: str, scorer: Scorer) -> float:
    """Largest difference from the stored scores; BundleError where it is more than rounding."""
    now = scorer.link_scores(_arrays(rows, scorer), len(rows.scores[name]))
    then = np.array(rows.scores[name])
    gap = float(np.abs(now - then).max())
    if not gap <= ALLOWED[isinstance(scorer, AdditiveScorer)] * rounding_unit(scorer.link, then):
        raise BundleError(
            f"Model {name!r} scores its golden rows up to {gap:.3g} away from when it was made. "
            "The libraries on this machine compute something else: do not use it here."
        )
    return gap
