"""What training rows looked like: ranges, levels, combinations never seen, distance from the middle."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class NumberRange:
    feature: str
    low: float  # training range, widened by a tenth on either side
    high: float
    cuts: tuple[float, ...]  # cells for combinations
    centre: float  # for the distance
    scale: float


@dataclass(frozen=True, kw_only=True)
class LevelSet:
    feature: str
    levels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TextRange:
    """The words of a text column, and how many unknown ones a text like the training texts has.

    With u of n words unknown, a text scores (u - n * usual) / sqrt(n * usual * (1 - usual) + 1).
    """

    feature: str
    tokenizer: str  # how words are found
    words: tuple[str, ...]  # of at least two training texts
    usual: float  # share of unknown words in training texts held out of the list
    limit: float  # the score that 1 in 100 such texts exceeds


@dataclass(frozen=True, kw_only=True)
class RareCell:
    """A combination that training rows hardly ever had, though chance would have given `expected` of them."""

    first: str
    first_cell: int
    second: str
    second_cell: int
    observed: int
    expected: float


@dataclass(frozen=True, kw_only=True)
class DomainModel:
    numbers: tuple[NumberRange, ...] = ()
    levels: tuple[LevelSet, ...] = ()
    texts: tuple[TextRange, ...] = ()
    rare: tuple[RareCell, ...] = ()
    precision: tuple[tuple[float, ...], ...] = ()  # inverse covariance of the scaled numbers
    distance_limit: float = 0.0
    distance_quantiles: tuple[float, ...] = field(default_factory=tuple)  # 0, 1, ..., 100 % of training rows
