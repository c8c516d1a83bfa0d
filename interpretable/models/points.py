"""Small integer points: columns are selected, weights fitted, then rounded and improved one point at a time.

The multiplier is searched as in FasterRisk (Liu et al., NeurIPS 2022, "star ray"): the real weights are
stretched to several lengths, rounded at each, and the scale between points and log-odds is fitted again.
Rounded points are improved by greedy coordinate descent on the loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

LARGEST = 10  # points of one line, at most
RIDGE = 5.0  # rows that the guide counts for, in every cell
STRETCHES = tuple(range(3, LARGEST + 1))
CLOSE = 0.001  # relative loss that a card with smaller points may have more
MOVES = 80  # single-point changes per stretch, at most


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """Rows as cells of each column, and what is to be estimated.

    codes : i8[n, J] cell of each row on each column's axis
    cells : cells of each axis, with the missing and the unknown one
    target : f8[n], 0/1, or standardised where `logit` is false
    signs : direction that the points of a column's bins must keep: 1, -1 or 0
    guide : f8[cells] per column: what the weights are drawn to
    """

    codes: np.ndarray
    cells: tuple[int, ...]
    target: np.ndarray
    logit: bool
    signs: tuple[int, ...]
    guide: tuple[np.ndarray, ...]

    def take(self, columns: Sequence[int]) -> Problem:
        """The same rows with these columns."""
        chosen = list(columns)
        return replace(
            self, codes=self.codes[:, chosen], cells=tuple(self.cells[j] for j in chosen),
            signs=tuple(self.signs[j] for j in chosen), guide=tuple(self.guide[j] for j in chosen),
        )  # fmt: skip

    def mean(self, score: np.ndarray) -> np.ndarray:
        return 0.5 * (1.0 + np.tanh(0.5 * score)) if self.logit else score

    def curvature(self, mean: np.ndarray) -> np.ndarray:
        return np.maximum(mean * (1.0 - mean), 1e-6) if self.logit else np.ones(len(mean))

    def loss(self, score: np.ndarray) -> float:
        """Mean log loss, or half the mean squared error."""
        if self.logit:
            return float(np.mean(np.logaddexp(0.0, score) - self.target * score))
        return float(np.mean((score - self.target) ** 2) / 2)

    def hot(self) -> np.ndarray:
        """0/1 matrix f8[n, sum of cells]."""
        starts = np.concatenate([[0], np.cumsum(self.cells)[:-1]]).astype(int)
        matrix = np.zeros((len(self.codes), sum(self.cells)))
        for j, start in enumerate(starts):
            matrix[np.arange(len(matrix)), start + self.codes[:, j]] = 1.0
        return matrix

    def split(self, flat: np.ndarray) -> list[np.ndarray]:
        return np.split(flat, np.cumsum(self.cells)[:-1])


@dataclass(frozen=True, eq=False, kw_only=True)
class Card:
    """Integer points of each cell of each column; score = constant + unit * total."""

    points: tuple[np.ndarray, ...]  # i8[cells]
    unit: float
    constant: float


def fit_weights(problem: Problem, matrix: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Weights f8[1 + p], constant first, by Newton's method; `weights` count rows several times.

    Each weight is drawn to the guide's height as if RIDGE rows had said so: few rows move it little.
    """
    design = np.column_stack([np.ones(len(matrix)), matrix])
    counted = np.ones(len(matrix)) if weights is None else weights
    penalty = np.full(design.shape[1], RIDGE)
    penalty[0] = 1e-9
    guide = np.concatenate([[0.0], *problem.guide])
    w = np.zeros(design.shape[1])
    for _ in range(25 if problem.logit else 1):
        mean = problem.mean(design @ w)
        slope = design.T @ (counted * (problem.target - mean)) - penalty * (w - guide)
        bend = (design * (counted * problem.curvature(mean))[:, None]).T @ design
        step = np.linalg.solve(bend + np.diag(penalty), slope)
        w = w + np.clip(step, -4.0, 4.0)
        if np.abs(step).max() < 1e-6:
            break
    return w


