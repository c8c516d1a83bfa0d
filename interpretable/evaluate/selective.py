"""Which cases a model may decide alone: shown on the calibration part, held against the test part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from interpretable.data.rows import group_keys
from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.figure import absent, whole
from interpretable.evaluate.real import checked, require_real
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.selective import Certificate, Held, SelectiveLevel, SelectivePoint, SelectiveRule
from interpretable.score.decided import answers_of, sure
from interpretable.stats import selective
from interpretable.stats.intervals import clopper_pearson

STEPS = 100  # rules on the path, at most
FEWEST = 10  # decided rows, for a point of the curve
SMALLEST = 5  # rows of a group, for a figure


@dataclass(frozen=True, eq=False, kw_only=True)
class Asked:
    """Rows with what the model answers, how sure it is, and whether it is right."""

    rows: Dataset
    answer: np.ndarray  # i8[n]
    confidence: np.ndarray  # f8[n]
    wrong: np.ndarray  # bool[n]
    inside: np.ndarray  # bool[n]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, positions: np.ndarray) -> Asked:
        found = {name: getattr(self, name)[positions] for name in ("answer", "confidence", "wrong", "inside")}
        return Asked(rows=self.rows.take(positions), **found)

    def path(self, thresholds: np.ndarray, chosen: np.ndarray | slice = slice(None)) -> selective.Path:
        """Along these thresholds, among the chosen rows: what lies outside is decided by none."""
        given = np.where(self.inside, self.confidence, -np.inf)[chosen]
        return selective.path_of_thresholds(given, self.wrong[chosen], thresholds)


def ask(rows: Dataset, predicted: np.ndarray, inside: np.ndarray, *, seed: int = 0) -> Asked:
    """What the model answers. Of one person's rows one is drawn: the promise needs rows that stand alone."""
    y, p = checked(require_real(rows).task, rows.target, predicted)
    answer, confidence = answers_of(rows.task, p)
    found = Asked(rows=rows, answer=answer, confidence=confidence, wrong=answer != y, inside=inside)
    return found if rows.groups is None else found.take(one_of_each(rows.groups, seed))


def one_of_each(groups: np.ndarray, seed: int) -> np.ndarray:
    """Positions, rising: one row of each group, drawn by the seed."""
    order = np.random.default_rng(seed).permutation(len(groups))
    return np.sort(order[np.unique(group_keys(groups)[order], return_index=True)[1]])


def exact(hits: int, n: int) -> Figure:
    """A share with its exact (Clopper-Pearson) interval."""
    if n == 0:
        return absent("no_rows")
    low, high = clopper_pearson(np.array(hits), np.array(n))
    return whole(hits / n, (float(low), float(high)), "clopper-pearson")


