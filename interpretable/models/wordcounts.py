"""Text columns for boosted trees: which words, word pairs and parts of words they may split on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from interpretable.models.matrix import RARE, make_blocks
from interpretable.models.textual import rules_of
from interpretable.models.vocabulary import learn
from interpretable.records.additive import Feature
from interpretable.records.boosted import TextBlock, TreeBlock
from interpretable.records.dataset import Dataset
from interpretable.score.design import encode, width
from interpretable.score.tokens import grams

MOST = 2_000  # entries of one block
ROWS = 2_000  # read at once for the proof: the dense matrix of word counts is wide


def make_tree_blocks(train: Dataset, features: tuple[Feature, ...]) -> tuple[TreeBlock, ...]:
    """Blocks of every feature, in their order; of a text, the n-grams of most training texts."""
    blocks: list[TreeBlock] = []
    for feature in features:
        if feature.kind == "text":
            blocks += _text_blocks(train, feature.name)
        else:
            blocks += make_blocks(train, (feature,), scaled=False)
    return tuple(blocks)


def _text_blocks(train: Dataset, name: str) -> Iterator[TextBlock]:
    rules, texts = rules_of(train.task.column(name)), train.frame[name].to_numpy()
    for units in ("word", "characters"):
        rule = replace(rules[units], sublinear=False, norm="none")
        learned = learn(texts, rule, fewest=RARE, most=MOST)
        yield TextBlock(feature=name, rule=rule, vocabulary=learned.entries)


def library_matrices(blocks: tuple[TreeBlock, ...], dataset: Dataset) -> Iterator[np.ndarray]:
    """The trees' matrix by another way, in parts: scikit-learn's counts, dense, NaN for absent words."""
    for start in range(0, len(dataset), ROWS):
        frame = dataset.frame.iloc[start : start + ROWS]
        parts = [
            _counts(block, frame[block.feature].to_numpy())
            if isinstance(block, TextBlock)
            else encode((block,), frame, len(frame))
            for block in blocks
        ]
        yield np.column_stack(parts)


def _counts(block: TextBlock, texts: np.ndarray) -> np.ndarray:
    if not block.vocabulary:
        return np.full((len(texts), width(block)), np.nan)
    analyse = partial(grams, rule=block.rule)
    counter = CountVectorizer(vocabulary=block.vocabulary, analyzer=analyse)
    counts = counter.transform([text or "" for text in texts]).toarray()
    return np.where(counts > 0, counts.astype(np.float64), np.nan)
