"""Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from interpretable.evaluate.cohorts import find_cohorts, over_time
from interpretable.evaluate.drift import compare_tables, with_outcome
from interpretable.evaluate.judged import EVEN, Judged, metric_of
from interpretable.evaluate.learning import learning_curve, nested_order, size_dependency, usable
from interpretable.evaluate.overfit import find_overfit
from interpretable.evaluate.reliability import find_reliability
from interpretable.evaluate.resilience import find_resilience
from interpretable.evaluate.robustness import find_robustness
from interpretable.evaluate.weakspots import find_weak_spots
from interpretable.records.dataset import Dataset
from interpretable.records.diagnostics import DiagnosticsEvidence, Drift, Learning, TableDrift
from interpretable.records.lacking import NotComputed
from interpretable.score.domain import DomainCheck
from interpretable.score.scorer import Scorer, columns_of, predict, predicted
from interpretable.study.material import Material

MOST_ROWS = 20_000  # of a part; more are sampled
MOST_FEATURES = 30
SCORED = 5_000  # test rows that are scored again and again
WEIGHED = 2_000  # training rows that decide which columns come first
MOST_REFITTED = {"standard": 8_000, "audit": 50_000}  # training rows of a refit
MOST_TEXTS = 2_000  # with text columns, in the standard level
STEPS = {"standard": (0.25, 0.5), "audit": (0.2, 0.4, 0.6, 0.8)}
SEEDS = {"standard": 1, "audit": 3}


@dataclass(frozen=True)
class _Bounds:
    """How often things are repeated at a level of effort."""

    shuffles: int
    repeats: int
    singles: int  # columns looked at one by one
    joint: int  # shuffles that look at all slices, or refit the drift classifier


_BOUNDS = {
    "quick": _Bounds(199, 1, 5, 39),
    "standard": _Bounds(1999, 5, 15, 199),
    "audit": _Bounds(9999, 20, 30, 999),
}


def inspect(material: Material) -> DiagnosticsEvidence | None:
    """None where the task has no columns but text that could be looked at, and too few rows."""
    looked = _Looked(material)
    asked = {
        "weak": looked.weak, "overfit": looked.overfit, "reliability": looked.reliability,
        "robustness": looked.robustness, "resilience": looked.resilience, "cohorts": looked.cohorts,
        "learning": looked.learning, "size": looked.size, "drift": looked.drift,
    }  # fmt: skip
    found, lacking = {}, []
    for name, ask in asked.items():
        material.progress(f"looking deeper: diagnostics, {name}")
        answer = ask()
        if isinstance(answer, str):
            lacking.append(NotComputed(what=f"diagnostics_{name}", reason=answer))
        else:
            found[name] = answer
    return DiagnosticsEvidence(
        model=material.selected, rival=looked.rival, metric=metric_of(material.task),
        cut=_cut(material), declared=material.task.cut is not None,
        sampled=looked.sampled, not_computed=tuple(lacking), **found,
    )  # fmt: skip


def _cut(material: Material) -> float | None:
    if material.task.kind != "binary":
        return None
    return EVEN if material.task.cut is None else material.task.cut


class _Looked:
    """The judged rows, made once, and each question asked of them: an answer, or the code of why not."""

    def __init__(self, material: Material):
        self.material, self.bounds = material, _BOUNDS[material.options.level]
        self.seed, self.scorer = material.options.seed, material.scorer
        self.check = DomainCheck(material.domain)
        self.sampled: dict[str, int] = {}

    def _rows(self, name: str, count: int, most: int = MOST_ROWS) -> np.ndarray:
        """Positions of at most `most` rows, drawn once for all questions."""
        if count <= most:
            return np.arange(count)
        self.sampled[name] = most
        return np.sort(np.random.default_rng(self.seed).permutation(count)[:most])

    @cached_property
    def oof(self) -> Judged:
        """Training rows by models that did not see them."""
        material = self.material
        trained, known = material.trained(material.selected), np.flatnonzero(material.fits.folds >= 0)
        rows = known[self._rows("train", len(known))]
        told = predicted(self.scorer, trained.oof[rows])
        return Judged(rows=material.train.take(rows), predicted=told)

    @cached_property
    def fit(self) -> Judged:
        """The same rows by the final model."""
        return self._judge(self.scorer, self.oof.rows)

    @cached_property
    def test(self) -> Judged:
        return self._told(self.material.selected)

    def _told(self, name: str, most: int = MOST_ROWS) -> Judged:
        material = self.material
        rows = self._rows("test" if most == MOST_ROWS else "test, scored", len(material.test), most)
        return Judged(rows=material.test.take(rows), predicted=material.predictions[name][rows])

    def _judge(self, scorer: Scorer, rows: Dataset) -> Judged:
        return Judged(rows=rows, predicted=predict(scorer, columns_of(scorer, rows), len(rows)))

    @cached_property
    def rival(self) -> str:
        """The best black box other than the model in use, by out-of-fold figures."""
        metric = self.material.fits.selection.metric
        boxes = [
            c for c in self.material.fits.candidates
            if not c.glass_box and c.name != self.material.selected and metric in c.oof
        ]  # fmt: skip
        best = max(
            boxes, key=lambda c: c.oof[metric] * (-1 if metric in ("rmse", "log_loss") else 1), default=None
        )
        return best.name if best is not None else ""

    @cached_property
    def weighed(self) -> list[str]:
        """Columns the model reads, those that move its score most first."""
        rows = self.oof.rows.take(np.arange(len(self.oof))[:: max(len(self.oof) // WEIGHED, 1)])
        effects = self.scorer.effects(columns_of(self.scorer, rows), len(rows))
        order = np.argsort(-np.abs(effects).mean(axis=(0, 2)), kind="stable")
        return [self.scorer.features[i].name for i in order]

    @cached_property
    def names(self) -> list[str]:
        """Columns to slice by: the model's, then those it may not use; no text."""
        task = self.material.task
        others = [c.name for c in task.columns if c.name not in self.weighed]
        return [n for n in (*self.weighed, *others) if task.column(n).kind != "text"][:MOST_FEATURES]

    @cached_property
    def singles(self) -> list[str]:
        """Columns of the model that are changed one by one."""
        kept = [n for n in self.weighed if self.material.task.column(n).kind != "text"]
        return kept[: self.bounds.singles]

    def weak(self) -> Any:
        if not self.names:
            return "not_defined"
        rival = self._told(self.rival) if self.rival else None
        found = find_weak_spots(
            self.oof, self.test, self.names, rival=rival, resamples=self.bounds.shuffles, seed=self.seed
        )
        return "too_few_rows" if found is None else found

    def overfit(self) -> Any:
        if not self.names:
            return "not_defined"
        found = find_overfit(self.oof, self.fit, self.names, resamples=self.bounds.joint, seed=self.seed)
        return "too_few_rows" if found is None else found

    def reliability(self) -> Any:
        part = self.material.calibration
        calibration = self._judge(self.scorer, part.take(self._rows("calibration", len(part))))
        found = find_reliability(calibration, self.test, self.names[:15])
        return "too_few_rows" if found is None else found

    def _scored(self) -> dict[str, Judged]:
        names = [self.material.selected, *([self.rival] if self.rival else [])]
        return {name: self._told(name, SCORED) for name in names}

    def robustness(self) -> Any:
        tests = self._scored()
        if not len(self.test):
            return "no_rows"
        found = find_robustness(
            {name: self.material.scorers[name] for name in tests}, self.material.train,
            tests[self.material.selected].rows, self.singles, repeats=self.bounds.repeats, seed=self.seed,
        )  # fmt: skip
        return "not_defined" if found is None else found

    def resilience(self) -> Any:
        found = find_resilience(
            self.scorer, self.oof, self._scored(), self.singles, check=self.check,
            resamples=self.bounds.shuffles, seed=self.seed,
        )  # fmt: skip
        return "too_few_rows" if found is None else found

    def cohorts(self) -> Any:
        found = find_cohorts(self.test, self.names, resamples=self.bounds.shuffles // 2, seed=self.seed)
        return found or "diagnostics_no_groups"

    def learning(self) -> Learning | str:
        material, level = self.material, self.material.options.level
        if level == "quick":
            return "diagnostics_quick"
        if level == "standard" and material.task.text_columns and len(material.train) > MOST_TEXTS:
            return "diagnostics_text"
        told: dict[int, list[Judged]] = {}
        most = min(len(material.train), MOST_REFITTED[level])
        for seed in range(SEEDS[level]):
            order = nested_order(material.train, seed=self.seed + seed)
            for step in (*STEPS[level], *((1.0,) if most < len(material.train) else ())):
                rows = order[: int(step * most)]
                if usable(material.train, rows):
                    scorer = material.refit(material.selected, material.train.take(np.sort(rows)), seed=seed)
                    told.setdefault(len(rows), []).append(self._judge(scorer, self.test.rows))
        told[len(material.train)] = [self.test]
        return learning_curve(told) or "too_few_rows"

    def size(self) -> Any:
        test = self._told(self.material.selected, SCORED)
        found = size_dependency(self.scorer, self.oof.rows, test, self.weighed[:MOST_FEATURES])
        return "not_defined" if found is None else found

    def drift(self) -> Drift | str:
        material = self.material
        if not self.names:
            return "not_defined"
        tables = [t for part in (material.calibration, material.test) if (t := self._table(part)) is not None]
        if not tables:
            return "too_few_rows"
        return Drift(
            split=_split_method(material), tables=tuple(tables), blocks=over_time(self.oof, self.test)
        )

    def _table(self, part: Dataset) -> TableDrift | None:
        judged = self._judge(self.scorer, part.take(self._rows(part.part, len(part))))
        old, new = (
            {n: rows.frame[n].to_numpy() for n in rows.frame} for rows in (self.oof.rows, judged.rows)
        )
        found = compare_tables(
            old, new, self.material.fits.features, name=part.part, resamples=self.bounds.joint, seed=self.seed
        )
        return None if found is None else with_outcome(found, self.oof, judged)


def _split_method(material: Material) -> str:
    """How rows came into their parts, by the rule of data/split.py."""
    if material.train.groups is not None:
        return "group"
    if material.train.times is not None:
        return "time"
    return "random" if material.task.kind == "regression" else "stratified"
