"""Robustness: what small errors in the inputs do to the estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas

from interpretable.evaluate.judged import Judged, mean_figure
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.diagnostics import Perturbed, Robustness, Sensitivity
from interpretable.records.evaluation import Figure
from interpretable.score.additive import Columns
from interpretable.score.scorer import Scorer, columns_of, predict

SIZES = (0.05, 0.1, 0.2)
SINGLE = 0.2
KEPT = 5_000  # training values a column's quantiles are taken from


class Noise:
    """Errors in the scale of each column as the training rows show it.

    A number moves to another quantile: its own plus a normal error of standard deviation `size`, reflected at
    both ends, so that it stays among values that occur. A level is replaced, with probability `size`, by one
    drawn from the training rows. What is missing stays missing; free text is left as it is.
    """

    def __init__(self, train: Dataset, features: Sequence[Feature]):
        self.kinds = {f.name: f.kind for f in features if f.kind != "text"}
        self._known = {name: _known(train.frame[name], kind) for name, kind in self.kinds.items()}

    def of(self, name: str, values: np.ndarray, *, size: float, random: np.random.Generator) -> np.ndarray:
        """The column with errors."""
        known = self._known.get(name)
        if known is None or len(known) == 0:
            return values
        if self.kinds[name] == "number":
            return _moved(known, values, size, random)
        changed = np.array(values, dtype=object)
        hit = (random.random(len(values)) < size) & ~pandas.isna(
            pandas.Series(values, dtype=object)
        ).to_numpy()
        changed[hit] = known[random.integers(0, len(known), int(hit.sum()))]
        return changed


def _known(column: pandas.Series, kind: str) -> np.ndarray:
    seen = column.dropna().to_numpy()
    seen = seen[:: max(len(seen) // KEPT, 1)]
    return np.sort(seen.astype(float)) if kind == "number" else np.asarray(seen, dtype=object)


def _moved(known: np.ndarray, values: np.ndarray, size: float, random: np.random.Generator) -> np.ndarray:
    numbers, count = np.asarray(values, dtype=float), len(known)
    low = np.searchsorted(known, numbers, side="left") / count
    high = np.searchsorted(known, numbers, side="right") / count
    place = low + random.random(len(numbers)) * (high - low)  # ties share the quantiles between them
    place = np.mod(place + random.normal(0.0, size, len(numbers)), 2.0)
    place = np.where(place > 1.0, 2.0 - place, place)
    moved = known[np.minimum((place * count).astype(np.int64), count - 1)]
    return np.where(np.isnan(numbers), np.nan, moved)


def find_robustness(
    scorers: Mapping[str, Scorer], train: Dataset, test: Dataset, names: Sequence[str], *, repeats: int = 5,
    seed: int = 0,
) -> Robustness | None:  # fmt: skip
    """Loss, AUROC and changed answers under noise, for each model; column by column for the first.

    Every model sees the same noise. Intervals are Student's over rows, of each row's mean over the repeats.
    None where the models read nothing but text.

    Parameters
    ----------
    scorers : model name -> model, the one in use first
    names : columns looked at one by one
    """
    features = tuple({f.name: f for s in scorers.values() for f in s.features}.values())
    noise = Noise(train, features)
    if not noise.kinds or len(test) == 0:
        return None
    plain = {
        name: Judged(rows=test, predicted=predict(s, columns_of(s, test), len(test)))
        for name, s in scorers.items()
    }
    curve = [_none(name, judged) for name, judged in plain.items()]
    for size in SIZES:
        drawn = [_drawn(noise, test, size=size, seed=(seed, repeat)) for repeat in range(repeats)]
        curve += [_perturbed(name, s, plain[name], drawn, size) for name, s in scorers.items()]
    first = next(iter(scorers))
    single = [
        _sensitivity(name, scorers[first], plain[first], noise, repeats=min(repeats, 3), seed=seed)
        for name in names
        if name in noise.kinds
    ]
    single.sort(key=lambda s: -s.moved)
    return Robustness(
        n=len(test), repeats=repeats, curve=tuple(curve), single_size=SINGLE, features=tuple(single)
    )


def _drawn(noise: Noise, test: Dataset, *, size: float, seed: tuple[int, int]) -> Columns:
    random = np.random.default_rng([*seed, int(1000 * size)])
    columns = {name: test.frame[name].to_numpy() for name in test.frame.columns}
    return {name: noise.of(name, values, size=size, random=random) for name, values in columns.items()}


def _none(name: str, judged: Judged) -> Perturbed:
    still = Figure(value=0.0, low=0.0, high=0.0)
    flips = None if judged.task.kind == "regression" else still
    return Perturbed(
        model=name, size=0.0, loss=float(judged.loss.mean()), change=still, auroc=judged.auroc(), moved=0.0,
        flips=flips,
    )  # fmt: skip


def _perturbed(name: str, scorer: Scorer, plain: Judged, drawn: Sequence[Columns], size: float) -> Perturbed:
    told = [plain.with_predicted(predict(scorer, columns, len(plain))) for columns in drawn]
    change = np.mean([one.loss for one in told], axis=0) - plain.loss
    areas = [area for one in told if (area := one.auroc()) is not None]
    return Perturbed(
        model=name, size=size, loss=float(plain.loss.mean() + change.mean()), change=mean_figure(change),
        auroc=float(np.mean(areas)) if areas else None, moved=_moved_by(plain, told),
        flips=_flips(plain, told),
    )  # fmt: skip


def _moved_by(plain: Judged, told: Sequence[Judged]) -> float:
    return float(np.mean([np.abs(one.predicted - plain.predicted).mean() for one in told]))


def _flips(plain: Judged, told: Sequence[Judged]) -> Figure | None:
    if plain.task.kind == "regression":
        return None
    return mean_figure(np.mean([one.side != plain.side for one in told], axis=0))


def _sensitivity(
    name: str, scorer: Scorer, plain: Judged, noise: Noise, *, repeats: int, seed: int
) -> Sensitivity:
    columns, told = columns_of(scorer, plain.rows), []
    if name not in columns:
        told = [plain]
    for repeat in range(repeats if name in columns else 0):
        random = np.random.default_rng([seed, repeat, *name.encode()])
        changed = {**columns, name: noise.of(name, columns[name], size=SINGLE, random=random)}
        told.append(plain.with_predicted(predict(scorer, changed, len(plain))))
    change = np.mean([one.loss for one in told], axis=0) - plain.loss
    flips = _flips(plain, told)
    return Sensitivity(
        feature=name, moved=_moved_by(plain, told), change=mean_figure(change),
        flips=None if flips is None else flips.value,
    )  # fmt: skip
