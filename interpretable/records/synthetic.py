"""Rows that nobody lived: a type of their own, so that nothing that calibrates or measures can take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from interpretable.records.dataset import Dataset
from interpretable.records.task import Task

if TYPE_CHECKING:
    import pandas

Kind = Literal[
    "row", "text", "paraphrase", "bootstrap", "smote", "shuffled", "labelled"
]  # labelled: a real row whose outcome is a machine's


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

    def take(self, positions: np.ndarray) -> Synthetic:
        """The rows at these positions."""
        return replace(
            self,
            frame=self.frame.iloc[positions].reset_index(drop=True),
            target=self.target[positions],
            provenance=tuple(self.provenance[i] for i in positions),
        )


def joined(parts: Sequence[Synthetic]) -> Synthetic:
    """The rows of several sets of one task, one after the other; there must be one set at least."""
    import pandas

    kept = [part for part in parts if len(part)] or list(parts[:1])
    return replace(
        kept[0],
        frame=pandas.concat([part.frame for part in kept], ignore_index=True),
        target=np.concatenate([part.target for part in kept]),
        provenance=tuple(one for part in kept for one in part.provenance),
    )


class Generator(Protocol):
    """Makes rows from a training part or fold, and from nothing else."""

    @property
    def name(self) -> str: ...

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        """About `rows` rows; fewer where what came was not usable."""
