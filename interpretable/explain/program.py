"""The choice of a plan as a mixed-integer linear program: exact, with a proof where nothing is possible.

One 0/1 variable says which candidate value each column takes. A term over one changeable column adds its
score per candidate; a term over several adds one variable per combination of classes of candidates (those
the term cannot tell apart), tied to the candidates by marginal sums, so that at whole numbers it is their
product. Solved by HiGHS (Huangfu and Hall, 2018) through scipy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np

from interpretable.errors import UserError
from interpretable.explain.candidates import Candidates
from interpretable.records.additive import AdditiveModel, RuleTerm, TableTerm, Term
from interpretable.score import additive
from interpretable.score.coding import code

MOST_CELLS = 300_000  # combinations of candidates looked at for one term
Row = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False, kw_only=True)
class Joint:
    """A term over several changeable columns: scores f8[R, classes...], and the class of each candidate."""

    columns: tuple[int, ...]
    classes: tuple[np.ndarray, ...]
    scores: np.ndarray


@dataclass(frozen=True, eq=False, kw_only=True)
class Program:
    """Scores of R = 1 + refits layers, the model itself first, signed so that lower is wanted."""

    candidates: tuple[Candidates, ...]
    constant: np.ndarray  # f8[R]
    alone: tuple[np.ndarray, ...]  # per column f8[R, m]
    joint: tuple[Joint, ...] = field(default_factory=tuple)


def _scores(model: AdditiveModel, term: Term, rows: Row, count: int) -> np.ndarray:
    """f8[R, n] of the model and of every refit."""
    own = additive.term_scores(model, term, rows)[:, 0][None]
    if model.bag_intercept is None:
        return own
    refits = additive.refit_term(term, model, rows)
    refits = refits if refits.ndim == 3 else np.repeat(refits[None], len(model.bag_intercept), axis=0)
    return np.concatenate([own, refits[..., 0]])


def _classes(model: AdditiveModel, term: Term, one: Candidates) -> np.ndarray:
    """Class i8[m] of each candidate: those in the same cell of the term's axis score alike."""
    if isinstance(term, TableTerm):
        axes = [
            a for i, a in zip(term.features, term.axes, strict=True) if model.features[i].name == one.feature
        ]
        return np.unique(code(axes[0], one.values), return_inverse=True)[1]
    if isinstance(term, RuleTerm):
        clauses = [c for c in term.clauses if model.features[c.feature].name == one.feature]
        holds = np.all([np.isin(code(c.axis, one.values), c.cells) for c in clauses], axis=0)
        return np.unique(holds, return_inverse=True)[1]
    return np.arange(len(one.values))


def _grid(row: Row, chosen: Sequence[Candidates], first: Sequence[np.ndarray]) -> tuple[Row, int]:
    """The row repeated over all combinations of one candidate of each class."""
    shape = [len(places) for places in first]
    count = int(np.prod(shape))
    if count > MOST_CELLS:
        raise UserError(f"One term has {count:,} combinations to search; at most {MOST_CELLS:,} are.")
    rows = {name: np.repeat(np.asarray(value), count) for name, value in row.items()}
    for one, places, at in zip(chosen, first, np.indices(shape).reshape(len(shape), count), strict=True):
        rows[one.feature] = one.values[places][at]
    return rows, count


def _joint(model: AdditiveModel, term: Term, row: Row, *, chosen: Sequence[Candidates]) -> tuple:
    """Scores f8[R, classes...] and the class of each candidate, column by column."""
    classes = tuple(_classes(model, term, one) for one in chosen)
    first = [np.unique(c, return_index=True)[1] for c in classes]
    rows, count = _grid(row, chosen, first)
    scores = _scores(model, term, rows, count)
    return scores.reshape(len(scores), *map(len, first)), classes


def build(model: AdditiveModel, row: Row, candidates: Sequence[Candidates], *, sign: float) -> Program:
    """Every term's score at every candidate, as `sign` times the link score."""
    place = {c.feature: i for i, c in enumerate(candidates)}
    start = model.intercept[:1] if model.bag_intercept is None else np.r_[
        model.intercept[:1], model.bag_intercept[:, 0]
    ]  # fmt: skip
    constant = start.astype(np.float64)
    alone = [np.zeros((len(constant), len(c.values))) for c in candidates]
    joint = []
    for term in model.terms:
        named = dict.fromkeys(model.features[i].name for i in term.features)
        inside = tuple(place[name] for name in named if name in place)
        chosen = [candidates[i] for i in inside]
        scores, classes = _joint(model, term, row, chosen=chosen)
        if not inside:
            constant = constant + scores
        elif len(inside) == 1:
            alone[inside[0]] += scores[:, classes[0]]
        else:
            joint.append(Joint(columns=inside, classes=classes, scores=scores))
    return Program(
        candidates=tuple(candidates),
        constant=sign * constant,
        alone=tuple(sign * one for one in alone),
        joint=tuple(Joint(columns=j.columns, classes=j.classes, scores=sign * j.scores) for j in joint),
    )


def thin(program: Program) -> Program:
    """Of candidates that no term can tell apart only the cheapest stays."""
    candidates, alone, kept = [], [], []
    for i, one in enumerate(program.candidates):
        keys = [
            program.alone[i].T,
            *(j.classes[j.columns.index(i)][:, None] for j in program.joint if i in j.columns),
        ]
        order = np.argsort(one.costs, kind="stable")
        _, first = np.unique(np.column_stack(keys)[order], axis=0, return_index=True)
        places = np.sort(order[first])
        places = np.r_[0, places[places != 0]] if 0 in places else np.r_[0, places]
        candidates.append(one.keep(places))
        alone.append(program.alone[i][:, places])
        kept.append(places)
    joint = tuple(
        Joint(
            columns=j.columns,
            classes=tuple(c[kept[i]] for i, c in zip(j.columns, j.classes, strict=True)),
            scores=j.scores,
        )
        for j in program.joint
    )
    return Program(candidates=tuple(candidates), constant=program.constant, alone=tuple(alone), joint=joint)


