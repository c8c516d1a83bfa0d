"""Which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from interpretable.evaluate import compare
from interpretable.explain.directions import direction_of
from interpretable.models.base import Effort, families
from interpretable.models.monotone import enforced
from interpretable.models.train import out_of_fold
from interpretable.records import codec
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Comparison
from interpretable.records.lacking import NotComputed
from interpretable.records.shape import Direction, PairChoice, Price, ShapeEvidence
from interpretable.score.output import to_prediction
from interpretable.stats.intervals import corrected_t
from interpretable.stats.metrics import log_losses
from interpretable.study.material import Material

ROWS = {"standard": 5_000, "audit": 20_000}  # training rows that a price is taken on, at most
SINGLES = {"standard": 3, "audit": 20}  # columns with a price of their own, at most
COLUMNS = 40  # columns whose direction is looked at, at most
BAGS = 4  # the same few for every arm: what counts is the difference
MEASURES = {"binary": ("auroc", "log_loss"), "regression": ("r2", "rmse")}


def inspect(material: Material) -> ShapeEvidence | None:
    """None where no EBM was trained and no column has an expected direction."""
    pairs = _pair_choice(material)
    expected = [c.name for c in material.task.features if c.expected]
    if pairs is None and not expected:
        return None
    if not expected:
        return ShapeEvidence(pairs=pairs)
    if material.task.kind == "multiclass":
        lacking = NotComputed(what="shape_directions", reason="shape_classes")
        return ShapeEvidence(pairs=pairs, not_computed=(lacking,))
    prices, missing = _prices(material)
    return ShapeEvidence(
        pairs=pairs, directions=tuple(_directions(material)), prices=prices, not_computed=missing
    )


def _ebm(material: Material) -> Any:
    return next((t for t in material.fits.trained if t.name == "ebm"), None)


def _pair_choice(material: Material) -> PairChoice | None:
    trained = _ebm(material)
    noted = None if trained is None else trained.notes.get("pairs")
    return None if noted is None else codec.from_plain(noted, PairChoice)


def _directions(material: Material) -> Iterator[Direction]:
    """Every expected direction in the model in use, and in the EBM where that is another."""
    names = [material.selected]
    if _ebm(material) is not None and material.selected != "ebm":
        names.append("ebm")
    for column in [c for c in material.task.features if c.expected][:COLUMNS]:
        for name in names:
            found = direction_of(
                material.scorers[name], material.train, column, model=name, seed=material.options.seed
            )
            if found is not None:
                yield found


def _prices(material: Material) -> tuple[tuple[Price, ...], tuple[NotComputed, ...]]:
    """What every enforced direction costs, or why that is not known."""
    held = list(enforced(material.task))
    if not held:
        return (), ()
    reason = ""
    if _ebm(material) is None:
        reason = "shape_no_ebm"
    elif material.options.quick:
        reason = "shape_quick"
    elif not (material.fits.folds >= 0).any():
        reason = "too_few_rows"
    if reason:
        return (), (NotComputed(what="shape_prices", reason=reason),)
    most = SINGLES[material.options.level]
    lacking = [
        NotComputed(what="shape_prices", reason="shape_more_columns", parameters={"n": len(held) - most})
    ]
    return tuple(_Pricing(material).each(held, most)), tuple(lacking if len(held) > most else ())


class _Pricing:
    """The EBM fitted again with and without directions, on the same folds of the same training rows."""

    def __init__(self, material: Material):
        self.material, self.seed = material, material.options.seed
        known = np.flatnonzero(material.fits.folds >= 0)
        most = ROWS[material.options.level]
        picked = np.random.default_rng(self.seed).permutation(len(known))[:most]
        self.rows: Dataset = material.train.take(known[np.sort(picked)])
        self.folds = material.fits.folds[known[np.sort(picked)]]
        self.kept = self._predict(())

    def each(self, held: list[str], most: int) -> Iterator[Price]:
        """All directions together, then each of the first few."""
        if len(held) > 1:
            yield self._price("", tuple(held))
        for name in held[:most]:
            yield self._price(name, (name,))

    def _predict(self, freed: tuple[str, ...]) -> np.ndarray:
        """Out-of-fold estimates of a model that need not keep the freed columns' directions."""
        task = self.rows.task
        columns = tuple(replace(c, enforce=c.enforce and c.name not in freed) for c in task.columns)
        rows = replace(self.rows, task=replace(task, columns=columns))
        scores = out_of_fold(
            families["ebm"], rows, self.material.fits.features, self.folds, effort=self._effort(),
            progress=lambda note: None,
        )  # fmt: skip
        return to_prediction("identity" if task.kind == "regression" else "logit", scores)

    def _effort(self) -> Effort:
        trained = _ebm(self.material)
        bags = {"outer_bags": BAGS, "interactions": int(trained.settings.get("interactions", 0))}
        return replace(self.material.effort(), settings={**trained.tuned, **bags})

    def _price(self, column: str, freed: tuple[str, ...]) -> Price:
        task, free = self.rows.task, self._predict(freed)
        found = compare(
            task, self.rows.target, {"kept": self.kept, "free": free}, against="kept", seed=self.seed,
            resamples=self.material.options.resamples, groups=self.rows.groups,
        )  # fmt: skip
        shown: tuple[Comparison, ...] = tuple(c for c in found if c.metric in MEASURES[task.kind])
        folds = np.unique(self.folds)
        gains = [self._loss(self.kept, fold) - self._loss(free, fold) for fold in folds]
        ratio = 1.0 / (len(folds) - 1) if len(folds) > 1 else 0.0
        p = corrected_t(np.array(gains), test_to_train=ratio)[2] if len(folds) > 1 else None
        return Price(column=column, comparisons=shown, folds=len(folds), rows=len(self.rows), p_folds=p)

    def _loss(self, predicted: np.ndarray, fold: int) -> float:
        """Mean loss of the held-out rows of one fold: log loss, or squared error."""
        own = self.folds == fold
        target = self.rows.target[own]
        if self.rows.task.kind == "regression":
            return float(np.mean((predicted[own] - target) ** 2))
        return float(log_losses(target, predicted[own]).mean())
