"""How columns become a matrix: blocks for linear models and for boosted trees."""

from __future__ import annotations

import numpy as np
import pandas

from interpretable.records.additive import Feature
from interpretable.records.boosted import Block, LevelBlock, NumberBlock
from interpretable.records.dataset import Dataset

RARE = 5  # levels with fewer training rows share one column


def _scaled(feature: Feature, values: np.ndarray) -> NumberBlock:
    seen = values[~np.isnan(values)]
    scale = float(seen.std()) if len(seen) else 0.0
    return NumberBlock(
        feature=feature.name, scaled=True, low=feature.low, high=feature.high,
        centre=float(seen.mean()) if len(seen) else 0.0, scale=scale if scale > 0 else 1.0,
        indicator=len(seen) < len(values),
    )  # fmt: skip


def _levels(feature: Feature, values: np.ndarray) -> LevelBlock:
    counts = pandas.Series(values, dtype=object).value_counts()
    labels = sorted(counts.index)
    common = [label for label in labels if counts[label] >= RARE]
    place = {label: position for position, label in enumerate(common, start=1)}
    codes = tuple(place.get(label, len(common) + 1) for label in labels)
    missing = bool(pandas.isna(pandas.Series(values, dtype=object)).any())
    return LevelBlock(feature=feature.name, labels=tuple(labels), codes=codes, indicator=missing)


def make_blocks(train: Dataset, features: tuple[Feature, ...], *, scaled: bool) -> tuple[Block, ...]:
    """Blocks of every tabular feature; `scaled` for linear models, raw numbers with NaN for trees."""
    blocks: list[Block] = []
    for feature in features:
        values = train.frame[feature.name].to_numpy()
        if feature.kind == "number":
            blocks.append(_scaled(feature, values) if scaled else NumberBlock(feature=feature.name))
        elif feature.kind != "text":
            blocks.append(_levels(feature, values))
    return tuple(blocks)
