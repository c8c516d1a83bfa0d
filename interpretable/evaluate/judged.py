"""Rows and what a model said about them: what each row cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from interpretable.evaluate.figure import mean_loss, proportion, whole
from interpretable.evaluate.real import checked
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.stats import bootstrap, calibration, metrics
from interpretable.stats.intervals import mean_t

EVEN = 0.5  # the line between sides where the task declares none
RESAMPLES = 400  # of the bootstrap behind each interval here


def metric_of(task: Task) -> str:
    """What `Judged.loss` is."""
    return "mse" if task.kind == "regression" else "log_loss"


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged:
    """Rows with a prediction each. Loss: log loss in nats, or squared error."""

    rows: Dataset
    predicted: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def task(self) -> Task:
        return self.rows.task

    @cached_property
    def target(self) -> np.ndarray:
        return checked(self.task, self.rows.target, self.predicted)[0]

    @cached_property
    def loss(self) -> np.ndarray:
        """f8[n]"""
        if self.task.kind == "regression":
            return np.asarray((self.predicted - self.target) ** 2)
        return metrics.log_losses(self.target, self.predicted)

    @cached_property
    def side(self) -> np.ndarray:
        """i8[n]: which answer the row gets: above the line or not, or the most probable class."""
        if self.task.kind == "multiclass":
            return np.asarray(self.predicted.argmax(axis=1))
        cut = EVEN if self.task.cut is None else self.task.cut
        return np.asarray(self.predicted >= cut).astype(np.int64)

    @cached_property
    def wrong(self) -> np.ndarray:
        """f8[n]: 1 where the answer is not what happened; regression: the absolute error."""
        if self.task.kind == "regression":
            return np.abs(self.predicted - self.target)
        return (self.side != self.target).astype(float)

    @cached_property
    def expected(self) -> np.ndarray | None:
        """f8[n]: the loss a model that is right about its own probabilities would have; None for numbers."""
        if self.task.kind == "regression":
            return None
        p = (
            self.predicted
            if self.predicted.ndim == 2
            else np.column_stack([1 - self.predicted, self.predicted])
        )
        return np.asarray(-(p * np.log(metrics.clip(p))).sum(axis=1))

    def take(self, rows: np.ndarray) -> Judged:
        """The rows at these positions."""
        return Judged(rows=self.rows.take(rows), predicted=self.predicted[rows])

    def with_predicted(self, predicted: np.ndarray) -> Judged:
        """The same rows with other predictions."""
        return replace(self, predicted=predicted)

    def events(self, mask: np.ndarray) -> int | None:
        """Events among the rows of a bool[n]; binary only."""
        return int(self.target[mask].sum()) if self.task.kind == "binary" else None

    def auroc(self) -> float | None:
        """None where it is not defined."""
        if self.task.kind == "regression":
            return None
        area = metrics.auroc if self.task.kind == "binary" else metrics.macro_auroc
        found = area(self.target, self.predicted)
        return None if np.isnan(found) else float(found)


def loss_figure(values: np.ndarray, *, seed: int = 0) -> Figure:
    """Mean of f8[n] losses with a bootstrap-t interval."""
    if len(values) == 0:
        return Figure(value=None, reason="no_rows")
    draws = bootstrap.distribution(
        bootstrap.mean_and_error(values), len(values), resamples=RESAMPLES, seed=seed
    )
    return mean_loss(values, draws)


def mean_figure(values: np.ndarray) -> Figure:
    """Mean of f8[n], which may be negative, with Student's interval."""
    if len(values) == 0:
        return Figure(value=None, reason="no_rows")
    return whole(float(values.mean()), mean_t(values) if len(values) > 1 else None, "t")


def wrong_figure(task: Task, values: np.ndarray) -> Figure:
    """Share of wrong answers with Wilson's interval, or the mean absolute error with Student's."""
    if task.kind == "regression":
        return mean_figure(values)
    return proportion(int(values.sum()), len(values), empty="no_rows")


def oe_figure(judged: Judged, mask: np.ndarray) -> Figure | None:
    """Observed over expected events of the rows of a bool[n]; binary only."""
    if judged.task.kind != "binary":
        return None
    found = calibration.oe_ratio(judged.target[mask], judged.predicted[mask])
    if isinstance(found, str):
        return Figure(value=None, reason=found)
    return whole(found[0][0], found[0][1:], found[1])