def select(problem: Problem, most: int) -> list[int]:
    """Columns in the order they are taken: of the three with the largest score test, the least loss wins.

    It stops where a column does not earn its lines (Akaike's criterion).
    """
    chosen: list[int] = []
    n = len(problem.target)
    score = np.full(n, level(problem, np.zeros(n), np.ones(n)))
    loss = problem.loss(score)
    while len(chosen) < most:
        tests = [(_test(problem, j, score), j) for j in range(len(problem.cells)) if j not in chosen]
        tried = []
        for _, j in sorted(tests, reverse=True)[:3]:
            part = problem.take([*chosen, j])
            matrix = part.hot()
            w = fit_weights(part, matrix)
            reached = w[0] + matrix @ w[1:]
            tried.append((part.loss(reached), j, reached))
        if not tried:
            break
        best = min(tried, key=lambda one: one[0])
        used = len(np.unique(problem.codes[:, best[1]])) - 1
        scale = 1.0 if problem.logit else 2 * loss  # of a squared error: its own variance
        if 2 * n * (loss - best[0]) / max(scale, 1e-12) <= 2 * used:
            break
        chosen.append(best[1])
        loss, score = best[0], best[2]
    return chosen


def _test(problem: Problem, column: int, score: np.ndarray) -> float:
    """Gain of one Newton step over the cells of a column."""
    mean = problem.mean(score)
    cells, codes = problem.cells[column], problem.codes[:, column]
    slope = np.bincount(codes, weights=problem.target - mean, minlength=cells)
    bend = np.bincount(codes, weights=problem.curvature(mean), minlength=cells)
    return float(np.sum(slope**2 / (bend + RIDGE)))


def level(problem: Problem, score: np.ndarray, counts: np.ndarray) -> float:
    """The constant at which the estimates sum to the outcomes of the rows, counted so often."""
    constant = 0.0
    for _ in range(30):
        mean = problem.mean(score + constant)
        step = np.sum(counts * (problem.target - mean)) / np.sum(counts * problem.curvature(mean))
        constant += float(np.clip(step, -3.0, 3.0))
        if abs(step) < 1e-9:
            break
    return constant


def centred(problem: Problem, weights: np.ndarray) -> list[np.ndarray]:
    """Weights per column, 0 on average over the rows: a cell without rows then stands at the average."""
    found = []
    for j, part in enumerate(problem.split(weights)):
        counts = np.bincount(problem.codes[:, j], minlength=problem.cells[j])
        middle = np.average(part, weights=counts)
        found.append(_kept(np.where(counts > 0, part - middle, 0.0), counts, problem.signs[j]))
    return found


def _kept(part: np.ndarray, counts: np.ndarray, sign: int) -> np.ndarray:
    """Bins (not the missing and the unknown cell) moved to the nearest curve that keeps the direction."""
    if not sign:
        return part
    from sklearn.isotonic import isotonic_regression

    inner = isotonic_regression(part[1:-1], sample_weight=counts[1:-1] + 1e-9, increasing=sign > 0)
    return np.concatenate([part[:1], inner, part[-1:]])


