"""The models of a study over repeated cross-validation: means, leads with intervals, who would have won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interpretable.evaluate.choose import METRIC, Candidate, choose
from interpretable.records.evaluation import Figure
from interpretable.records.resampling import RepeatedLead, RepeatedModel
from interpretable.records.task import Task
from interpretable.stats import repeated

HIGHER = ("auroc", "r2", "accuracy")


@dataclass(frozen=True, eq=False, kw_only=True)
class Fold:
    """Metrics of every model on the rows of one fold."""

    repeat: int
    learned: int  # rows
    predicted: int
    figures: dict[str, dict[str, float]]  # model -> metric -> value


def complete(folds: Sequence[Fold], metric: str) -> list[Fold]:
    """Folds in which the metric is defined for every model."""
    return [fold for fold in folds if all(metric in found for found in fold.figures.values())]


def _values(folds: Sequence[Fold], model: str, metric: str) -> np.ndarray:
    return np.array([fold.figures[model][metric] for fold in folds])


def _by_repeat(folds: Sequence[Fold], values: np.ndarray) -> np.ndarray:
    """Mean per repeat."""
    number = np.array([fold.repeat for fold in folds])
    return np.array([values[number == repeat].mean() for repeat in np.unique(number)])


def ratio(folds: Sequence[Fold]) -> float:
    """Rows predicted per row learned from, as the variance correction needs it."""
    return float(np.mean([f.predicted for f in folds]) / np.mean([f.learned for f in folds]))


def spread(folds: Sequence[Fold], candidates: Sequence[Candidate], task: Task) -> tuple[RepeatedModel, ...]:
    """Mean and spread of each model, and in how many repeats it would have been chosen."""
    metric, winners, found = METRIC[task.kind], _winners(folds, candidates, task), []
    for one in candidates:
        values = _values(folds, one.name, metric)
        means = _by_repeat(folds, values)
        found.append(
            RepeatedModel(
                model=one.name,
                glass_box=one.glass_box,
                mean=float(values.mean()),
                spread=float(values.std(ddof=1)) if len(values) > 1 else 0.0,
                low=float(means.min()),
                high=float(means.max()),
                won=winners.count(one.name),
            )
        )
    return tuple(found)


def _winners(folds: Sequence[Fold], candidates: Sequence[Candidate], task: Task) -> list[str]:
    """The model chosen in each repeat, by the rule that chose the model in use."""
    chosen = []
    for repeat in sorted({fold.repeat for fold in folds}):
        own = [fold for fold in folds if fold.repeat == repeat]
        fresh = []
        for one in candidates:
            each = tuple(fold.figures[one.name] for fold in own)
            shared = set.intersection(*(set(found) for found in each))
            whole = {name: float(np.mean([found[name] for found in each])) for name in sorted(shared)}
            fresh.append(Candidate(one.name, one.glass_box, whole, each, one.terms))
        chosen.append(choose(task, fresh).selected)
    return chosen


def leads(
    folds: Sequence[Fold], candidates: Sequence[Candidate], task: Task, *, selected: str, margin: float
) -> tuple[RepeatedLead, ...]:
    """The lead of the model in use over each other one; needs two folds. Black boxes first."""
    metric, found = METRIC[task.kind], []
    sign = 1.0 if metric in HIGHER else -1.0
    mine = _values(folds, selected, metric)
    for one in sorted(candidates, key=lambda c: c.glass_box):
        if one.name != selected:
            ahead = sign * (mine - _values(folds, one.name, metric))
            behind = int((_by_repeat(folds, ahead) < -margin).sum())
            lead = repeated.lead(ahead, test_to_train=ratio(folds))
            found.append(_lead(one, lead, margin=margin, behind=behind))
    return tuple(found)


def _lead(other: Candidate, lead: repeated.Lead, *, margin: float, behind: int) -> RepeatedLead:
    low, high = lead.interval()
    worse, same, better = repeated.rope(lead, margin=margin)
    seen = repeated.detectable(lead.error, freedom=lead.freedom) if lead.error > 0.0 else None
    return RepeatedLead(
        model=other.name,
        glass_box=other.glass_box,
        lead=Figure(value=lead.mean, low=low, high=high, method="corrected t"),
        lower=lead.bound(0.05),
        upper=lead.bound(0.95),
        verdict=repeated.verdict(lead, margin=margin),
        p_worse=worse,
        p_same=same,
        p_better=better,
        behind=behind,
        detectable=seen,
    )


def guessing(folds: Sequence[Fold], task: Task, *, selected: str) -> tuple[str, float, float] | None:
    """Metric, its value for guessing, and the one-sided lower 95 % bound of the model in use."""
    metric, floor = ("r2", 0.0) if task.kind == "regression" else ("auroc", 0.5)
    able = [fold for fold in folds if metric in fold.figures[selected]]
    if len(able) < 2:
        return None
    lead = repeated.lead(_values(able, selected, metric) - floor, test_to_train=ratio(able))
    return metric, floor, lead.bound(0.05) + floor
