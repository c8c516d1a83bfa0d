"""Directions that a linear model must keep: bounds on the weights of its matrix columns.

A number keeps its direction by the sign of its weight. An ordinal is coded by its steps, "at least this
level", whose weights keep the sign; the weights of its levels are the sums of the steps below them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas
from scipy import sparse

from interpretable.models.matrix import RARE
from interpretable.records.additive import Feature
from interpretable.records.boosted import Block, LevelBlock, NumberBlock
from interpretable.records.dataset import Dataset
from interpretable.score.design import width


@dataclass(frozen=True, eq=False)
class Basis:
    """weights of the matrix columns = steps @ weights that are fitted; those keep `signs`."""

    steps: Any  # sparse f8[p, q]
    signs: np.ndarray  # i8[q]


def enforced(train: Dataset) -> dict[str, int]:
    """Columns whose declared direction must be kept: 1 up, -1 down. Several classes have no direction."""
    if train.task.kind == "multiclass":
        return {}
    return {c.name: 1 if c.expected == "up" else -1 for c in train.task.features if c.enforce}


def in_order(train: Dataset, features: tuple[Feature, ...], blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, with the levels of enforced ordinals coded in their order; rare ones join a neighbour."""
    wanted, known = enforced(train), {f.name: f for f in features}
    return tuple(
        _ordered(block, known[block.feature], train)
        if isinstance(block, LevelBlock) and block.feature in wanted
        else block
        for block in blocks
    )


def _ordered(block: LevelBlock, feature: Feature, train: Dataset) -> LevelBlock:
    counts = pandas.Series(train.frame[feature.name], dtype=object).value_counts()
    ranks = {level: rank for rank, level in enumerate(feature.levels)}
    labels = sorted(block.labels, key=lambda label: (ranks.get(label, len(ranks)), label))
    codes, place, rows = [], 1, 0
    for label in labels:
        if rows >= RARE:
            place, rows = place + 1, 0
        codes.append(place)
        rows += int(counts[label])
    if rows < RARE and place > 1:  # the last step has too few rows
        codes = [min(code, place - 1) for code in codes]
    return LevelBlock(
        feature=block.feature, labels=tuple(labels), codes=tuple(codes), indicator=block.indicator
    )


def make_basis(train: Dataset, blocks: tuple[Block, ...]) -> Basis | None:
    """The basis of a matrix of these blocks; None where nothing is enforced."""
    wanted = enforced(train)
    if not any(block.feature in wanted for block in blocks):
        return None
    parts, signs = [], []
    for block in blocks:
        sign = wanted.get(block.feature, 0)
        steps = np.eye(width(block))
        marks = np.zeros(width(block))
        if sign and isinstance(block, NumberBlock):
            marks[0] = sign
        elif sign and isinstance(block, LevelBlock):
            levels = max(block.codes, default=0)
            steps[:levels, :levels] = np.tril(np.ones((levels, levels)))
            marks[1:levels] = sign
        parts.append(steps)
        signs.append(marks)
    return Basis(sparse.block_diag(parts, format="csr"), np.concatenate(signs))
