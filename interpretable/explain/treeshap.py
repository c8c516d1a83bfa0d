"""TreeSHAP for boosted trees (Lundberg et al., 2020), interventional, against a fixed stored background.

The background decides what "typical" means, so it is stored with the study and never drawn anew.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.records.additive import Feature
from interpretable.score.additive import Columns
from interpretable.score.design import encode, width
from interpretable.score.scorer import BoostedScorer

MARGIN_GAP = 1e-3  # XGBoost sums in float32
BATCH = 1_000  # rows from which the faster exact route pays (docs/decisions/0012-batch-treeshap.md)


def background_digest(features: tuple[Feature, ...], columns: Columns) -> str:
    """SHA-256 of the stored rows that SHAP values are taken against: what "typical" means for them.

    Of the columns in the model's order, name and kind first; numbers as little-endian float64 (every NaN
    alike), everything else as UTF-8 with its length, a missing value as a length of -1.
    """
    total = hashlib.sha256()
    for feature in features:
        total.update(f"{feature.name}\x1f{feature.kind}\x1e".encode())
        values = np.asarray(columns[feature.name])
        if feature.kind == "number":
            numbers = values.astype("<f8", copy=True)
            numbers[np.isnan(numbers)] = np.nan
            total.update(numbers.tobytes())
        else:
            for value in values:
                raw = b"" if value is None else str(value).encode()
                total.update(f"{-1 if value is None else len(raw)}:".encode() + raw)
    return total.hexdigest()


def _by_feature(scorer: BoostedScorer, values: np.ndarray) -> np.ndarray:
    """SHAP values f8[n, p, K] of matrix columns summed to features, f8[n, F, K]."""
    names = [f.name for f in scorer.features]
    result = np.zeros((len(values), len(names), values.shape[-1]))
    start = 0
    for block in scorer.model.blocks:
        stop = start + width(block)
        result[:, names.index(block.feature)] = values[:, start:stop].sum(axis=1)
        start = stop
    return result


def _by_shap(scorer: BoostedScorer, matrix: np.ndarray, behind: np.ndarray) -> np.ndarray:
    import shap

    explainer = shap.TreeExplainer(scorer.booster, data=behind, model_output="raw")
    return np.asarray(explainer.shap_values(matrix, check_additivity=False), dtype=np.float64)


def _by_woodelf(scorer: BoostedScorer, matrix: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """The same values for many rows at once, where the package woodelf-explainer is installed."""
    import pandas
    from woodelf import WoodelfExplainer

    names = [f"f{place}" for place in range(matrix.shape[1])]
    explainer = WoodelfExplainer(scorer.booster, pandas.DataFrame(behind, columns=names))
    found = explainer.shap_values(pandas.DataFrame(matrix, columns=names), verbose=False)
    return np.asarray(found, dtype=np.float64)


def _matrix(scorer: BoostedScorer, columns: Columns, rows: int) -> np.ndarray:
    """The matrix as XGBoost reads it, in float32: training rows lie on its cuts exactly, and a library that
    compares in float64 would send some of them to the other side."""
    return encode(scorer.model.blocks, columns, rows).astype(np.float32).astype(np.float64)


def shap_parts(scorer: BoostedScorer, columns: Columns, background: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Constant f8[K] and parts f8[n, F, K] that sum to the calibrated link score.

    Raises BrokenPromise when they do not reproduce the model's own margin.
    """
    rows, others = len(next(iter(columns.values()))), len(next(iter(background.values())))
    matrix, behind = _matrix(scorer, columns, rows), _matrix(scorer, background, others)
    many = rows >= BATCH and scorer.link != "softmax" and find_spec("woodelf") is not None
    values = _by_woodelf(scorer, matrix, behind) if many else _by_shap(scorer, matrix, behind)
    values = values.reshape(rows, matrix.shape[1], -1)
    # The library leaves a class's base score out of its own expected value; by definition it is this mean.
    constant = scorer.margin(background, others).mean(axis=0)
    gap = np.abs(constant + values.sum(axis=1) - scorer.margin(columns, rows)).max()
    if not gap <= MARGIN_GAP:
        raise BrokenPromise(f"SHAP values miss the margin by {gap:.3g}.")
    slope, intercept = scorer.model.slope, scorer.model.intercept
    return slope * constant + intercept, slope * _by_feature(scorer, values)
