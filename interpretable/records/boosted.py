"""A boosted-tree model beside its native file: how columns become its matrix, and what follows its margin."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.additive import Feature, Link, OutputMap, TextRule


@dataclass(frozen=True, kw_only=True)
class NumberBlock:
    """One matrix column: the number itself, NaN where missing.

    A linear model cannot read NaN: with `scaled` the value becomes (clip(x, low, high) - centre) / scale,
    missing values become 0, and `indicator` adds a second column that is 1 where the value is missing.
    """

    feature: str
    scaled: bool = False
    low: float = 0.0
    high: float = 0.0
    centre: float = 0.0
    scale: float = 1.0
    indicator: bool = False


@dataclass(frozen=True, kw_only=True)
class LevelBlock:
    """One 0/1 column per code; several levels may share one; a missing or unknown level is all zeros,
    except that `indicator` adds a column that is 1 where the value is missing."""

    feature: str
    labels: tuple[str, ...]
    codes: tuple[int, ...]  # 1-based column of each label
    indicator: bool = False


Block = NumberBlock | LevelBlock


@dataclass(frozen=True, eq=False, kw_only=True)
class TextBlock:
    """One column per entry: how often it stands in the text, and no value where it does not.

    Trees split on order alone, so neither idf nor a logarithm of the count would change them.
    """

    feature: str
    rule: TextRule
    vocabulary: tuple[str, ...]


TreeBlock = Block | TextBlock


@dataclass(frozen=True, eq=False, kw_only=True)
class BoostedModel:
    """`slope` and `intercept` are Platt's map on the margin (multiclass: a temperature, `intercept` 0)."""

    family: str
    link: Link
    classes: tuple[str, ...]
    features: tuple[Feature, ...]
    blocks: tuple[TreeBlock, ...]
    native: bytes  # XGBoost's own UBJSON
    slope: float = 1.0
    intercept: float = 0.0
    post: OutputMap | None = None  # after the link
