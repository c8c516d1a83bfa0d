"""What hostile sentences inside the data do to a language model's answers: counts, no text of a person."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.beside import Told


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many of so many, with the 95 % interval of Wilson; no interval where there is nothing."""

    count: int
    of: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class AttackTold:
    """One sentence: how often it changed the answer.

    name : code of the sentence; "neutral" asks for nothing and shows how unsteady the answers are anyway
    flipped : rows whose likeliest answer changed
    moved : rows whose likeliest answer became the one that the sentence asks for
    shift : mean change of the chance of that answer
    failures : rows without a readable answer; they are in no rate
    """

    name: str
    flipped: Rate
    moved: Rate
    shift: float | None
    failures: int = 0


@dataclass(frozen=True, kw_only=True)
class AttackFinding:
    """Test rows asked about as they are, and again with each sentence inside one column.

    any_moved : rows moved by at least one hostile sentence, of those read without one
    unread : rows without a readable answer to begin with
    """

    told: Told
    column: str
    rows: int
    attacks: tuple[AttackTold, ...]
    any_moved: Rate
    unread: int = 0
