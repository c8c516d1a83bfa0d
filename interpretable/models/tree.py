"""A shallow decision tree (Breiman et al., 1984), fitted by scikit-learn, compiled to one rule per leaf.

scikit-learn reads numbers as float32; each threshold is translated to the float64 cut that sorts every number
to the same side. A missing number goes to the side that the fit chose. Levels enter as 0/1 columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from interpretable.models.base import LINKS, Effort, Fitted, families, outputs, refuse_weights
from interpretable.models.matrix import make_blocks
from interpretable.records.additive import AdditiveModel, Axis, Clause, Feature, RuleTerm
from interpretable.records.boosted import Block, NumberBlock
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.score.design import encode, width

SIZES = {3: (2, 3, 4, 6, 8), 4: (2, 3, 4, 6, 8, 12, 16)}  # leaves that are tried, by depth
MOST_ROWS = 5_000  # for the choice of size
LARGEST = 1e38  # of float32, which the library computes in
FOLDS = 5


@dataclass(frozen=True, eq=False)
class _Layout:
    """The matrix of a tree. With directions to keep the library reads no missing number: they are filled."""

    blocks: tuple[Block, ...]
    signs: np.ndarray | None  # i8[p]: 1, -1 or 0 for each matrix column
    filled: dict[str, float]  # typical value of the numbers, where missing ones are filled

    def matrix(self, dataset: Dataset) -> np.ndarray:
        raw = np.clip(encode(self.blocks, dataset.frame, len(dataset)), -LARGEST, LARGEST)
        for position, name in enumerate(self.names):
            if name in self.filled:
                raw[np.isnan(raw[:, position]), position] = self.filled[name]
        return raw.astype(np.float32)

    @property
    def names(self) -> list[str]:
        return [block.feature for block in self.blocks for _ in range(width(block))]


def _signs(train: Dataset, blocks: tuple[Block, ...]) -> np.ndarray | None:
    """Directions to keep, of numbers; None where there are none."""
    if train.task.kind == "multiclass":
        return None
    wanted = {c.name: 1 if c.expected == "up" else -1 for c in train.task.features if c.enforce}
    signs = np.concatenate(
        [np.full(width(b), wanted.get(b.feature, 0) if isinstance(b, NumberBlock) else 0) for b in blocks]
    )
    return signs if np.any(signs) else None


def _layout(train: Dataset, features: tuple[Feature, ...]) -> _Layout:
    blocks = make_blocks(train, features, scaled=False)
    signs = _signs(train, blocks)
    numbers = {f.name: float(f.typical or 0.0) for f in features if f.kind == "number"}
    return _Layout(blocks, signs, numbers if signs is not None else {})


def _smallest_leaf(rows: int) -> int:
    return max(5, min(round(0.03 * rows), 500))


def _grow(train: Dataset, layout: _Layout, matrix: np.ndarray, target: np.ndarray, **limits: Any) -> Any:
    regression = train.task.kind == "regression"
    kind = DecisionTreeRegressor if regression else DecisionTreeClassifier
    rule = kind(
        criterion="squared_error" if regression else "log_loss",
        min_samples_leaf=_smallest_leaf(len(target)), monotonic_cst=layout.signs, **limits,
    )  # fmt: skip
    return rule.fit(matrix, target)


def _values(tree: Any, train: Dataset, target: np.ndarray, smallest: int) -> np.ndarray:
    """Link scores f8[nodes, K]: shares are pulled to the overall share as if each leaf held one row more.

    The pull is the same in every leaf, so it changes no order and keeps every direction.
    """
    raw = np.asarray(tree.tree_.value, dtype=np.float64)[:, 0, :]
    if train.task.kind == "regression":
        return raw
    pull = 1.0 / (1.0 + smallest)
    shares = np.zeros((len(raw), len(train.classes)))
    shares[:, tree.classes_] = raw
    overall = (np.bincount(target, minlength=len(train.classes)) + 1e-3) / (len(target) + 1e-3)
    logs = np.log((1.0 - pull) * shares + pull * overall)
    return logs[:, 1:] - logs[:, :1] if train.task.kind == "binary" else logs


def _loss(task: Task, scores: np.ndarray, target: np.ndarray) -> float:
    if task.kind == "regression":
        return float(np.mean((scores[:, 0] - target) ** 2))
    full = np.column_stack([np.zeros(len(target)), scores]) if task.kind == "binary" else scores
    return float(np.mean(np.logaddexp.reduce(full, axis=1) - full[np.arange(len(target)), target]))


def _cuts(train: Dataset, target: np.ndarray, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    regression = train.task.kind == "regression"
    smallest = len(target) // 2 if regression else int(np.unique(target, return_counts=True)[1].min())
    folds = min(FOLDS, smallest)
    if folds < 2:
        return []
    cutter = KFold if regression else StratifiedKFold
    return list(cutter(folds, shuffle=True, random_state=seed).split(np.zeros(len(target)), target))


def _choose_size(train: Dataset, layout: _Layout, matrix: np.ndarray, effort: Effort) -> tuple[int, int]:
    """Depth and leaves with the least loss over inner folds; trees grow best split first."""
    depth = 4 if effort.level == "audit" else 3
    rows = np.random.default_rng(effort.seed).permutation(len(train))[:MOST_ROWS]
    inside, target = matrix[rows], train.target[rows]
    cuts = _cuts(train, target, effort.seed)
    if not cuts:
        return 1, 2
    losses = []
    for leaves in SIZES[depth]:
        each = []
        for a, b in cuts:
            tree = _grow(
                train, layout, inside[a], target[a], max_depth=depth, max_leaf_nodes=leaves,
                random_state=effort.seed,
            )  # fmt: skip
            values = _values(tree, train, target[a], _smallest_leaf(len(a)))
            each.append(_loss(train.task, values[tree.apply(inside[b])], target[b]))
        losses.append(float(np.mean(each)))
    return depth, SIZES[depth][int(np.argmin(losses))]


def exact_cut(threshold: float) -> float:
    """The float64 c for which x >= c exactly where float32(x) > threshold.

    Rounding to float32 is monotone and halves go to the even neighbour, so c is the middle between the
    largest float32 at or below the threshold and the next one, or the next float64 where that rounds down.
    """
    below = np.float32(threshold)
    if float(below) > threshold:
        below = np.nextafter(below, np.float32(-np.inf))
    above = np.nextafter(below, np.float32(np.inf))
    middle = (float(below) + float(above)) / 2
    return middle if float(np.float32(middle)) > threshold else float(np.nextafter(middle, np.inf))


@dataclass(frozen=True, eq=False)
class _Walk:
    """From the library's nodes to clauses."""

    tree: Any
    layout: _Layout
    names: list[str]

    def sides(self, node: int) -> tuple[Clause, Clause]:
        """The clauses of the left and the right child."""
        column = int(self.tree.feature[node])
        block, offset = self._block(column)
        index = self.names.index(block.feature)
        if isinstance(block, NumberBlock):
            axis = Axis(cuts=np.array([exact_cut(float(self.tree.threshold[node]))]))
            left = self._missing_left(node, block)
            cells: tuple[tuple[int, ...], tuple[int, ...]] = ((0, 1, 3), (2,)) if left else ((1, 3), (0, 2))
        else:
            axis = Axis(labels=block.labels, codes=block.codes)
            count = max(block.codes, default=0)
            own = 0 if offset == count else offset + 1
            cells = (tuple(cell for cell in range(axis.cells) if cell != own), (own,))
        first, second = (Clause(feature=index, axis=axis, cells=chosen) for chosen in cells)
        return first, second

    def _missing_left(self, node: int, block: NumberBlock) -> bool:
        if block.feature in self.layout.filled:
            return self.layout.filled[block.feature] <= self.tree.threshold[node]
        return bool(self.tree.missing_go_to_left[node])

    def _block(self, column: int) -> tuple[Block, int]:
        start = 0
        for block in self.layout.blocks:
            if column < start + width(block):
                return block, column - start
            start += width(block)
        raise IndexError(column)

    def leaves(
        self, node: int = 0, path: tuple[Clause, ...] = ()
    ) -> Iterator[tuple[int, tuple[Clause, ...]]]:
        if self.tree.children_left[node] < 0:
            yield node, path
            return
        left, right = self.sides(node)
        yield from self.leaves(int(self.tree.children_left[node]), (*path, left))
        yield from self.leaves(int(self.tree.children_right[node]), (*path, right))


