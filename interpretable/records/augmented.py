"""What came of asking a language model for rows: an account of the answers."""

from __future__ import annotations

from dataclasses import dataclass, field


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
