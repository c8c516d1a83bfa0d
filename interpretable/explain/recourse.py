"""Recourse: the cheapest allowed changes that put a case on the other side of the line, or proof of none.

Exact for additive models, because every change of one column (or of the columns of one term) moves the score
by a known amount. It says what the model would answer, not what would happen in the world.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from interpretable.errors import BrokenPromise, UserError
from interpretable.explain.candidates import Candidates, candidates_of
from interpretable.explain.context import Context
from interpretable.explain.program import Solver, build, thin
from interpretable.records.dataset import Dataset
from interpretable.records.recourse import Change, ChangePlan, Recourse, Side, Status
from interpretable.records.task import Task
from interpretable.score.domain import DomainCheck
from interpretable.score.output import before_map
from interpretable.score.reasons import plain_value
from interpretable.score.scorer import AdditiveScorer, Scorer, columns_of, predict, predicted

TINY = 1e-9  # on the link scale: a plan ends this far beyond the line, so that rounding cannot undo it
Row = dict[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a plan must reach, and how.

    goal : line on the scale of the estimate; by default the task's declared line
    side : "below" means an estimate under the goal is wanted ("above": at or over it)
    plans : how many plans with different columns
    robust : share of the refits in which a plan must reach the goal too
    columns : columns that may change; empty means all that the task calls changeable
    """

    goal: float | None = None
    side: Side = "below"
    plans: int = 3
    robust: float = 0.9
    columns: tuple[str, ...] = ()


def check_wish(scorer: Scorer, task: Task, wish: Wish) -> float:
    """The goal; UserError says why there can be no plan for this model, task or wish."""
    wrong = []
    if not isinstance(scorer, AdditiveScorer):
        wrong.append(f"Plans of change are exact for glass boxes only; {scorer.family!r} is none.")
    if scorer.link == "softmax":
        wrong.append("Plans of change are defined for two classes or a number, not for several classes.")
    goal = task.cut if wish.goal is None and scorer.link == "logit" else wish.goal
    if goal is None:
        wrong.append("There is no line to reach: declare threshold or harm_ratio in task.toml, or pass goal.")
    elif scorer.link == "logit" and not 0 < goal < 1:
        wrong.append(f"The goal must lie between 0 and 1, not {goal:g}.")
    known = {c.name for c in task.features if c.changeable}
    if not known:
        wrong.append(
            "No column is changeable: mark those that can change with changeable = true in task.toml."
        )
    strange = [name for name in wish.columns if name not in known]
    if strange:
        wrong.append(
            f"Not changeable by the task: {', '.join(strange)}. Changeable: {', '.join(sorted(known))}."
        )
    if not 0 <= wish.robust <= 1:
        wrong.append(f"robust is a share of refits between 0 and 1, not {wish.robust:g}.")
    if wrong:
        raise UserError(wrong)
    return float(goal)


def _choices(scorer: Scorer, row: Row, context: Context, columns: Sequence[str]) -> list[Candidates]:
    spec = {f.name: f for f in scorer.features}
    found = []
    for column in context.task.features:
        wanted = column.changeable and column.kind != "text" and column.name in spec
        if wanted and (not columns or column.name in columns):
            one = candidates_of(column, spec[column.name], plain_value(row[column.name][0]), context.domain)
            found += [one] if one is not None else []
    return found


def logit_of(chance: float) -> float:
    """Log-odds, infinite at 0 and 1."""
    if 0.0 < chance < 1.0:
        return math.log(chance / (1.0 - chance))
    return math.inf if chance >= 1.0 else -math.inf


def _on_link(scorer: Scorer, goal: float, side: Side) -> float:
    """The largest signed link score that is on the wanted side."""
    line = goal
    if scorer.link == "logit":
        chance = before_map(goal, scorer.post)  # NaN: no estimate gets there, 0: every one does
        line = math.inf if math.isnan(chance) else logit_of(chance)
    return line - TINY if side == "below" else -line


def _reaches(estimate: float, goal: float, side: Side) -> bool:
    return estimate < goal if side == "below" else estimate >= goal


