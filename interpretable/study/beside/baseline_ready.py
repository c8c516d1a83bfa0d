"""What is settled before a language model is asked about the same rows: settings, rows, small models."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.collab.modes import MODES, USUAL, Part
from interpretable.collab.readings import metrics
from interpretable.collab.sample import class_shares, draw
from interpretable.errors import UserError
from interpretable.evaluate.selective import one_of_each
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import DecisionCost
from interpretable.records.llm_baseline import ModeName, SmallResult
from interpretable.score.scorer import columns_of, predict

PER = 1000  # decisions that costs are told for
FEWEST = 10  # test, and calibration rows
TIMED = 2000  # rows that a small model is timed on
STRATA = 5  # of an amount, for the draw
WATTS = 15.0  # assumed per busy second of this machine


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a person may choose."""

    rows: int = 40  # test rows asked about
    calibration_rows: int = 40  # rows of the training part, the same for every mode
    shots: int = 8
    modes: tuple[ModeName, ...] = USUAL
    verbal: bool = False  # ask for a probability in words though label scores can be had
    draws: int = 3  # answers to a question, where they are drawn
    steady_rows: int = 10  # asked about a second time; 0: none
    probe_rows: int = 10  # training rows to be continued; 0: neither that nor other column names
    watts: float = WATTS
    rehearsal: bool = False  # a scripted double may answer; never kept as a language model's

    def check(self) -> None:
        """UserError names every setting that cannot be."""
        wrong = []
        unknown = [m for m in self.modes if m not in MODES]
        if unknown or not self.modes:
            wrong.append(
                f"There is no mode {', '.join(unknown) or '(none given)'}. Known: {', '.join(MODES)}."
            )
        for name in ("rows", "calibration_rows"):
            if getattr(self, name) < FEWEST:
                wrong.append(f"{name} is {getattr(self, name)}; it is at least {FEWEST}.")
        if not 1 <= self.shots <= 64:
            wrong.append(f"shots is {self.shots}; it is 1 to 64.")
        if not 1 <= self.draws <= 20:
            wrong.append(f"draws is {self.draws}; it is 1 to 20.")
        if min(self.steady_rows, self.probe_rows) < 0:
            wrong.append("steady_rows and probe_rows are at least 0.")
        if not self.watts > 0:
            wrong.append(f"watts is {self.watts:g}; it is above 0.")
        if wrong:
            raise UserError(wrong)


@dataclass(frozen=True, eq=False, kw_only=True)
class Ready:
    """All that is settled before anything is asked."""

    train: Dataset  # examples and the words for numbers come from here
    held: Part  # training rows to recalibrate on; what the small model says of them is out of fold
    test: Part
    rows_test: int  # drawn from so many
    said: np.ndarray  # the small model on the test rows, as it predicts: f8[n] or f8[n, K]
    shares: np.ndarray  # f8[K] of the training part; of an amount f8[1], its mean
    small: tuple[SmallResult, ...]


def prepare(study: Any, settings: Settings, *, seed: int) -> Ready:
    """Draw the rows, and measure the small models on the test rows drawn."""
    random = np.random.default_rng(seed)
    test = _alone(study.grouped(study.part("test")), seed)
    rows_test = len(test)
    test = test.take(draw(_strata(test), settings.rows, random))
    known, out_of_fold = study.out_of_fold()
    known = study.grouped(known)
    own = np.arange(len(known)) if known.groups is None else one_of_each(known.groups, seed)
    known, out_of_fold = known.take(own), out_of_fold[own]
    chosen = draw(_strata(known), settings.calibration_rows, random)
    train = study.grouped(study.part("train"))
    scorer = study.model.scorer()
    said = predict(scorer, columns_of(scorer, test), len(test))
    return Ready(
        train=train,
        held=Part(rows=known.take(chosen), small=_wide(study.task.kind, out_of_fold[chosen])),
        test=Part(rows=test, small=_wide(study.task.kind, said)),
        rows_test=rows_test,
        said=said,
        shares=_shares(train),
        small=tuple(_small(study, name, test, settings.watts, seed) for name in study.model_names),
    )


def _alone(rows: Dataset, seed: int) -> Dataset:
    """One row of each person: the intervals need rows that stand alone."""
    return rows if rows.groups is None else rows.take(one_of_each(rows.groups, seed))


def _strata(rows: Dataset) -> np.ndarray:
    """What the draw is stratified by: the class, or the fifth of an amount."""
    if rows.task.kind != "regression":
        return np.asarray(rows.target)
    cuts = np.quantile(rows.target, np.arange(1, STRATA) / STRATA)
    return np.asarray(np.searchsorted(cuts, rows.target, side="right"))


def _wide(kind: str, said: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - said, said]) if kind == "binary" else said


def _shares(train: Dataset) -> np.ndarray:
    if train.task.kind == "regression":
        return np.array([train.target.mean()])
    return class_shares(train.target, len(train.classes))


def _small(study: Any, name: str, test: Dataset, watts: float, seed: int) -> SmallResult:
    """A model of the study on the drawn rows, timed on this machine: the best of three rounds."""
    scorer = study.model.scorer(name)
    many = test.take(np.resize(np.arange(len(test)), TIMED))
    columns = columns_of(scorer, many)
    rounds = []
    for _ in range(3):
        begin = time.perf_counter()
        said = predict(scorer, columns, len(many))
        rounds.append(time.perf_counter() - begin)
    seconds = min(rounds) * PER / TIMED
    return SmallResult(
        model=name,
        used=name == study.model.index.selected,
        metrics=metrics(test, said[: len(test)], seed=seed),
        cost=DecisionCost(decisions=PER, seconds=seconds, watts=watts, watt_hours=seconds * watts / 3600),
    )