def grid(known: Asked, chosen: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Falling thresholds f8[J], to leave about 99, 98, ... 0 in 100 to a person; the last one leaves none.

    They come from out-of-fold rows of the training part, so the calibration part has no say in the path.
    """
    confidence = known.confidence[chosen]
    if not len(confidence):
        return np.zeros(1)
    cuts = np.quantile(confidence, 1.0 - np.arange(1, STEPS) / STEPS, method="higher")
    rounded = np.floor(cuts * 1e6) / 1e6  # readable, and equal on every machine
    return np.unique(np.append(rounded, 0.0))[::-1]


Rows = tuple[np.ndarray, np.ndarray]  # bool[n] of the training and of the calibration rows
Cut = tuple[str, str, list[np.ndarray]]  # column, group, and its rows bool[n] in each part


@dataclass(frozen=True, eq=False, kw_only=True)
class Walk:
    """Looks for the loosest threshold whose error is shown to be small enough."""

    known: Asked  # training rows, out of fold
    proof: Asked  # calibration rows
    delta: float

    def for_all(self, alpha: float) -> tuple[Certificate, selective.Passed]:
        """One threshold for every answer."""
        every = (np.ones(len(self.known), bool), np.ones(len(self.proof), bool))
        return self._walk(alpha, self.delta, every, grid(self.known))

    def of_answer(self, alpha: float, answer: int, count: int) -> Certificate:
        """A threshold of its own for one of `count` answers, which share delta (Bonferroni)."""
        chosen = (self.known.answer == answer, self.proof.answer == answer)
        found, _ = self._walk(alpha, self.delta / count, chosen, grid(self.known, chosen[0]))
        return replace(found, by="answer", group=self.proof.rows.classes[answer])

    def of_group(self, alpha: float, count: int, rule: int, rows: Rows) -> Certificate:
        """Whether one of `count` groups, which share delta, passes the rule that is used for all."""
        found, passed = self._walk(alpha, self.delta / count, rows, grid(self.known))
        return replace(found, holds=bool(passed.passed[rule]))

    def _walk(
        self, alpha: float, delta: float, chosen: Rows, thresholds: np.ndarray
    ) -> tuple[Certificate, selective.Passed]:
        before, share = self.known.path(thresholds, chosen[0]), chosen[1].sum() / max(chosen[0].sum(), 1)
        first = selective.best_start(before, float(share), alpha)
        passed = selective.certify(self.proof.path(thresholds, chosen[1]), alpha, delta, (first,))
        shown = passed.rule is not None
        return (
            Certificate(
                alpha=alpha, delta=delta, n=int((chosen[1] & self.proof.inside).sum()),
                needed=selective.rows_needed(alpha, delta), decided=passed.decided, wrong=passed.wrong,
                p_value=passed.p_value, holds=shown,
                threshold=float(thresholds[passed.rule]) if shown else None,
            ),
            passed,
        )  # fmt: skip


def level_of(
    walk: Walk, test: Asked, level: float, *, by_answer: bool, false_omission: float | None
) -> SelectiveLevel:
    """One level of error: thresholds from the calibration part, what they held on the test part.

    By answer, or with a limit on false omissions, each answer has a threshold and a share of delta. Else one
    threshold serves all, and each group of a sensitive column is asked whether it passes it too.
    """
    cuts = _cuts((walk.known, walk.proof, test))
    groups: tuple[Certificate, ...] = ()
    if by_answer or false_omission is not None:
        certificates = _by_answer(walk, level, false_omission)
        thresholds = tuple(c.threshold for c in certificates)
    else:
        one, passed = walk.for_all(level)
        certificates, thresholds = (one,), (one.threshold,) * len(test.rows.classes)
        if passed.rule is not None:
            groups = tuple(
                replace(walk.of_group(level, len(cuts), passed.rule, (a, b)), by=by, group=group)
                for by, group, (a, b, _) in cuts
            )
    found = SelectiveLevel(
        level=level, shown=any(t is not None for t in thresholds), thresholds=thresholds,
        certificates=certificates, least_left=selective.least_left(float(walk.known.wrong.mean()), level),
        groups=groups, held=_held(test, np.zeros(len(test), bool), slice(None)),
    )  # fmt: skip
    return _on_test(found, test, cuts)


def _by_answer(walk: Walk, level: float, false_omission: float | None) -> tuple[Certificate, ...]:
    """The negative answer of a binary task comes first; a limit of its own can only be stricter."""
    limits = [level] * len(walk.proof.rows.classes)
    if false_omission is not None:
        limits[0] = min(level, false_omission)
    return tuple(walk.of_answer(limit, k, len(limits)) for k, limit in enumerate(limits))


def _cuts(parts: Sequence[Asked]) -> list[Cut]:
    """Bands and levels of the sensitive columns, cut on all parts together."""
    edges = np.cumsum([0, *(len(p) for p in parts)])
    found = []
    for column in parts[0].rows.task.grouping_columns:
        values = np.concatenate([p.rows.frame[column.name].to_numpy() for p in parts])
        for label, rows in groups_of(values, column):
            hit = np.isin(np.arange(edges[-1]), rows)
            found.append((column.name, label, np.split(hit, edges[1:-1])))
    return found


def _on_test(found: SelectiveLevel, test: Asked, cuts: Sequence[Cut]) -> SelectiveLevel:
    rule = SelectiveRule(level=found.level, thresholds=found.thresholds)
    decided = test.inside & sure(rule, test.answer, test.confidence)
    answers = [
        replace(_held(test, decided, test.answer == k), by="answer", group=name)
        for k, name in enumerate(test.rows.classes)
    ]
    groups = [
        replace(_held(test, decided, rows[-1]), by=by, group=group)
        for by, group, rows in cuts
        if rows[-1].sum() >= SMALLEST
    ]
    missed = None
    if test.rows.task.kind == "binary":
        positive = test.rows.target == 1
        missed = exact(int((decided & positive & (test.answer == 0)).sum()), int(positive.sum()))
    return replace(
        found, held=_held(test, decided, slice(None)), answers=tuple(answers), missed=missed,
        group_held=tuple(groups),
    )  # fmt: skip


def _held(test: Asked, decided: np.ndarray, chosen: np.ndarray | slice) -> Held:
    own, wrong = decided[chosen], test.wrong[chosen]
    n, count = len(own), int(own.sum())
    return Held(n=n, decided=count, coverage=exact(count, n), error=exact(int(wrong[own].sum()), count))


def curve_of(walk: Walk, test: Asked) -> tuple[SelectivePoint, ...]:
    """Error against coverage on the test part, along the thresholds of the path."""
    thresholds = grid(walk.known)
    path = test.path(thresholds)
    low, high = clopper_pearson(path.wrong, path.decided)
    fresh = np.diff(path.decided, prepend=0) > 0
    return tuple(
        SelectivePoint(
            threshold=float(thresholds[j]), coverage=float(path.decided[j] / len(test)),
            error=float(path.wrong[j] / path.decided[j]), low=float(low[j]), high=float(high[j]),
        )
        for j in np.flatnonzero(fresh & (path.decided >= FEWEST))
    )  # fmt: skip
