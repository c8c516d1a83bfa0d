"""A table that has passed the door: typed, named, its target coded. Inside, trust it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from interpretable.records.concept import ConceptLabels
from interpretable.records.task import Task

if TYPE_CHECKING:
    import pandas

Part = Literal["all", "train", "calibration", "test"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the rows came from."""

    name: str  # file name only, never a path
    sha256: str
    rows_read: int
    rows_dropped: int = 0  # rows without a target, where the task says to drop them


@dataclass(frozen=True, eq=False, kw_only=True)
class Dataset:
    """Rows of one part of the data.

    frame : one column per `task.columns`, in that order. number: float64 with NaN; category, ordinal,
        boolean and text: object column of str with None where missing. Missing codes are already None.
    target : binary 0/1 (int64), multiclass index into `classes` (int64), regression float64.
    """

    task: Task
    frame: pandas.DataFrame
    row_ids: np.ndarray  # str objects, unique
    target: np.ndarray | None
    classes: tuple[str, ...] = ()  # binary: (negative, positive); regression: ()
    part: Part = "all"
    origin: np.ndarray | None = None  # None means all real; else "real" or "synthetic" per row
    groups: np.ndarray | None = None  # values of task.group
    times: np.ndarray | None = None  # values of task.time, sortable
    source: Source = field(default_factory=lambda: Source(name="", sha256="", rows_read=0))
    concept_labels: ConceptLabels | None = None  # hand labels, where the task names some
    weights: np.ndarray | None = None  # f8[n] of each row in a fit; None means all 1
    made_from: np.ndarray | None = None  # of generated rows: frozensets of the ids of rows shown for them

    def __len__(self) -> int:
        return len(self.row_ids)

    @property
    def features(self) -> pandas.DataFrame:
        """The columns a model may use."""
        return self.frame[[c.name for c in self.task.features]]

    @property
    def inputs(self) -> pandas.DataFrame:
        """The columns that decide whether two rows are alike: derived ones follow from these.

        Texts behind concepts count, approved or not: an approval must not move rows between the parts.
        """
        asked = {c.column for c in self.task.concepts}
        own = [c.name for c in self.task.columns if not c.concept and (not c.exclude or c.name in asked)]
        return self.frame[own]

    @property
    def has_synthetic(self) -> bool:
        return self.origin is not None and bool((self.origin == "synthetic").any())

    @property
    def is_real(self) -> np.ndarray:
        """bool[n]: rows that somebody lived."""
        if self.origin is None:
            return np.ones(len(self), dtype=bool)
        return np.asarray(self.origin != "synthetic", dtype=bool)

    @property
    def real(self) -> Dataset:
        """The real rows alone, each with weight 1; the dataset itself where there are no others."""
        if not self.has_synthetic:
            return self
        return replace(self.take(np.flatnonzero(self.is_real)), weights=None, made_from=None, origin=None)

    def sample(self, most: int, *, seed: int) -> Dataset:
        """At most so many rows drawn at random, in their order; the dataset itself where it is no larger."""
        if len(self) <= most:
            return self
        return self.take(np.sort(np.random.default_rng(seed).permutation(len(self))[:most]))

    def take(self, positions: np.ndarray, part: Part | None = None) -> Dataset:
        """The rows at these positions, as a dataset of their own."""

        def pick(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[positions]

        return replace(
            self,
            frame=self.frame.iloc[positions].reset_index(drop=True),
            row_ids=self.row_ids[positions],
            target=pick(self.target),
            origin=pick(self.origin),
            groups=pick(self.groups),
            times=pick(self.times),
            weights=pick(self.weights),
            made_from=pick(self.made_from),
            concept_labels=None if self.concept_labels is None else self.concept_labels.take(positions),
            part=part or self.part,
        )