def _refits(values: np.ndarray, places: np.ndarray, train: Dataset, effort: Effort) -> np.ndarray | None:
    """Link scores f8[B, nodes, K] with the shares of resampled rows; the splits stay."""
    if not effort.refits:
        return None
    random, count = np.random.default_rng(effort.seed), len(values)
    smallest = _smallest_leaf(len(train))
    found = []
    for _ in range(effort.refits):
        rows = random.integers(0, len(train), len(train))
        found.append(_resampled(values, places[rows], train, train.target[rows], 1.0 / (1.0 + smallest)))
    return np.stack(found) if count else None


def _resampled(
    values: np.ndarray, places: np.ndarray, train: Dataset, target: np.ndarray, pull: float
) -> np.ndarray:
    """Link scores of each node among these rows; a node they do not reach keeps its own."""
    count = np.bincount(places, minlength=len(values)).astype(float)
    if train.task.kind == "regression":
        sums = np.bincount(places, weights=target, minlength=len(values))
        means = sums / np.maximum(count, 1)
        return np.where(count > 0, means, values[:, 0])[:, None]
    width_ = len(train.classes)
    table = np.zeros((len(values), width_))
    np.add.at(table, (places, target), 1.0)
    overall = (np.bincount(train.target, minlength=width_) + 1e-3) / (len(train) + 1e-3)
    logs = np.log((1 - pull) * table / np.maximum(count, 1)[:, None] + pull * overall)
    scores = logs[:, 1:] - logs[:, :1] if train.task.kind == "binary" else logs
    return np.where(count[:, None] > 0, scores, values)


