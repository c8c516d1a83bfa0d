"""Does a prior help? Models with it against models without, from all rows and from few, on held-out rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from interpretable.collab.sample import draw
from interpretable.models import ebm, linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import LINKS, Effort, families
from interpretable.models.features import describe
from interpretable.models.folds import repeat_folds
from interpretable.models.losses import row_losses
from interpretable.models.prior import shuffled, weight_of
from interpretable.records.beside import Verdict
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.prior import Prior, PriorGain, PriorWeight
from interpretable.score.scorer import make_scorer
from interpretable.stats.repeated import lead

FAMILIES = ("linear", "ebm", "text")
FOLDS = 5
SMALL = 0.01  # a gain below this share of the loss does not matter


@dataclass(frozen=True, eq=False, kw_only=True)
class Trial:
    """Which rows, prior and family, and how hard to look.

    Subsamples of one fold overlap less than whole training parts do, so the correction for overlapping
    training rows is kept at that of whole folds: rather too wide than too narrow.
    """

    train: Dataset
    prior: Prior
    family: str
    effort: Effort
    repeats: int = 4
    tell: Callable[[str], None]

    def gains(self, sizes: tuple[int, ...]) -> tuple[PriorGain, ...]:
        """One per size that the folds hold, rising; the last learns from all rows of the folds."""
        cuts = [
            pair for repeat in repeat_folds(self.train, FOLDS, repeats=self.repeats, seed=self.effort.seed)
            for pair in repeat
        ]  # fmt: skip
        if len(cuts) < 2:
            return ()
        least = min(len(learned) for learned, _ in cuts)
        fewest = 0 if self.train.task.kind == "regression" else 4 * len(self.train.classes)
        few = [size for size in sorted(set(sizes)) if fewest <= size < 0.9 * least]
        return tuple(self._at(size, cuts) for size in (*few, 0))

    def _at(self, size: int, cuts: list[tuple[np.ndarray, np.ndarray]]) -> PriorGain:
        """size 0: all rows of each fold."""
        losses, weights = np.zeros((len(cuts), 3)), np.zeros(len(cuts))
        for place, (learned, held) in enumerate(cuts):
            self.tell(f"{self.family}, {size or 'all'} rows: fold {place + 1} of {len(cuts)}")
            rows = self._sample(learned, size, place)
            losses[place], weights[place] = self._three(rows, self.train.take(held), place)
        ratio = float(np.mean([len(held) / len(learned) for learned, held in cuts]))
        plain, own, control = losses.T
        found = {
            "gain": _figure(plain - own, ratio),
            "control": _figure(plain - control, ratio),
            "over_control": _figure(control - own, ratio),
        }
        return PriorGain(
            family=self.family, n=size or round(np.mean([len(learned) for learned, _ in cuts])),
            full=not size, folds=len(cuts), plain_loss=float(plain.mean()), used=int((weights > 0).sum()),
            weight=Figure(
                value=float(weights.mean()), low=float(weights.min()), high=float(weights.max()),
                method="folds",
            ),
            verdict=verdict(found["gain"], found["over_control"], plain_loss=float(plain.mean())), **found,
        )  # fmt: skip

    def _sample(self, learned: np.ndarray, size: int, place: int) -> Dataset:
        rows = self.train.take(learned)
        if not size:
            return rows
        random = np.random.default_rng((self.effort.seed, size, place))
        if rows.task.kind == "regression":
            return rows.take(np.sort(random.permutation(len(rows))[:size]))
        return rows.take(draw(rows.target, size, random))

    def _three(self, rows: Dataset, held: Dataset, place: int) -> tuple[list[float], float]:
        """Losses without, with and with the shuffled prior; and the weight of the prior."""
        features = describe(rows, self.train)
        control = shuffled(self.prior, self.effort.seed + 1_000 + place)
        losses, weight = [], 0.0
        for prior in (None, self.prior, control):
            fitted = families[self.family].fit(rows, features, replace(self.effort, prior=prior))
            scores = make_scorer(fitted.record).link_scores(held.frame, len(held))
            losses.append(float(row_losses(LINKS[rows.task.kind], scores, held.target).mean()))
            if prior is self.prior:
                weight = weight_of(fitted.notes).weight
        return losses, weight

    def weight(self) -> PriorWeight:
        """The weight on all training rows."""
        features = describe(self.train, self.train)
        fitted = families[self.family].fit(self.train, features, replace(self.effort, prior=self.prior))
        return replace(weight_of(fitted.notes), model=families[self.family].name(self.train.task))


def _figure(differences: np.ndarray, ratio: float) -> Figure:
    found = lead(differences, test_to_train=ratio)
    low, high = found.interval(0.90)
    return Figure(value=found.mean, low=low, high=high, method="corrected t")


def verdict(gain: Figure, over_control: Figure, *, plain_loss: float) -> Verdict:
    """Helps: the lower one-sided 95 % bounds of the gain, and of the lead over the control, are above 0.

    Does not help: even the upper bound of the gain is below 1 % of the loss. Else these rows cannot tell.
    """
    if gain.low > 0 and over_control.low > 0:
        return "helps"
    return "does_not_help" if gain.high < SMALL * abs(plain_loss) else "cannot_tell"


def shared_family(selected: str, kinds: set[str], prior: Prior) -> str:
    """The family that a prior is tried in: the study's own where it can take one up, else the nearest."""
    table = kinds - {"text"}
    if not table or (prior.words and not prior.ways and not prior.levels):
        return "text"
    return "ebm" if selected in ("ebm", "average", "distilled", "mixed", "average_mixed") else "linear"
