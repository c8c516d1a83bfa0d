"""What a model family is, and what fitting one gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from interpretable.records.additive import AdditiveModel, Feature, Link
from interpretable.records.boosted import BoostedModel
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior
from interpretable.records.task import Level, Task, TaskKind
from interpretable.registry import Registry

LINKS: dict[TaskKind, Link] = {"binary": "logit", "multiclass": "softmax", "regression": "identity"}


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much work a fit may do."""

    seed: int = 0
    level: Level = "standard"
    refits: int = 20  # refits on resampled rows, for the spread
    threads: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict)  # of a search, instead of defaults
    prior: Prior | None = None  # what is expected before any row is seen; some families take it up

    @property
    def quick(self) -> bool:
        return self.level == "quick"


@dataclass(frozen=True, eq=False, kw_only=True)
class Fitted:
    """A fitted model as a record, and the library's own score for the proof that both agree."""

    record: AdditiveModel | BoostedModel
    library_scores: Callable[[Dataset], np.ndarray]  # f8[n, K]
    settings: dict[str, Any] = field(default_factory=dict)  # what a second run needs to give the same model
    notes: dict[str, Any] = field(default_factory=dict)  # records as plain JSON: how the fit came about


class Family(Protocol):
    """One kind of model. `fit` never sees rows other than those it is given."""

    glass_box: bool

    def can_fit(self, task: Task) -> bool:
        """Whether the family is defined for this task."""

    def name(self, task: Task) -> str:
        """How the model is called in the evidence."""

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        """`features` describe all columns the task allows; the family takes those it can read."""


families: Registry[Family] = Registry("families")


def outputs(train: Dataset) -> int:
    """Columns K of the link scores."""
    return len(train.classes) if train.task.kind == "multiclass" else 1
