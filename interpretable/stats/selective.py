"""Deciding part of the cases and leaving the rest to a person, with a promise on errors among the decided.

Learn then Test (Angelopoulos et al., 2021; Bates et al., 2021): rules are put on a path, strictest first,
before rows with outcomes are looked at. For each rule the hypothesis "of the cases it decides, more than
`alpha` are wrong" has an exact p-value, since errors among n decided rows are binomial: P(Bin(n, alpha) <=
errors), the tail behind the Clopper-Pearson bound. The rules are tested in their order, and the first that
fails ends the walk (fixed sequence; Bauer, 1991). The first rule that deserves to fail is passed with a
chance of at most `delta`, so with a chance of 1 - delta every rule passed keeps its promise. Assumption:
the rows are exchangeable with those to come. "The loosest rule with an observed error of at most alpha"
gives no promise: it is too bold about every other time.

A path is no more than counts along rules. It can come from thresholds on a confidence, or from any other list
of rules where each decides at least the rows that the one before decides: a chain of models, for example.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interpretable.errors import BrokenPromise


@dataclass(frozen=True, eq=False)
class Path:
    """What each rule of a path decided, strictest first: rows i8[J], and how many of them wrongly i8[J]."""

    decided: np.ndarray
    wrong: np.ndarray


def path_of_thresholds(confidence: np.ndarray, wrong: np.ndarray, thresholds: np.ndarray) -> Path:
    """Rule j decides a row where its confidence f8[n] is at least thresholds[j]; these fall along f8[J].

    Examples
    --------
    >>> confidence, wrong = np.array([0.9, 0.8, 0.8, 0.6]), np.array([0, 1, 0, 1])
    >>> found = path_of_thresholds(confidence, wrong, np.array([0.85, 0.8]))
    >>> found.decided.tolist(), found.wrong.tolist()
    ([1, 3], [0, 1])
    """
    if np.any(np.diff(thresholds) > 0):
        raise BrokenPromise("The thresholds of a path must fall: the strictest rule comes first.")
    first = np.searchsorted(-thresholds, -confidence, side="left")  # the first rule that decides the row
    size = len(thresholds) + 1
    decided = np.bincount(first, minlength=size)
    errors = np.bincount(first, weights=np.asarray(wrong, dtype=float), minlength=size)
    return Path(np.cumsum(decided)[:-1], np.rint(np.cumsum(errors)[:-1]).astype(np.int64))


def path_of_rules(decided: np.ndarray, wrong: np.ndarray) -> Path:
    """Any rules: decided bool[n, J], nested from rule to rule; wrong bool[n, J], the answer each would give.

    Answers may differ from rule to rule, as in a chain of models. `wrong` counts only where decided.
    """
    if np.any(decided[:, :-1] & ~decided[:, 1:]):
        raise BrokenPromise(
            "The rules of a path must be nested: each decides all that the one before decides."
        )
    return Path(decided.sum(axis=0), (decided & wrong.astype(bool)).sum(axis=0))


def p_values(path: Path, alpha: float) -> np.ndarray:
    """f8[J] of "more than alpha of the decided are wrong": P(Bin(decided, alpha) <= wrong); 1 of no rows."""
    from scipy.special import bdtr

    some = np.maximum(path.decided, 1).astype(np.int64)
    return np.where(path.decided > 0, bdtr(path.wrong.astype(float), some, alpha), 1.0)


def fixed_sequence(p: np.ndarray, delta: float, starts: Sequence[int] = (0,)) -> np.ndarray:
    """bool[J]: the rules passed. Each start walks on until a rule fails; several share delta equally.

    Starts must not depend on the outcomes behind `p`.
    """
    passed = np.zeros(len(p), dtype=bool)
    good = p <= delta / max(len(starts), 1)
    for start in starts:
        run = good[start:]
        passed[start : start + (len(run) if run.all() else int(np.argmin(run)))] = True
    return passed


def expected(known: Path, share: float) -> Path:
    """The counts to be expected on rows to be tested, of which there are `share` for each row known."""
    decided = np.rint(known.decided * share).astype(np.int64)
    return Path(decided, np.minimum(np.floor(known.wrong * share).astype(np.int64), decided))


def best_start(known: Path, share: float, alpha: float) -> int:
    """Where to start: the rule with the smallest p-value to be expected, from other rows than those tested.

    `known` counts rows answered by models that did not see them (out of fold); `share` is the number of rows
    to be tested for each of them. A start at the strictest rule fails where it decides too few rows to pass.
    """
    return int(np.argmin(p_values(expected(known, share), alpha)))


def likely_end(known: Path, share: float, alpha: float, delta: float) -> int:
    """The loosest rule whose expected p-value is at most `delta`; the likeliest rule where there is none.

    An estimate from other rows than those tested, for what must be settled before them. Chance bumps along
    the path do not end it, as they would end a walk.
    """
    passed = np.flatnonzero(p_values(expected(known, share), alpha) <= delta)
    return int(passed[-1]) if len(passed) else best_start(known, share, alpha)


@dataclass(frozen=True)
class Passed:
    """The loosest rule passed, and what it did on the rows it was tested on; `rule` None: none passed."""

    rule: int | None
    start: int
    decided: int
    wrong: int
    p_value: float
    passed: np.ndarray  # bool[J]


def certify(path: Path, alpha: float, delta: float, starts: Sequence[int] = (0,)) -> Passed:
    """The loosest rule of the path whose error is at most `alpha`, with a chance of 1 - delta.

    Where none passed, the figures are those of the first start.
    """
    p = p_values(path, alpha)
    passed = fixed_sequence(p, delta, starts)
    rule = int(np.flatnonzero(passed)[-1]) if passed.any() else None
    shown = starts[0] if rule is None else rule
    return Passed(
        rule, starts[0], int(path.decided[shown]), int(path.wrong[shown]), float(p[shown]), passed
    )  # fmt: skip


def least_left(mu: float, alpha: float) -> float:
    """The share that must be left to a person, at least: (mu - alpha) / (1 - alpha) where mu > alpha.

    `mu` is the error if all were decided. Even a confidence that knew every error would have to leave those
    that are too many.

    Examples
    --------
    >>> round(least_left(0.16, 0.10), 4), least_left(0.05, 0.10)
    (0.0667, 0.0)
    """
    return max(0.0, (mu - alpha) / (1.0 - alpha))


def rows_needed(alpha: float, delta: float) -> int:
    """Rows to be decided without any error before `alpha` can be promised: ceil(ln(delta) / ln(1 - alpha)).

    Examples
    --------
    >>> rows_needed(0.05, 0.1), rows_needed(0.01, 0.1)
    (45, 230)
    """
    return math.ceil(round(math.log(delta) / math.log1p(-alpha), 9))
