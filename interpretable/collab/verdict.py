"""The rule of the gate: helps, does not help, cannot tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.real import require_real
from interpretable.models.base import LINKS
from interpretable.models.losses import METRIC, row_losses
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.gate import Arm, ArmName, Curation, GateFinding, GateVerdict, GroupChange
from interpretable.score.output import to_prediction
from interpretable.stats import calibration, repeated

SURE = 0.95  # of each one-sided bound
SMALL = 0.01  # a gain below this share of the loss does not matter
MARGIN = 0.05  # share of the loss that a declared group may lose
FEWEST_OF_GROUP = 10  # rows; a smaller group shows chance only
FEWEST_ROWS, FEWEST_OF_CLASS = 20, 8  # below, inner folds would be empty of a class
NOUGHT = 0.8  # share of folds that choose the weight 0: nearly everywhere
OTHERS: tuple[ArmName, ...] = ("generated", "control", "shuffled")


@dataclass(frozen=True, eq=False, kw_only=True)
class Fold:
    """Link scores f8[n, K] of each arm on the real rows held out, and the weights that were chosen."""

    repeat: int
    inside: np.ndarray  # positions
    held: np.ndarray
    scores: dict[str, np.ndarray]
    weights: dict[str, float]


def enough_rows(train: Dataset) -> bool:
    """Whether folds of folds have rows of every class."""
    if train.task.kind == "regression":
        return len(train) >= FEWEST_ROWS
    return (
        len(train) >= FEWEST_ROWS
        and int(np.unique(train.target, return_counts=True)[1].min()) >= FEWEST_OF_CLASS
    )


def find(
    train: Dataset, folds: Sequence[Fold], *, generator: str, student: str, told: Curation, seed: int
) -> GateFinding:
    """The finding from all folds; `train` are the real rows that they divide."""
    require_real(train)
    link = LINKS[train.task.kind]
    repeats = len({fold.repeat for fold in folds})
    blank = GateFinding(
        verdict="cannot_tell", reason="too_few_rows", generator=generator, student=student,
        metric=METRIC[link], n=len(train), folds=len(folds) // max(repeats, 1), repeats=repeats, seed=seed,
        curation=told,
    )  # fmt: skip
    if len(folds) < 2:
        return blank
    judged = _Judged(train, folds)
    arms = judged.arms()
    least = float(arms[0].loss)
    found = replace(
        blank, arms=arms, over_control=judged.ahead("control", "generated"),
        over_shuffled=judged.ahead("shuffled", "generated"), smallest=SMALL * abs(least),
        detectable=judged.detectable(), groups=judged.groups(), margin=MARGIN * abs(least),
        slopes=judged.slopes(),
    )  # fmt: skip
    verdict, reason = decide(found)
    weight = judged.weight() if verdict == "helps" else 0.0
    return replace(found, verdict=verdict, reason=reason, weight=weight)


def decide(found: GateFinding) -> tuple[GateVerdict, str]:
    """Verdict and reason.

    Helps: the lower bound of the gain is above 0, and so is that over the control; if labels dealt anew help
    too, over these as well; no declared group loses more than the margin; calibration is no worse. Does not
    help: nothing usable came, the weight 0 is chosen nearly everywhere, or even the upper bound of the gain
    (or of what is ahead of the control) is too small to matter. Else these rows cannot tell.
    """
    generated, dealt = found.arm("generated"), found.arm("shuffled")
    assert generated is not None and generated.gain is not None and found.over_control is not None
    if not found.curation.kept:
        return "does_not_help", "nothing_usable"
    if _low(generated.gain) > 0.0:
        if _low(found.over_control) <= 0.0:
            small = _high(found.over_control) < found.smallest
            return ("does_not_help" if small else "cannot_tell"), "no_better_than_control"
        if dealt is not None and _low(dealt.gain) > 0.0 and _low(found.over_shuffled) <= 0.0:
            return "cannot_tell", "not_from_labels"
        if any(one.gain < -found.margin for one in found.groups):
            return "cannot_tell", "group_falls"
        if not _as_calibrated(found.slopes):
            return "cannot_tell", "calibration"
        return "helps", "better"
    folds = sum(generated.weights.values())
    if generated.weights.get("0", 0) >= NOUGHT * folds:
        return "does_not_help", "weight_nought"
    if _high(generated.gain) < found.smallest:
        return "does_not_help", "no_gain"
    return "cannot_tell", "uncertain"


def _low(figure: Figure | None) -> float:
    return -np.inf if figure is None or figure.low is None else figure.low


def _high(figure: Figure | None) -> float:
    return np.inf if figure is None or figure.high is None else figure.high


def _as_calibrated(slopes: dict[str, Figure]) -> bool:
    """Whether the slope's interval covers 1, or is no further from it than that of the real rows alone."""
    own, real = slopes.get("generated"), slopes.get("real")
    if own is None or own.value is None:
        return real is None or real.value is None
    if own.low is not None and own.high is not None and own.low <= 1.0 <= own.high:
        return True
    if real is None or real.value is None or (_low(real) <= 1.0 <= _high(real)):
        return False
    return abs(own.value - 1.0) <= abs(real.value - 1.0)


