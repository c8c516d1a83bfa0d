"""What a bundle says of itself, beside its models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class BundleIndex:
    """`models` lists every model of the study; `selected` is the one in use."""

    format: int
    version: str  # of the package that wrote it
    created: str
    selected: str
    models: tuple[str, ...]
    averages: tuple[float, ...]  # training part: rate of each output's outcome, or the mean of the target


@dataclass(frozen=True, kw_only=True)
class GoldenRows:
    """Rows made up from the model's ranges and levels (no row of a person), and the scores they must give."""

    columns: dict[str, list[Any]]  # feature -> values; None where missing
    scores: dict[str, list[list[float]]]  # model -> link scores [n][K]