class Solver:
    """The program in matrix form; each question adds its own rows and objective."""

    def __init__(self, program: Program):
        self.program = program
        sizes = [len(c.values) for c in program.candidates]
        self.starts = np.r_[0, np.cumsum(sizes)].astype(int)
        self.joint_starts = np.r_[
            self.starts[-1], self.starts[-1] + np.cumsum([np.prod(j.scores.shape[1:]) for j in program.joint])
        ].astype(int)
        self.layers = len(program.constant)
        self.width = int(self.joint_starts[-1]) + self.layers - 1  # one 0/1 per refit: may miss the goal
        self.costs = np.zeros(self.width)
        self.costs[: self.starts[-1]] = np.concatenate([c.costs for c in program.candidates])

    @cached_property
    def score_rows(self) -> np.ndarray:
        """f8[R, variables]: each layer's score without its constant."""
        rows = np.zeros((self.layers, self.width))
        for i, one in enumerate(self.program.alone):
            rows[:, self.starts[i] : self.starts[i + 1]] = one
        for k, joint in enumerate(self.program.joint):
            part = slice(self.joint_starts[k], self.joint_starts[k + 1])
            rows[:, part] = joint.scores.reshape(self.layers, -1)
        return rows

    @cached_property
    def structure(self) -> tuple[np.ndarray, np.ndarray]:
        """Equalities: one candidate per column, and joint variables that agree with the candidates."""
        rows, right = [], []
        for i in range(len(self.program.candidates)):
            row = np.zeros(self.width)
            row[self.starts[i] : self.starts[i + 1]] = 1.0
            rows.append(row)
            right.append(1.0)
        for k, joint in enumerate(self.program.joint):
            shape = joint.scores.shape[1:]
            cells = np.array(list(product(*map(range, shape))))
            for axis, (i, classes) in enumerate(zip(joint.columns, joint.classes, strict=True)):
                for one in range(shape[axis]):
                    row = np.zeros(self.width)
                    row[self.joint_starts[k] + np.flatnonzero(cells[:, axis] == one)] = 1.0
                    row[self.starts[i] + np.flatnonzero(classes == one)] = -1.0
                    rows.append(row)
                    right.append(0.0)
        return np.array(rows), np.array(right)

    def _bounds(self, rows: np.ndarray) -> np.ndarray:
        """The largest score f8[R] that any choice can have, constants apart."""
        top = np.zeros(self.layers)
        edges = [*zip(self.starts[:-1], self.starts[1:], strict=True)]
        edges += [*zip(self.joint_starts[:-1], self.joint_starts[1:], strict=True)]
        for low, high in edges:
            top += rows[:, low:high].max(axis=1) if high > low else 0.0
        return top

    def solve(
        self, *, goal: float | None, robust: float = 0.0, forbidden: Sequence[frozenset[int]] = (),
        lowest: bool = False,
    ) -> np.ndarray | None:  # fmt: skip
        """Places i8[columns] of the cheapest choice with score <= goal; None proves that there is none.

        `robust` : share of refits that must reach the goal too. `forbidden` : sets of changed columns not to
        come back with. `lowest` : the choice with the least score instead, at any cost.
        """
        from scipy import sparse
        from scipy.optimize import Bounds, LinearConstraint, milp

        scores = self.score_rows
        structure, right = self.structure
        rules = [LinearConstraint(sparse.csr_matrix(structure), right, right)]
        if goal is not None:
            rules += self._goals(scores, goal, robust)
        rules += [self._forbid(changed) for changed in forbidden]
        whole = np.zeros(self.width)
        whole[: self.starts[-1]] = 1
        whole[self.joint_starts[-1] :] = 1
        answer = milp(
            scores[0] if lowest else self.costs, constraints=rules, integrality=whole,
            bounds=Bounds(0.0, 1.0), options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        if answer.x is None:
            return None
        parts = [answer.x[a:b] for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]
        return np.array([int(np.argmax(part)) for part in parts])

    def _goals(self, scores: np.ndarray, goal: float, robust: float) -> list:
        """The model reaches the goal, and enough of the refits do."""
        from scipy.optimize import LinearConstraint

        room = goal - self.program.constant
        rules = [LinearConstraint(scores[:1], -np.inf, room[0])]
        refits = self.layers - 1
        if robust > 0 and refits:
            rows = scores[1:].copy()
            slack = np.maximum(self._bounds(scores)[1:] - room[1:], 0.0)
            rows[np.arange(refits), self.joint_starts[-1] + np.arange(refits)] = -slack
            rules.append(LinearConstraint(rows, -np.inf, room[1:]))
            count = np.zeros((1, self.width))
            count[0, self.joint_starts[-1] :] = 1.0
            rules.append(LinearConstraint(count, 0.0, np.floor((1.0 - robust) * refits + 1e-9)))
        return rules

    def _forbid(self, changed: frozenset[int]) -> object:
        """At least one of these columns stays as it is."""
        from scipy.optimize import LinearConstraint

        row = np.zeros((1, self.width))
        row[0, [self.starts[i] for i in changed]] = 1.0
        return LinearConstraint(row, 1.0, np.inf)
