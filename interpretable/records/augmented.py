"""What came of asking a language model for rows: an account of the answers, and whether the rows help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.beside import Told
from interpretable.records.gate import GateFinding
from interpretable.records.quality import Quality

MakerKind = Literal["row", "text", "paraphrase"]


@dataclass(frozen=True, kw_only=True)
class Account:
    """Rows asked for and rows that could be used. asked == usable + sum of refused.

    refused : code -> rows; a row has one code, the first that applies
    left_out : columns that were not asked for: empty in every generated row
    examples : whether training rows were shown; without, rows were made from the schema alone
    """

    asked: int
    usable: int
    refused: dict[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    examples: bool = True


@dataclass(frozen=True, kw_only=True)
class Augmented:
    """Rows or texts of a language model, judged on real training rows.

    rows : generated rows wanted per fold
    account : of all answers, over all folds and the set that was measured
    quality : of one set as it came, made from half of the training rows, against the other half; None where
        too few rows came
    written : rows that were written to a file the caller named; 0 where none was, or where they do not help
    """

    told: Told
    kind: MakerKind
    rows: int
    account: Account
    gate: GateFinding
    quality: Quality | None = None
    written: int = 0
