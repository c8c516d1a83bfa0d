"""Cells that a spreadsheet must not take for a formula."""

from __future__ import annotations

import re

import pandas

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMULA = re.compile(r"[\s\x00-\x1f\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n]")


def neutral(text: str) -> str:
    """The text with an apostrophe in front, where a spreadsheet could run it; plain numbers stay as they are.

    Examples
    --------
    >>> neutral("=1+1"), neutral("-12.5"), neutral("-x")
    ("'=1+1", '-12.5', "'-x")
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def neutral_table(table: pandas.DataFrame) -> pandas.DataFrame:
    """The table with every text cell and header made harmless."""
    safe = table.copy()
    for name in safe.columns:
        if not pandas.api.types.is_numeric_dtype(safe[name]):
            changed = {cell: neutral(cell) for cell in safe[name].unique() if isinstance(cell, str)}
            safe[name] = [changed.get(cell, cell) for cell in safe[name]]
    return safe.rename(columns={name: neutral(str(name)) for name in safe.columns})
