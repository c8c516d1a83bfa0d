"""Rules that label rows: the simplest teacher. The first rule whose conditions all hold gives the label."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One column's value against limits, levels or phrases; every one that is given must hold.

    A missing value fulfils nothing but `missing`.
    """

    column: str
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    is_one_of: tuple[str, ...] = ()  # "is" in the file
    contains: tuple[str, ...] = ()  # any of these phrases, word by word
    missing: bool | None = None


@dataclass(frozen=True, kw_only=True)
class LabelRule:
    label: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True)
class LabelRules:
    """In their order; `otherwise` labels the rows that no rule meets, "" leaves them without a label."""

    rules: tuple[LabelRule, ...]
    otherwise: str = ""
