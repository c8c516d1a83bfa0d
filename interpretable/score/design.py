"""Columns to the numeric matrix that linear models are fitted on and boosted trees read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.records.additive import Axis
from interpretable.records.boosted import Block, LevelBlock, NumberBlock, TextBlock, TreeBlock
from interpretable.score.additive import Columns
from interpretable.score.coding import code_labels


def width(block: TreeBlock) -> int:
    """Matrix columns of a block; a text whose words are all unknown keeps one that never has a value."""
    if isinstance(block, TextBlock):
        return max(len(block.vocabulary), 1)
    own = 1 if isinstance(block, NumberBlock) else max(block.codes, default=0)
    return own + block.indicator


def places(blocks: tuple[TreeBlock, ...]) -> Iterator[tuple[TreeBlock, slice]]:
    """Every block with its columns of the matrix."""
    start = 0
    for block in blocks:
        part = slice(start, start + width(block))
        start = part.stop
        yield block, part


def _number(block: NumberBlock, values: np.ndarray) -> np.ndarray:
    x = np.asarray(values, dtype=np.float64)
    if not block.scaled:
        return x[:, None]
    scaled = (np.clip(x, block.low, block.high) - block.centre) / block.scale
    missing = np.isnan(scaled)
    scaled[missing] = 0.0
    return np.column_stack([scaled, missing]) if block.indicator else scaled[:, None]


def _levels(block: LevelBlock, values: np.ndarray) -> np.ndarray:
    cells = code_labels(Axis(labels=block.labels, codes=block.codes), values)
    columns = max(block.codes, default=0)
    hot = np.zeros((len(values), columns + 2))
    hot[np.arange(len(values)), cells] = 1.0
    return np.column_stack([hot[:, 1:-1], hot[:, 0]]) if block.indicator else hot[:, 1:-1]


def encode(blocks: tuple[Block, ...], columns: Columns, rows: int) -> np.ndarray:
    """Matrix f8[n, p]."""
    parts = [
        _number(block, columns[block.feature])
        if isinstance(block, NumberBlock)
        else _levels(block, np.asarray(columns[block.feature], dtype=object))
        for block in blocks
    ]
    return np.column_stack(parts) if parts else np.zeros((rows, 0))