def fit_scale(problem: Problem, total: np.ndarray, start: tuple[float, float]) -> tuple[float, float]:
    """Unit and constant with the least loss for these totals, by Newton's method from a near start."""
    design = np.column_stack([np.ones(len(total)), total])
    w = np.array([start[1], start[0]])
    for _ in range(20):
        mean = problem.mean(design @ w)
        bend = (design * problem.curvature(mean)[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, design.T @ (problem.target - mean))
        w = w + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    return float(w[1]), float(w[0])


def round_card(problem: Problem, weights: list[np.ndarray], constant: float) -> Card:
    """The integer card with the least loss over all stretches; of near equals the one with smaller points."""
    reach = max(float(np.ptp(part)) for part in weights)
    if reach <= 0:
        return Card(points=tuple(np.zeros(len(w), dtype=int) for w in weights), unit=1.0, constant=constant)
    cards = [_stretched(problem, weights, reach / stretch, constant) for stretch in STRETCHES]
    losses = [_price(problem, card) for card in cards]
    close = [i for i, loss in enumerate(losses) if loss <= min(losses) * (1 + CLOSE)]
    return cards[close[0]]


def rounded(weights: list[np.ndarray], unit: float) -> list[np.ndarray]:
    """Points at this unit, the lowest cell of each column at 0."""
    return [np.round((part - part.min()) / unit).astype(int) for part in weights]


def totals(problem: Problem, points: Sequence[np.ndarray]) -> np.ndarray:
    return np.sum([p[problem.codes[:, j]] for j, p in enumerate(points)], axis=0).astype(float)


def _score(problem: Problem, card: Card) -> np.ndarray:
    return card.constant + card.unit * totals(problem, card.points)


def _price(problem: Problem, card: Card) -> float:
    """The loss, and how far the points lie from the guide: as for the weights before rounding."""
    away = 0.0
    for j, points in enumerate(card.points):
        counts = np.bincount(problem.codes[:, j], minlength=problem.cells[j])
        own = card.unit * (points - np.average(points, weights=counts)) - problem.guide[j]
        away += float(np.sum(own[counts > 0] ** 2))
    return problem.loss(_score(problem, card)) + RIDGE * away / (2 * len(problem.target))


def _stretched(problem: Problem, weights: list[np.ndarray], unit: float, constant: float) -> Card:
    points = rounded(weights, unit)
    total = totals(problem, points)
    scale = fit_scale(problem, total, (unit, constant - unit * float(total.mean())))
    card = Card(points=tuple(points), unit=scale[0], constant=scale[1])
    return _improved(problem, card)


def _improved(problem: Problem, card: Card) -> Card:
    """Greedy: the single point with the largest promised gain is moved as long as the loss falls."""
    price = _price(problem, card)
    for _ in range(MOVES):
        tried = [_moved(problem, card, *move) for move in _moves(problem, card)[:3]]
        prices = [_price(problem, one) for one in tried]
        if not prices or min(prices) >= price - 1e-9:
            break
        card, price = tried[int(np.argmin(prices))], min(prices)
    return _shifted(problem, card)


def _moves(problem: Problem, card: Card) -> list[tuple[int, int, int]]:
    """Column, cell and step of the allowed moves that promise a gain, largest first."""
    mean = problem.mean(_score(problem, card))
    rest, bend = problem.target - mean, problem.curvature(mean)
    found = []
    for j, points in enumerate(card.points):
        codes, cells = problem.codes[:, j], problem.cells[j]
        slope = card.unit * np.bincount(codes, weights=rest, minlength=cells)
        curve = card.unit**2 * np.bincount(codes, weights=bend, minlength=cells)
        for step in (1, -1):
            gains = step * slope - curve / 2
            found += [
                (float(gains[cell]), j, int(cell), step)
                for cell in np.flatnonzero(gains > 0)
                if _allowed(points, int(cell), step, problem.signs[j])
            ]
    return [move[1:] for move in sorted(found, reverse=True)]


def _allowed(points: np.ndarray, cell: int, step: int, sign: int) -> bool:
    new = points.copy()
    new[cell] += step
    inside = 0 <= new[cell] <= LARGEST
    return bool(inside and (not sign or np.all(np.diff(new[1:-1]) * sign >= 0)))


def _moved(problem: Problem, card: Card, column: int, cell: int, step: int) -> Card:
    new = [p.copy() for p in card.points]
    new[column][cell] += step
    unit, constant = fit_scale(problem, totals(problem, new), (card.unit, card.constant))
    return Card(points=tuple(new), unit=unit, constant=constant)


def _shifted(problem: Problem, card: Card) -> Card:
    """The lowest cell of each column at 0 again; the constant takes up the rest."""
    low = [int(p.min()) for p in card.points]
    constant = card.constant + card.unit * sum(low)
    points = tuple(p - b for p, b in zip(card.points, low, strict=True))
    return Card(points=points, unit=card.unit, constant=constant)
