"""TreeSHAP for boosted trees (Lundberg et al., 2020), interventional, against a fixed stored background.

The background decides what "typical" means, so it is stored with the study and never drawn anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.explain.text import centred
from interpretable.records.additive import Feature
from interpretable.records.boosted import TextBlock
from interpretable.records.explanation import TermPart, TokenPart
from interpretable.score.additive import Columns
from interpretable.score.design import places, width
from interpretable.score.scorer import BoostedScorer
from interpretable.score.texts import reader_of
from interpretable.score.treematrix import filled, tree_matrix

MARGIN_GAP = 1e-3  # XGBoost sums in float32
CELLS = 20_000_000  # values held at once: 160 MB
BATCH = 1_000  # rows from which the faster exact route pays (docs/decisions/0012-batch-treeshap.md)


Sum = tuple[float, tuple[TermPart, ...], tuple[TokenPart, ...]]  # constant, terms, tokens


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
    for block, part in places(scorer.model.blocks):
        result[:, names.index(block.feature)] += values[:, part].sum(axis=1)
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
    return filled(tree_matrix(scorer.model.blocks, columns, rows)).astype(np.float32).astype(np.float64)


def _values(scorer: BoostedScorer, columns: Columns, background: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Constant f8[K] and values f8[n, p, K] of the matrix columns that sum to the calibrated link score."""
    rows, others = len(next(iter(columns.values()))), len(next(iter(background.values())))
    matrix, behind = _matrix(scorer, columns, rows), _matrix(scorer, background, others)
    text = any(isinstance(block, TextBlock) for block in scorer.model.blocks)
    many = rows >= BATCH and scorer.link != "softmax" and not text and find_spec("woodelf") is not None
    values = _by_woodelf(scorer, matrix, behind) if many else _by_shap(scorer, matrix, behind)
    values = values.reshape(rows, matrix.shape[1], -1)
    # The library leaves a class's base score out of its own expected value; by definition it is this mean.
    constant = scorer.margin(background, others).mean(axis=0)
    gap = np.abs(constant + values.sum(axis=1) - scorer.margin(columns, rows)).max()
    if not gap <= MARGIN_GAP:
        raise BrokenPromise(f"SHAP values miss the margin by {gap:.3g}.")
    slope, intercept = scorer.model.slope, scorer.model.intercept
    return slope * constant + intercept, slope * values


def shap_parts(scorer: BoostedScorer, columns: Columns, background: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Constant f8[K] and parts f8[n, F, K] that sum to the calibrated link score.

    The values of all words of a text, those that stand in it and those that do not, sum to its part.

    Raises BrokenPromise when they do not reproduce the model's own margin.
    """
    rows = len(next(iter(columns.values())))
    wide = sum(width(block) for block in scorer.model.blocks) * max(len(scorer.classes), 1)
    step, parts = max(CELLS // max(wide, 1), 1), []
    for start in range(0, rows, step):
        some = {f.name: np.asarray(columns[f.name])[start : start + step] for f in scorer.features}
        constant, values = _values(scorer, some, background)
        parts.append(_by_feature(scorer, values))
    return constant, np.concatenate(parts)


def shap_case(scorer: BoostedScorer, row: Columns, background: Columns, output: int) -> Sum:
    """SHAP values of one row towards one output: constant, a part per feature, the tokens of its texts."""
    constant, values = _values(scorer, row, background)
    parts = centred(_by_feature(scorer, values)[0], output)
    terms = tuple(
        TermPart(term=f.name, features=(f.name,), contribution=float(part))
        for f, part in zip(scorer.features, parts, strict=True)
    )
    tokens = sorted(_tokens(scorer, row, centred(values[0], output)), key=lambda t: -abs(t.contribution))
    return float(centred(constant, output)), terms, tuple(tokens)


def _tokens(scorer: BoostedScorer, row: Columns, values: np.ndarray) -> Iterator[TokenPart]:
    """Every n-gram of each text that has a value; then all that the text does not hold, as one per units."""
    for block, part in places(scorer.model.blocks):
        if not isinstance(block, TextBlock):
            continue
        named, units = block.feature, block.rule.units
        own, counted = values[part], reader_of(block).count([row[named][0]])
        absent = np.ones(len(own), dtype=bool)
        absent[counted.positions] = False
        yield TokenPart(feature=named, token="", contribution=float(own[absent].sum()), units=units, times=0)
        for place, times in zip(counted.positions, counted.times, strict=True):
            if own[place]:
                yield TokenPart(
                    feature=named, token=block.vocabulary[place], contribution=float(own[place]),
                    units=units, times=int(times),
                )  # fmt: skip
