"""Rows that nobody lived: a type of their own, so that nothing that calibrates or measures can take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from interpretable.records.dataset import Dataset
from interpretable.records.task import Task

if TYPE_CHECKING:
    import pandas

Kind = Literal["row", "text", "paraphrase", "bootstrap", "smote", "shuffled"]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where one generated row came from.

    shown : ids of the training rows that were shown when it was made (for a control: that it was made from)
    """

    kind: Kind
    maker: str  # name of the model or of the control
    shown: tuple[str, ...] = ()
    request_sha256: str = ""
    draw: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Synthetic:
    """Generated rows in the form of `Dataset.frame`, with their outcomes. It is not a Dataset on purpose."""

    task: Task
    classes: tuple[str, ...]
    frame: pandas.DataFrame
    target: np.ndarray
    provenance: tuple[Provenance, ...]  # one per row

    def __len__(self) -> int:
        return len(self.provenance)


class Generator(Protocol):
    """Makes rows from a training part or fold, and from nothing else."""

    name: str

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        """About `rows` rows; fewer where what came was not usable."""
