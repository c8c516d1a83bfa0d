"""Which row is used for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SplitMethod = Literal["stratified", "random", "group", "time"]


@dataclass(frozen=True, kw_only=True)
class Split:
    """Row ids of the three parts. `fingerprint` is the SHA-256 of the ids, part by part."""

    method: SplitMethod
    seed: int
    train: tuple[str, ...]
    calibration: tuple[str, ...]
    test: tuple[str, ...]
    fingerprint: str