class _Judged:
    """Losses of every arm over all folds."""

    def __init__(self, train: Dataset, folds: Sequence[Fold]):
        self.train, self.folds, self.link = train, folds, LINKS[train.task.kind]
        self.ratio = float(np.mean([len(f.held) for f in folds]) / np.mean([len(f.inside) for f in folds]))

    def rows(self, fold: Fold, arm: str) -> np.ndarray:
        return row_losses(self.link, fold.scores[arm], self.train.target[fold.held])

    def losses(self, arm: str) -> np.ndarray:
        return np.array([self.rows(fold, arm).mean() for fold in self.folds])

    def _lead(self, other: str, arm: str) -> repeated.Lead:
        return repeated.lead(self.losses(other) - self.losses(arm), test_to_train=self.ratio)

    def detectable(self) -> float | None:
        """The least true gain that the one-sided bound shows with 80 % power; None where nothing varies."""
        found = self._lead("real", "generated")
        if found.error == 0.0:
            return None
        return repeated.detectable(found.error, freedom=found.freedom, level=2 * SURE - 1)

    def ahead(self, other: str, arm: str) -> Figure:
        """Loss of `other` minus that of `arm`, with one-sided bounds (corrected resampled t)."""
        found = self._lead(other, arm)
        return Figure(
            value=found.mean, low=found.bound(1 - SURE), high=found.bound(SURE), method="corrected t"
        )

    def arms(self) -> tuple[Arm, ...]:
        real = Arm(name="real", loss=float(self.losses("real").mean()))
        return (real, *(self._arm(name) for name in OTHERS))

    def _arm(self, name: ArmName) -> Arm:
        counts = Counter(f"{fold.weights[name]:g}" for fold in self.folds)
        return Arm(
            name=name, loss=float(self.losses(name).mean()), gain=self.ahead("real", name),
            weights=dict(sorted(counts.items(), key=lambda item: float(item[0]))),
        )  # fmt: skip

    def weight(self) -> float:
        """The middle one of the weights chosen, of two the smaller."""
        chosen = sorted(fold.weights["generated"] for fold in self.folds)
        return float(chosen[(len(chosen) - 1) // 2])

    def groups(self) -> tuple[GroupChange, ...]:
        """Mean gain of the rows of each declared group, over all repeats."""
        total, times = np.zeros(len(self.train)), np.zeros(len(self.train))
        for fold in self.folds:
            total[fold.held] += self.rows(fold, "real") - self.rows(fold, "generated")
            times[fold.held] += 1
        asked = times > 0
        each = total / np.maximum(times, 1)
        found = []
        for column in self.train.task.grouping_columns:
            for label, rows in groups_of(self.train.frame[column.name].to_numpy(), column):
                own = np.zeros(len(self.train), dtype=bool)
                own[rows] = True
                own &= asked
                if own.sum() >= FEWEST_OF_GROUP:
                    gain = float(each[own].mean())
                    found.append(GroupChange(column=column.name, group=label, n=int(own.sum()), gain=gain))
        return tuple(found)

    def slopes(self) -> dict[str, Figure]:
        """Calibration slopes over the rows held out in the first repeat; none for many classes."""
        if self.train.task.kind == "multiclass":
            return {}
        own = [fold for fold in self.folds if fold.repeat == 0]
        y = self.train.target[np.concatenate([fold.held for fold in own])]
        return {
            arm: self._slope(y, np.concatenate([fold.scores[arm] for fold in own]))
            for arm in ("real", "generated")
        }

    def _slope(self, y: np.ndarray, scores: np.ndarray) -> Figure:
        predicted = to_prediction(self.link, scores)
        if self.train.task.kind == "regression":
            line = calibration.line(y, predicted)
            found = line if isinstance(line, str) else line[1]
        else:
            found = calibration.slope(y, predicted)
        if isinstance(found, str):
            return Figure(value=None, reason=found)
        return Figure(value=found[0], low=found[1], high=found[2], method="wald")
