"""What an inspection may look at: the parts, the models, the choice. Nothing here can change the choice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from interpretable.models.base import Effort, families
from interpretable.models.calibrate import recalibrate
from interpretable.models.mix import fit_with_extra
from interpretable.models.train import Trained
from interpretable.records.dataset import Dataset
from interpretable.records.domain import DomainModel
from interpretable.records.task import Task
from interpretable.score.scorer import Scorer, make_scorer
from interpretable.study.checkpoint import Workbench
from interpretable.study.fitting import Fits
from interpretable.study.options import Options, Progress


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    options: Options
    everything: Dataset
    train: Dataset
    calibration: Dataset
    test: Dataset
    fits: Fits
    scorers: dict[str, Scorer]
    predictions: dict[str, np.ndarray]  # of the test part, by model: f8[n] or f8[n, K]
    domain: DomainModel
    bench: Workbench
    progress: Progress
    outsiders: Dataset | None = None  # rows that do not belong, where the task names a file of them

    @property
    def task(self) -> Task:
        return self.test.task

    @property
    def selected(self) -> str:
        return self.fits.selection.selected

    @property
    def scorer(self) -> Scorer:
        """The model in use."""
        return self.scorers[self.selected]

    def trained(self, name: str) -> Trained:
        return self.fits.of(name)

    def effort(self, *, seed: int = 0, refits: int = 0) -> Effort:
        """The effort of a refit: the study's own, without refits of the refit."""
        own = replace(self.options.effort(), seed=self.options.seed + seed, refits=refits)
        return replace(own, extra=self.fits.extra)

    def refit(self, name: str, rows: Dataset, *, seed: int = 0) -> Scorer:
        """The named model fitted again on other rows by the same recipe and settings.

        `seed` is added to the study's. The original's calibration is put on top: rankings, reasons and shapes
        are those of a whole refit, the last step of the probability is not.
        """
        known = self.trained(name)
        effort = replace(self.effort(seed=seed), settings=known.tuned)
        fitted = fit_with_extra(families[known.family], rows, self.fits.features, effort)
        calibrated = recalibrate(fitted.record, **known.calibration)
        return make_scorer(replace(calibrated, post=known.record.post))