def _usable(kind: str, *, enforced: bool) -> bool:
    return kind != "text" and not (enforced and kind == "ordinal")


class Tree:
    """At most eight rules (sixteen in an audit). Text is left out, and ordinals whose direction must be kept:
    their levels are separate columns here, which cannot be held in order."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return any(_usable(c.kind, enforced=c.enforce) for c in task.features)

    def name(self, task: Task) -> str:
        return "tree"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        refuse_weights(train, self.name(train.task))
        enforced = {c.name for c in train.task.features if c.enforce}
        usable = tuple(f for f in features if _usable(f.kind, enforced=f.name in enforced))
        layout = _layout(train, usable)
        matrix = layout.matrix(train)
        depth, leaves = self._size(train, layout, matrix, effort)
        tree = _grow(
            train, layout, matrix, train.target, max_depth=depth, max_leaf_nodes=leaves,
            random_state=effort.seed,
        )  # fmt: skip
        values = _values(tree, train, train.target, _smallest_leaf(len(train)))
        bags = _refits(values, tree.apply(matrix), train, effort)

        def library_scores(dataset: Dataset) -> np.ndarray:
            return values[tree.apply(layout.matrix(dataset))].reshape(len(dataset), outputs(train))

        record = _record(_Walk(tree.tree_, layout, [f.name for f in usable]), values, bags, train, usable)
        return Fitted(
            record=record, library_scores=library_scores, settings={"max_depth": depth, "leaves": leaves}
        )

    def _size(self, train: Dataset, layout: _Layout, matrix: np.ndarray, effort: Effort) -> tuple[int, int]:
        asked = effort.settings
        if "leaves" in asked:
            return int(asked.get("max_depth", 3)), int(asked["leaves"])
        return _choose_size(train, layout, matrix, effort)


def _record(
    walk: _Walk, values: np.ndarray, bags: np.ndarray | None, train: Dataset, features: tuple[Feature, ...]
) -> AdditiveModel:
    """The root's score is the constant; each leaf says how far it lies from there."""
    leaves = list(walk.leaves())
    counts = walk.tree.n_node_samples
    terms = tuple(
        RuleTerm(
            clauses=path,
            scores=values[node] - values[0],
            weight=float(counts[node]),
            bags=None if bags is None else bags[:, node] - values[0],
        )
        for node, path in leaves
        if path
    )
    return AdditiveModel(
        family="tree", link=LINKS[train.task.kind], classes=train.classes, features=features, terms=terms,
        intercept=values[0], bag_intercept=None if bags is None else np.repeat(values[:1], len(bags), axis=0),
    )  # fmt: skip


families.add("tree")(Tree())
