"""How large a table may be before it is refused, checked before anything is parsed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Upper bounds of one table. The defaults fit a file somebody uploads."""

    bytes: int = 50_000_000
    rows: int = 1_000_000
    columns: int = 2_000
    field: int = 32_768  # characters in one cell
    name: int = 500  # characters in one column name


UPLOAD = Limits()
FILE = Limits(bytes=2_000_000_000, rows=5_000_000)  # training files named on the command line
STREAM = Limits(bytes=2**62, rows=2**62)  # batch scoring: read piece by piece, so only the shape is bounded
