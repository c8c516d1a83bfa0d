"""Do generated rows help a small model? The judge is real rows that neither it nor the generator saw.

Repeated stratified cross-validation on the real training rows. Inside each fold the generator sees the rows
learned from and no others; the weight of what it made is chosen on inner folds of real rows, and may be 0. On
the same folds and with the same care stand the real rows alone, a control that only draws the real rows again
(collab/controls.py), and the same generated rows with their labels dealt anew. The rule that turns this into
one of three verdicts stands in collab/verdict.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from interpretable.collab.controls import Bootstrap, shuffled
from interpretable.collab.curate import curate, together
from interpretable.collab.verdict import Fold, enough_rows, find
from interpretable.errors import BrokenPromise
from interpretable.models.base import LINKS, Effort, Family, families, takes_weights
from interpretable.models.features import describe
from interpretable.models.folds import make_folds, repeat_folds
from interpretable.models.losses import row_losses
from interpretable.models.mix import Extra, covers, mix, reweighed
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.gate import Curation, GateFinding
from interpretable.records.synthetic import Generator, Synthetic, joined

WEIGHTS = (0.1, 0.25, 0.5, 1.0)  # tried beside 0
FOLDS, REPEATS, INNER = 5, 2, 3
SIZE = 3.0  # generated rows per real row of a fold
LEAN: dict[str, dict[str, Any]] = {"ebm": {"interactions": 0}}  # settings of a student that is fitted often
SHARED = ("C", "l1_ratio", "parts")  # settings that the real rows choose, and every arm then has

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Gated:
    """The finding, and the curated rows of each fold of the first repeat, for fits on these folds."""

    finding: GateFinding
    sets: tuple[Synthetic, ...]


def run_gate(
    train: Dataset, generator: Generator, *, family: str, size: float = SIZE, folds: int = FOLDS,
    repeats: int = REPEATS, seed: int = 0, threads: int = 1, progress: Progress = lambda note: None,
    control: Generator | None = None, reasons: Sequence[str] | None = None,
) -> GateFinding:  # fmt: skip
    """Whether the generator's rows help this family; see `judge`."""
    return judge(
        train, generator, family=family, size=size, folds=folds, repeats=repeats, seed=seed,
        threads=threads, progress=progress, control=control, reasons=reasons,
    ).finding  # fmt: skip


def judge(
    train: Dataset, generator: Generator, *, family: str, size: float = SIZE, folds: int = FOLDS,
    repeats: int = REPEATS, seed: int = 0, threads: int = 1, progress: Progress = lambda note: None,
    control: Generator | None = None, reasons: Sequence[str] | None = None,
) -> Gated:  # fmt: skip
    """Judge a generator on real training rows.

    Parameters
    ----------
    train : real rows of the training part
    generator : asked 3 times per fold and repeat, each time with other training rows
    family : key of a family that takes weights
    size : generated rows asked for, per real row of a fold
    folds, repeats : of the cross-validation; groups and near-copies stay together
    control : what the rows must beat; by default real rows drawn again
    reasons : the only ones of collab/curate.py for which rows are dropped; by default all

    Raises
    ------
    BrokenPromise : generated rows among the training rows, another part, or a family without weights
    """
    _refuse(train, family)
    start = time.perf_counter()
    bench = _Bench(
        train=train, generator=generator, size=size, seed=seed,
        student=_student(train, family, seed, threads), reasons=reasons,
        control=Bootstrap() if control is None else control,
    )  # fmt: skip
    found: list[Fold] = []
    if enough_rows(train):
        rounds = repeat_folds(train, folds, repeats=repeats, seed=seed)
        for repeat, pairs in enumerate(rounds):
            for place, (inside, held) in enumerate(pairs):
                progress(f"repeat {repeat + 1} of {len(rounds)}, fold {place + 1} of {len(pairs)}")
                found.append(bench.fold(inside, held, repeat=repeat, number=len(found)))
    finding = find(
        train, found, generator=generator.name, student=families[family].name(train.task),
        told=together(bench.told), seed=seed,
    )  # fmt: skip
    finding = replace(finding, seconds=round(time.perf_counter() - start, 2))
    return Gated(finding=finding, sets=tuple(bench.sets))


def make_extra(
    train: Dataset, gated: Gated, generator: Generator, *, family: str, size: float = SIZE, seed: int = 0
) -> Extra | None:
    """Rows made from all training rows, where the gate says that they help; else None.

    Those of the gate's own folds are in the pool, so that a fit on a fold has rows made from that fold.
    """
    if gated.finding.verdict != "helps":
        return None
    made = generator.make(train, round(size * len(train)), seed=seed)
    final = curate(made, train, seed=seed).rows
    if not covers(train, final):
        return None
    return Extra(
        pool=joined([final, *gated.sets]), share=size, weight=gated.finding.weight, families=(family,)
    )


def _refuse(train: Dataset, family: str) -> None:
    problems = []
    if train.part != "train":
        problems.append(f"the rows are of the {train.part!r} part, not of 'train'")
    if train.has_synthetic:
        problems.append("some rows were generated; the judge is real rows")
    if not takes_weights(family):
        problems.append(f"the family {family!r} cannot learn from weighted rows")
    if problems:
        raise BrokenPromise("The gate cannot judge: " + "; ".join(problems) + ".")


