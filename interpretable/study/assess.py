"""The test part is opened once, here, after the choice has been made."""

from __future__ import annotations

import time
from dataclasses import fields

import numpy as np

from interpretable import evaluate
from interpretable.collab.baseline import Baseline
from interpretable.models.train import Trained
from interpretable.records.additive import AdditiveModel
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Comparison, GroupMeasures, Measures
from interpretable.records.evidence import ModelEvidence
from interpretable.records.task import Task
from interpretable.score.scorer import Scorer, columns_of, predict
from interpretable.study.fitting import Fits
from interpretable.study.options import Options

TIMED_ROWS = 1_000


def predict_rows(scorer: Scorer, rows: Dataset) -> np.ndarray:
    return predict(scorer, columns_of(scorer, rows), len(rows))


def _seconds_per_1000(scorer: Scorer, rows: Dataset) -> float:
    """Wall seconds to score 1,000 rows, on one thread."""
    many = rows.take(np.resize(np.arange(len(rows)), TIMED_ROWS))
    start = time.perf_counter()
    predict_rows(scorer, many)
    return time.perf_counter() - start


def _as_fields(measures: Measures) -> dict:
    return {f.name: getattr(measures, f.name) for f in fields(Measures)}


class Assessment:
    """Measures of every model on the test part, and on the rows the language model was asked about."""

    def __init__(self, fits: Fits, test: Dataset, scorers: dict[str, Scorer], *, options: Options):
        self.fits, self.test, self.options = fits, test, options
        self.task: Task = test.task
        self.scorers = scorers
        self.predictions = {name: predict_rows(scorer, test) for name, scorer in scorers.items()}

    def _measure(self, predicted: np.ndarray, rows: np.ndarray | None = None) -> Measures:
        """`predicted` is of all test rows, or of `rows`."""
        target, groups = self._of(rows)
        return evaluate.measure(
            self.task, target, predicted, seed=self.options.seed, resamples=self.options.resamples,
            classes=self.test.classes, groups=groups,
        )  # fmt: skip

    def _of(self, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        """Target and groups of these test rows."""
        chosen = slice(None) if rows is None else rows
        groups = self.test.groups
        return self.test.target[chosen], None if groups is None else groups[chosen]

    def _model(self, trained: Trained, size: int, asked: np.ndarray | None) -> ModelEvidence:
        predicted = self.predictions[trained.name]
        candidate = next(c for c in self.fits.candidates if c.name == trained.name)
        record = trained.record
        return ModelEvidence(
            **_as_fields(self._measure(predicted)),
            name=trained.name,
            family=record.family,
            glass_box=trained.glass_box,
            oof=candidate.oof,
            oof_folds=candidate.oof_folds,
            subsample=None if asked is None else self._measure(predicted[asked], asked),
            settings=trained.settings,
            recalibration=trained.calibration,
            terms=len(record.terms) if isinstance(record, AdditiveModel) else None,
            seconds_fit=trained.seconds,
            seconds_per_1000=_seconds_per_1000(self.scorers[trained.name], self.test),
            size_bytes=size,
            compile_gap=trained.gap,
        )

    def _language(self, name: str, found: Baseline) -> ModelEvidence:
        ledger = found.ledgers[name]
        measures = self._measure(found.predictions[name], found.positions)
        paid = max(ledger.rows - ledger.cached, 1)
        return ModelEvidence(
            **_as_fields(measures),
            name=name,
            family="llm",
            glass_box=False,
            subsample=measures,
            settings={"label_mass": found.label_mass[name], "model": found.info.name},
            recalibration=found.calibration[name],
            seconds_per_1000=1_000 * ledger.seconds / paid,
            size_bytes=found.info.size_bytes or 0,
            ledger=ledger,
        )

    def models(self, sizes: dict[str, int], found: Baseline | None) -> tuple[ModelEvidence, ...]:
        """The selected model first, the other small models next, language models last."""
        asked = None if found is None else found.positions
        ordered = sorted(self.fits.trained, key=lambda t: t.name != self.fits.selection.selected)
        own = [self._model(trained, sizes[trained.name], asked) for trained in ordered]
        return (*own, *(self._language(name, found) for name in (found.predictions if found else ())))

    def comparisons(self) -> tuple[Comparison, ...]:
        return self._compare(self.predictions)

    def comparisons_subsample(self, found: Baseline | None) -> tuple[Comparison, ...]:
        if found is None:
            return ()
        asked = found.positions
        given = {name: p[asked] for name, p in self.predictions.items()} | found.predictions
        return self._compare(given, asked)

    def _compare(
        self, given: dict[str, np.ndarray], rows: np.ndarray | None = None
    ) -> tuple[Comparison, ...]:
        target, groups = self._of(rows)
        return evaluate.compare(
            self.task, target, given, against=self.fits.selection.selected, seed=self.options.seed,
            resamples=self.options.resamples, groups=groups,
        )  # fmt: skip

    def groups(self) -> tuple[GroupMeasures, ...]:
        predicted = self.predictions[self.fits.selection.selected]
        return evaluate.by_group(
            self.test, predicted, seed=self.options.seed, resamples=self.options.resamples
        )
