"""The record every glass box compiles to: a constant plus a sum of terms on a link scale.

Cells of an axis: 0 is *missing*, 1..n are the bins or levels, n + 1 is *unknown*. A number x falls in the bin
above every cut <= x, so -inf and +inf fall in the end bins. All scores are float64 with a last dimension K
(outputs): 1 for binary and regression, the number of classes for multiclass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from interpretable.records.negation import NegationRule
from interpretable.records.task import ColumnKind

Link = Literal["identity", "logit", "softmax"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Axis:
    """How one feature is cut into cells: by `cuts` (number) or by `labels` (everything else)."""

    cuts: np.ndarray | None = None  # f8[c], strictly rising: c + 1 bins
    labels: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()  # cell of each label, 1-based; several labels may share one

    @property
    def cells(self) -> int:
        """Number of cells, with the missing and the unknown one."""
        if self.cuts is not None:
            return len(self.cuts) + 3
        return max(self.codes, default=0) + 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Feature:
    """What the model knows of a column: enough to check, code, word and draw it without the training data."""

    name: str
    kind: ColumnKind
    low: float = float("nan")  # training range of a number
    high: float = float("nan")
    levels: tuple[str, ...] = ()  # levels seen in training
    typical: float | str | None = None  # median or most frequent level of the training part; text: ""
    missing_rate: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class TableTerm:
    """A looked-up score over the cells of one or two features."""

    features: tuple[int, ...]
    axes: tuple[Axis, ...]
    scores: np.ndarray  # f8[cells(, cells), K]
    weights: np.ndarray | None = None  # f8[cells(, cells)]: training rows behind each cell
    bags: np.ndarray | None = None  # f8[B, cells(, cells), K]


@dataclass(frozen=True, eq=False, kw_only=True)
class LinearTerm:
    """slope * clip(x, low, high) + offset; a missing value scores `missing`."""

    feature: int
    slope: np.ndarray  # f8[K]
    offset: np.ndarray  # f8[K]
    missing: np.ndarray  # f8[K]
    low: float
    high: float
    bags: np.ndarray | None = None  # f8[B, 3, K]: slope, offset, missing

    @property
    def features(self) -> tuple[int, ...]:
        return (self.feature,)


@dataclass(frozen=True, kw_only=True)
class TextRule:
    """How a text becomes tokens, and each token a factor: plain data, so that a bundle carries it whole.

    units : "word": n-grams of words. "characters": n-grams of characters inside a word, its two borders
        written as a space. "piece": each word cut into the longest known pieces, from its start on.
    norm : the factors of a text are divided by their Euclidean length, by the number of its pieces, or not.
    """

    tokenizer: str = "word-1"  # versioned: see score/tokens.py
    units: Literal["word", "characters", "piece"] = "word"
    ngrams: tuple[int, int] = (1, 2)
    negation: NegationRule | None = None  # words it denies are other words: "¬pain"
    sublinear: bool = True  # tf = 1 + log(count), else the count
    norm: Literal["length", "count", "none"] = "length"


@dataclass(frozen=True, eq=False, kw_only=True)
class TokenTerm:
    """A sum over the tokens of one text: sum_t tf(t) * idf(t) / norm * weight(t)."""

    feature: int
    vocabulary: tuple[str, ...]
    weights: np.ndarray  # f8[V, K]
    idf: np.ndarray  # f8[V]
    rule: TextRule = TextRule()
    counts: np.ndarray | None = None  # f8[V]: training texts that hold each token

    @property
    def features(self) -> tuple[int, ...]:
        return (self.feature,)


@dataclass(frozen=True, eq=False, kw_only=True)
class Clause:
    """One condition of a rule: the feature's value falls in one of these cells of the axis."""

    feature: int
    axis: Axis
    cells: tuple[int, ...]  # rising; may hold the missing and the unknown cell


@dataclass(frozen=True, eq=False, kw_only=True)
class RuleTerm:
    """A score for the rows where every clause holds, 0 for all others: one leaf of a tree, or one rule.

    The clauses of a leaf stand in the order of its path from the root, so that the tree can be drawn again.
    """

    clauses: tuple[Clause, ...]
    scores: np.ndarray  # f8[K]
    weight: float | None = None  # training rows where it holds
    bags: np.ndarray | None = None  # f8[B, K]

    @property
    def features(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(clause.feature for clause in self.clauses))


Term = TableTerm | LinearTerm | TokenTerm | RuleTerm


@dataclass(frozen=True, eq=False, kw_only=True)
class OutputMap:
    """What follows the link of a two-class model: the probability goes through straight lines from knot to
    knot, flat beyond them. It never falls, so it keeps the order of the cases (up to ties)."""

    kind: Literal["isotonic", "venn_abers"]
    x: np.ndarray  # f8[m], strictly rising: probability before
    y: np.ndarray  # f8[m], not falling: probability after, inside 0..1


@dataclass(frozen=True, eq=False, kw_only=True)
class AdditiveModel:
    """Terms are summed in their order here, from the intercept on: another order changes the last bits."""

    family: str
    link: Link
    classes: tuple[str, ...]  # binary: (negative, positive); regression: ()
    features: tuple[Feature, ...]
    terms: tuple[Term, ...]
    intercept: np.ndarray  # f8[K]
    bag_intercept: np.ndarray | None = None  # f8[B, K]
    calibration: dict[str, float] = field(default_factory=dict)  # already folded in: slope, intercept
    post: OutputMap | None = None  # after the link; explanations stay before it

    @property
    def outputs(self) -> int:
        return len(self.intercept)

    def term_name(self, term: Term) -> str:
        return " & ".join(self.features[i].name for i in term.features)
