"""A few sentences on what a small model learned from the training part, for a language model to read first.

After Knowledge Card (Feng et al., 2024) and BLADE (Li et al., 2024), where a small model tells a large one
what it knows of a field. Here the small model is a glass box, so what it knows can be read off its curves and
weights: the card holds no row. Levels and words of fewer than 5 training rows are not named (explain/whole).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from interpretable.records.dataset import Dataset
from interpretable.records.explanation import Curve, CurvePoint, TokenWeight, WholeExplanation
from interpretable.stats.metrics import midranks

MOST = 6  # columns told of
WORDS = 8  # words told of, for and against
SMALLEST = 0.1  # of the largest effect: below, a column is not told of
STEADY = 0.8  # rank correlation from which on a curve is called rising or falling


@dataclass(frozen=True, kw_only=True)
class Card:
    """The text, and the columns it tells of; "" where there is nothing to tell."""

    text: str = ""
    columns: tuple[str, ...] = ()


def make_card(
    whole: WholeExplanation, train: Dataset, codes: Sequence[str], *, columns: Sequence[str]
) -> Card:
    """The card of a glass box.

    Parameters
    ----------
    whole : how the model decides, from the same training part.
    codes : what the language model may answer, one per class.
    columns : names of the columns that may be told of.
    """
    names = {c.name: (c.label or c.name).replace("_", " ") for c in train.task.features}
    order = [i.feature for i in whole.importances if i.feature in columns]
    told: dict[str, str] = {}
    for feature in order:
        said = " ".join(_feature(whole, feature, names[feature], train, codes))
        if said and len(told) < MOST:
            told[feature] = said
    if not told:
        return Card()
    head = f"What {len(train)} past cases showed: {_base(train, codes)}"
    return Card(text=" ".join([head, *told.values()]), columns=tuple(told))


def _base(train: Dataset, codes: Sequence[str]) -> str:
    if train.task.kind == "regression":
        low, middle, high = np.quantile(train.target, [0.25, 0.5, 0.75])
        unit = f" {train.task.target_unit}" if train.task.target_unit else ""
        return f"the middle value was {middle:.4g}{unit}, and half lay between {low:.4g} and {high:.4g}."
    shares = np.bincount(train.target, minlength=len(codes)) / len(train)
    parts = [f"{code} in {round(100 * share)} of 100" for code, share in zip(codes, shares, strict=True)]
    return f"the answer was {', '.join(parts)}."


def _feature(
    whole: WholeExplanation, feature: str, name: str, train: Dataset, codes: Sequence[str]
) -> Iterator[str]:
    """A sentence on a column: its curve that moves the score most, or its words."""
    curves = [c for c in whole.curves if c.feature == feature]
    if curves:
        most = max(_span(c) for c in whole.curves)
        curve = max(curves, key=_span)
        if _span(curve) >= SMALLEST * most > 0:
            yield from _curve(curve, name, _towards(curve.output, train, codes))
    tokens = [t for t in whole.tokens if t.feature == feature]
    for output in dict.fromkeys(t.output for t in tokens):
        yield from _words([t for t in tokens if t.output == output], _towards(output, train, codes))


def _towards(output: str, train: Dataset, codes: Sequence[str]) -> str:
    """What a rising score speaks for."""
    if train.task.kind == "regression":
        return "higher values"
    return codes[train.classes.index(output)] if output else codes[-1]


def _points(curve: Curve) -> list[CurvePoint]:
    return [p for p in curve.points if p.kind in ("bin", "level") and p.count]


def _span(curve: Curve) -> float:
    effects = [p.effect for p in _points(curve)]
    return max(effects) - min(effects) if effects else 0.0


def _curve(curve: Curve, name: str, towards: str) -> Iterator[str]:
    points = _points(curve)
    effects = np.array([p.effect for p in points])  # two at least: they span something
    if points[0].kind == "level":
        high, low = points[int(effects.argmax())], points[int(effects.argmin())]
        yield f"{name}: {high.label} speaks for {towards}, {low.label} against."
        return
    rank = np.corrcoef(np.arange(len(points)), midranks(effects))[0, 1]
    if abs(rank) >= STEADY:
        yield f"Higher {name} speaks {'for' if rank > 0 else 'against'} {towards}."
        return
    top = points[int(effects.argmax())]
    yield f"{name} speaks most for {towards} between {top.low:.4g} and {top.high:.4g}."


def _words(tokens: Sequence[TokenWeight], towards: str) -> Iterator[str]:
    """The words of the largest weights; parts of words and bare numbers say little to a reader."""
    known = [t for t in tokens if t.units == "word" and any(c.isalpha() for c in t.token)]
    order = sorted(known, key=lambda t: t.weight)
    below, above = (
        [t for t in order if t.weight < 0][:WORDS],
        [t for t in order[::-1] if t.weight > 0][:WORDS],
    )
    if above:
        yield f"Words that speak for {towards}: {', '.join(t.token for t in above)}."
    if below:
        yield f"Words that speak against {towards}: {', '.join(t.token for t in below)}."
