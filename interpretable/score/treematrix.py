"""The matrix that boosted trees read: dense for a table, sparse where texts stand beside it or alone.

XGBoost takes what a sparse matrix does not store as missing, when it learns and when it scores. So a word
that a text does not hold has no value, and a split on it asks whether it is there. A stored 0 stays a 0: the
zeros of levels are stored.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from interpretable.records.boosted import TextBlock, TreeBlock
from interpretable.score.additive import Columns
from interpretable.score.design import encode, width
from interpretable.score.texts import Texts, reader_of

Matrix = Any  # f8[n, p], or the same as scipy's CSR


def tree_matrix(blocks: tuple[TreeBlock, ...], columns: Columns, rows: int) -> Matrix:
    """f8[n, p]; sparse where a block reads a text."""
    table = tuple(block for block in blocks if not isinstance(block, TextBlock))
    if len(table) == len(blocks):
        return encode(table, columns, rows)
    from scipy import sparse

    parts = [
        _counts(block, np.asarray(columns[block.feature], dtype=object))
        if isinstance(block, TextBlock)
        else _stored(encode((block,), columns, rows))
        for block in blocks
    ]
    return sparse.hstack(parts, format="csr")


def with_typical(matrix: Matrix, part: slice, typical: Matrix) -> Matrix:
    """The matrix with these columns as in one row f8[1, w], in every row."""
    if isinstance(matrix, np.ndarray):
        changed = matrix.copy()
        changed[:, part] = typical
        return changed
    from scipy import sparse

    n = matrix.shape[0]
    one = typical if sparse.issparse(typical) else _stored(typical)
    starts = np.arange(n + 1) * one.nnz
    every = sparse.csr_matrix((np.tile(one.data, n), np.tile(one.indices, n), starts), (n, one.shape[1]))
    return sparse.hstack([matrix[:, : part.start], every, matrix[:, part.stop :]], format="csr")


def filled(matrix: Matrix) -> np.ndarray:
    """f8[n, p] with NaN for what has no value."""
    if isinstance(matrix, np.ndarray):
        return matrix
    dense = np.full(matrix.shape, np.nan)
    dense[np.repeat(np.arange(len(dense)), np.diff(matrix.indptr)), matrix.indices] = matrix.data
    return dense


def _counts(block: TextBlock, texts: Texts) -> Matrix:
    from scipy import sparse

    counted = reader_of(block).count(texts)
    starts = np.searchsorted(counted.rows, np.arange(len(texts) + 1))
    return sparse.csr_matrix((counted.times, counted.positions, starts), (len(texts), width(block)))


def _stored(dense: np.ndarray) -> Matrix:
    """Every entry stored, zeros too."""
    from scipy import sparse

    n, p = dense.shape
    return sparse.csr_matrix((dense.ravel(), np.tile(np.arange(p), n), np.arange(n + 1) * p), (n, p))
