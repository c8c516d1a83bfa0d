"""Coefficients of a linear layer to terms: the exact way back from matrix columns to features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.records.additive import Axis, LinearTerm, TableTerm, Term
from interpretable.records.boosted import Block, LevelBlock, NumberBlock
from interpretable.score.design import encode, width


def weights_of(model: Any, outputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients f8[p, K] and intercepts f8[K], whatever shape the library has."""
    coefficients = np.asarray(model.coef_, dtype=np.float64).reshape(outputs, -1).T
    return coefficients, np.asarray(model.intercept_, dtype=np.float64).reshape(-1)


@dataclass(frozen=True, eq=False)
class Columns:
    """The coefficients f8[p, K] of one block, and the same of every refit."""

    index: int  # of the feature
    own: np.ndarray
    refits: Sequence[np.ndarray]


def _stack(parts: list[np.ndarray]) -> np.ndarray | None:
    return np.stack(parts) if parts else None


def _number_parts(block: NumberBlock, w: np.ndarray) -> np.ndarray:
    """Slope, offset and missing score f8[3, K] on the scale of the raw number."""
    slope = w[0] / block.scale
    missing = w[1] if block.indicator else np.zeros_like(slope)
    return np.stack([slope, -block.centre * slope, missing])


def number_term(block: NumberBlock, columns: Columns) -> LinearTerm:
    slope, offset, missing = _number_parts(block, columns.own)
    return LinearTerm(
        feature=columns.index,
        slope=slope,
        offset=offset,
        missing=missing,
        low=block.low,
        high=block.high,
        bags=_stack([_number_parts(block, w) for w in columns.refits]),
    )


def _level_scores(block: LevelBlock, w: np.ndarray) -> np.ndarray:
    """Scores f8[cells, K]: missing, the levels, unknown."""
    zero = np.zeros((1, w.shape[1]))
    levels = w[:-1] if block.indicator else w
    return np.concatenate([w[-1:] if block.indicator else zero, levels, zero])


def _cell_counts(block: LevelBlock, hot: np.ndarray) -> np.ndarray:
    """Training rows in each cell, from the block's own 0/1 columns."""
    sums = hot.sum(axis=0)
    levels, missing = (sums[:-1], sums[-1]) if block.indicator else (sums, 0.0)
    return np.concatenate([[missing], levels, [len(hot) - levels.sum() - missing]])


def level_term(block: LevelBlock, columns: Columns, hot: np.ndarray) -> TableTerm:
    return TableTerm(
        features=(columns.index,),
        axes=(Axis(labels=block.labels, codes=block.codes),),
        scores=_level_scores(block, columns.own),
        weights=_cell_counts(block, hot),
        bags=_stack([_level_scores(block, w) for w in columns.refits]),
    )


def table_terms(
    blocks: tuple[Block, ...], names: list[str], w: np.ndarray, *, refits: list[np.ndarray], frame: Any
) -> Iterator[Term]:
    """One term per block, in matrix order. `frame` holds the training rows, for the counts."""
    start = 0
    for block in blocks:
        part = slice(start, start + width(block))
        start = part.stop
        columns = Columns(names.index(block.feature), w[part], [r[part] for r in refits])
        if isinstance(block, NumberBlock):
            yield number_term(block, columns)
        else:
            yield level_term(block, columns, encode((block,), frame, len(frame)))