@dataclass(frozen=True, eq=False, kw_only=True)
class _Student:
    """The model that is fitted in every arm."""

    family: Family
    features: tuple[Feature, ...]
    effort: Effort

    def settled(self, rows: Dataset) -> tuple[_Student, Any]:
        """Fitted on real rows alone; with the settings that these chose, for every other arm."""
        fitted = self.family.fit(rows, self.features, self.effort)
        kept = {name: fitted.settings[name] for name in SHARED if name in fitted.settings}
        return replace(self, effort=replace(self.effort, settings={**self.effort.settings, **kept})), fitted

    def scores(self, rows: Dataset, asked: Dataset) -> np.ndarray:
        """Link scores f8[n, K] of `asked` by a model of `rows`."""
        return self.family.fit(rows, self.features, self.effort).library_scores(asked)

    def losses(self, rows: Dataset, asked: Dataset) -> np.ndarray:
        return row_losses(LINKS[rows.task.kind], self.scores(rows, asked), asked.target)


def _student(train: Dataset, key: str, seed: int, threads: int) -> _Student:
    effort = Effort(seed=seed, level="quick", refits=0, threads=threads, settings=LEAN.get(key, {}))
    return _Student(family=families[key], features=describe(train, train), effort=effort)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Inner:
    """An inner fold: real rows learned from and held out, and what was made from those learned from."""

    inside: Dataset
    held: Dataset
    made: Synthetic
    control: Synthetic
    real_loss: float  # of the held rows, by the real rows alone


@dataclass(eq=False, kw_only=True)
class _Bench:
    """Runs fold after fold, and keeps what curation said and the rows of the first repeat."""

    train: Dataset
    generator: Generator
    student: _Student
    size: float
    seed: int
    control: Generator
    reasons: Sequence[str] | None
    told: list[Curation] = field(default_factory=list)
    sets: list[Synthetic] = field(default_factory=list)

    def fold(self, inside: np.ndarray, held: np.ndarray, *, repeat: int, number: int) -> Fold:
        """All arms on one fold."""
        part, asked = self.train.take(inside), self.train.take(held)
        student, fitted = self.student.settled(part)
        scores = {"real": fitted.library_scores(asked)}
        weights: dict[str, float] = {}
        inner = self._inner(student, part, seed=self.seed + 10_000 * (number + 1))
        made = joined([one.made for one in inner])
        if repeat == 0:
            self.sets.append(made)
        for arm in ("made", "control"):
            name = {"made": "generated"}.get(arm, arm)
            weights[name] = _chosen(student, inner, arm)
            rows = joined([getattr(one, arm) for one in inner])
            scores[name] = self._arm(
                student, part, asked, rows=rows, weight=weights[name], real=scores["real"]
            )
        weights["shuffled"] = weights["generated"]
        dealt = shuffled(made, seed=self.seed + number)
        scores["shuffled"] = self._arm(
            student, part, asked, rows=dealt, weight=weights["shuffled"], real=scores["real"]
        )
        return Fold(repeat=repeat, inside=inside, held=held, scores=scores, weights=weights)

    def _arm(
        self, student: _Student, part: Dataset, asked: Dataset, *, rows: Synthetic, weight: float,
        real: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        return real if weight == 0.0 else student.scores(mix(part, rows, weight), asked)

    def _inner(self, student: _Student, part: Dataset, *, seed: int) -> list[_Inner]:
        """Each inner fold has rows made without those it holds out."""
        folds = make_folds(part, INNER, seed=seed)
        kept = [k for k in range(INNER) if (folds == k).any()]
        each = int(np.ceil(self.size * len(part) / max(len(kept), 1)))
        found = []
        for k in kept:
            inside, held = part.take(np.flatnonzero(folds != k)), part.take(np.flatnonzero(folds == k))
            made = self.generator.make(inside, each, seed=seed + k)
            curated = curate(made, inside, seed=seed + k, reasons=self.reasons)
            self.told.append(curated.told)
            control = self.control.make(inside, max(len(curated.rows), 1), seed=seed + k)
            loss = float(student.losses(inside, held).sum())
            found.append(_Inner(inside=inside, held=held, made=curated.rows, control=control, real_loss=loss))
        return found


def _chosen(student: _Student, inner: list[_Inner], arm: str) -> float:
    """The weight with the least loss on the rows held out of inner folds; the smaller of two equal ones."""
    able = [one for one in inner if covers(one.inside, getattr(one, arm))]
    if not able or len(able) < len(inner):
        return 0.0
    best, least = 0.0, sum(one.real_loss for one in able)
    mixed = [(mix(one.inside, getattr(one, arm), WEIGHTS[0]), one.held) for one in able]
    for weight in WEIGHTS:
        total = sum(float(student.losses(reweighed(rows, weight), held).sum()) for rows, held in mixed)
        if total < least:
            best, least = weight, total
    return best
