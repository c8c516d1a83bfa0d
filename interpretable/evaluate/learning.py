"""Would more rows, or fewer columns, do? Learning curve and size dependency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from interpretable.evaluate.judged import Judged, loss_figure, mean_figure
from interpretable.records.dataset import Dataset
from interpretable.records.diagnostics import Learning, LearningPoint, SizeDependency, SizePoint
from interpretable.score.additive import typical_values
from interpretable.score.scorer import Scorer, columns_of, predicted

NEAR = 0.02  # share of the loss within which fewer columns count as enough
SMALL = 0.01  # a gain below this share of the loss is none to speak of
FEWEST_PER_CLASS = 5


def nested_order(train: Dataset, *, seed: int) -> np.ndarray:
    """Row positions of which any first part is a sample: classes in proportion, groups whole."""
    random = np.random.default_rng(seed)
    if train.groups is not None:
        unit = np.unique(train.groups.astype(str), return_inverse=True)[1]
        return np.argsort(random.permutation(int(unit.max()) + 1)[unit], kind="stable")
    order = random.permutation(len(train))
    if train.task.kind == "regression":
        return order
    place = np.empty(len(train))
    for label in np.unique(train.target):
        rows = order[train.target[order] == label]
        place[rows] = (np.arange(len(rows)) + random.random()) / len(rows)
    return np.argsort(place, kind="stable")


def usable(train: Dataset, rows: np.ndarray) -> bool:
    """Whether a model can be fitted on these rows: each class of the training part at least 5 times."""
    if train.task.kind == "regression":
        return len(rows) >= 2 * FEWEST_PER_CLASS
    counts = np.bincount(train.target[rows], minlength=len(train.classes))
    return bool((counts[np.unique(train.target)] >= FEWEST_PER_CLASS).all())


def learning_curve(told: Mapping[int, Sequence[Judged]]) -> Learning | None:
    """Loss on the same test rows by number of training rows.

    The interval of the last step is Student's over test rows, of each row's mean over the repeats: it does
    not hold the chance of another draw of training rows.

    Parameters
    ----------
    told : training rows -> the test rows as judged by each refit on that many
    """
    sizes = sorted(told)
    if len(sizes) < 2:
        return None
    losses = {size: np.mean([one.loss for one in told[size]], axis=0) for size in sizes}
    points = []
    for size in sizes:
        areas = [area for one in told[size] if (area := one.auroc()) is not None]
        points.append(
            LearningPoint(
                rows=size,
                loss=loss_figure(losses[size]),
                repeats=len(told[size]),
                auroc=float(np.mean(areas)) if areas else None,
            )
        )
    step = mean_figure(losses[sizes[-2]] - losses[sizes[-1]])
    low, high = step.low, step.high
    verdict: Literal["helps", "no_gain", "unclear"] = "unclear"
    if low is not None and high is not None:
        small = SMALL * float(losses[sizes[-1]].mean())
        verdict = "helps" if low > 0.0 else "no_gain" if high <= small else "unclear"
    return Learning(points=tuple(points), last_step=step, verdict=verdict)


def size_dependency(
    scorer: Scorer, train: Dataset, test: Judged, names: Sequence[str]
) -> SizeDependency | None:
    """Loss with only the k first columns of `names`, all others at their typical value. Nothing is refitted.

    The mean score over the training rows is kept where it was, so that leaving a column out does not shift
    every estimate.
    """
    known = [name for name in names if any(f.name == name for f in scorer.features)]
    if len(known) < 2:
        return None
    parts = (train, test.rows)
    whole = [scorer.link_scores(columns_of(scorer, rows), len(rows)) for rows in parts]
    points = []
    for k in range(len(known) + 1):
        kept = [_kept(scorer, rows, set(known[:k])) for rows in parts]
        shifted = kept[1] + whole[0].mean(axis=0) - kept[0].mean(axis=0)
        told = test.with_predicted(predicted(scorer, shifted))
        points.append(
            SizePoint(
                features=k,
                added=known[k - 1] if k else "",
                loss=loss_figure(told.loss),
                auroc=told.auroc(),
                behind=mean_figure(told.loss - test.loss),
            )
        )
    near = NEAR * float(test.loss.mean())
    enough = max((p.features + 1 for p in points[:-1] if p.behind.value > near), default=0)
    return SizeDependency(points=tuple(points), enough=enough)


def _kept(scorer: Scorer, rows: Dataset, kept: set[str]) -> np.ndarray:
    columns = columns_of(scorer, rows)
    typical = {
        f.name: typical_values(f.kind, f.typical, len(rows)) for f in scorer.features if f.name not in kept
    }
    return scorer.link_scores({**columns, **typical}, len(rows))