@dataclass(frozen=True, eq=False)
class _Case:
    """One case with everything a plan is made from."""

    scorer: AdditiveScorer
    row: Row
    choices: tuple[Candidates, ...]
    goal: float
    wish: Wish
    context: Context

    def changed(self, places: np.ndarray) -> Row:
        rows = dict(self.row)
        for one, place in zip(self.choices, places, strict=True):
            rows[one.feature] = one.values[place : place + 1]
        return rows

    def estimate(self, row: Row) -> float:
        return float(predict(self.scorer, row, 1)[0])

    def plan(self, places: np.ndarray) -> ChangePlan:
        """The plan in words' terms, proved by scoring the changed row."""
        row = self.changed(places)
        estimate = self.estimate(row)
        if not _reaches(estimate, self.goal, self.wish.side):
            raise BrokenPromise(f"A plan ends at {estimate:.6g}, on the wrong side of {self.goal:.6g}.")
        refits = self.scorer.refit_scores(row, 1)
        holds = None
        if refits is not None:
            ends = predicted(self.scorer, refits)[:, 0]
            holds = float(np.mean([_reaches(end, self.goal, self.wish.side) for end in ends]))
        changes = tuple(
            Change(
                feature=one.feature,
                before=plain_value(one.values[0]),
                after=plain_value(one.values[place]),
                cost=float(one.costs[place]),
            )
            for one, place in zip(self.choices, places, strict=True)
            if place > 0
        )
        changes = tuple(sorted(changes, key=lambda c: -c.cost))
        domain = DomainCheck(self.context.domain).explain(row, 1)[0]
        cost = float(sum(c.cost for c in changes))
        return ChangePlan(changes=changes, cost=cost, estimate=estimate, holds=holds, domain=domain)


def find_recourse(scorer: Scorer, row: Dataset, context: Context, *, wish: Wish | None = None) -> Recourse:
    """The cheapest plans for one case, the cheapest first; each changes at least one other column.

    A number moves on a grid of round values inside its training range (task.toml: change_step, change_low,
    change_high, change_direction); a level moves to one seen in training. Cost of a change: change_cost *
    (0.1 + moves), moves in training standard deviations (a level: 1; an ordinal one: its share of the whole
    order). A column whose value is not known stays as it is.

    Parameters
    ----------
    scorer : a glass box for two classes or a number
    row : a dataset of exactly one row
    wish : the goal and its conditions

    Raises
    ------
    UserError : no glass box, several classes, no line, nothing changeable, unknown columns
    """
    wish = wish or Wish()
    goal = check_wish(scorer, context.task, wish)
    columns = columns_of(scorer, row)
    choices = _choices(scorer, columns, context, wish.columns)
    sign = 1.0 if wish.side == "below" else -1.0
    assert isinstance(scorer, AdditiveScorer)
    program = thin(build(scorer.model, columns, choices, sign=sign))
    case = _Case(scorer, columns, program.candidates, goal, wish, context)
    estimate = case.estimate(columns)
    start = Recourse(
        row_id=str(row.row_ids[0]), status="none", goal=goal, side=wish.side, estimate=estimate,
        best=estimate, allowed=tuple(c.allowed for c in choices),
    )  # fmt: skip
    if _reaches(estimate, goal, wish.side):
        return replace(start, status="already")
    line = _on_link(scorer, goal, wish.side)
    if not choices or not math.isfinite(line):  # nothing to choose, or an output map that never gets there
        return start
    return _search(case, Solver(program), line, start)


def _search(case: _Case, solver: Solver, line: float, start: Recourse) -> Recourse:
    lowest = solver.solve(goal=None, lowest=True)
    best = start.estimate if lowest is None else case.estimate(case.changed(lowest))
    status: Status = "found"
    robust = case.wish.robust
    first = solver.solve(goal=line, robust=robust)
    if first is None and solver.layers > 1 and robust > 0:
        status, robust = "not_robust", 0.0
        first = solver.solve(goal=line)
    if first is None:
        return replace(start, best=best)
    found = [first]
    while len(found) < case.wish.plans:
        used = [frozenset(np.flatnonzero(places).tolist()) for places in found]
        following = solver.solve(goal=line, robust=robust, forbidden=used)
        if following is None:
            break
        found.append(following)
    return replace(start, status=status, best=best, plans=tuple(case.plan(places) for places in found))
