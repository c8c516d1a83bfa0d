"""The leanings of words as weights of a text layer, also of words that no training text holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from interpretable.data.wordrule import has_ideograph
from interpretable.models.textual import TextBlock, TextLayout
from interpretable.models.vocabulary import Learned
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior
from interpretable.score.texts import Reader, Texts


def said_words(prior: Prior, block: TextBlock) -> dict[str, tuple[float, ...]]:
    """Scores by the entries of a block that the words stand for: its words, and runs of at most as many."""
    if block.rule.units != "word":
        return {}
    longest, whole = block.rule.ngrams[1], not block.rule.tokenizer.startswith("word")
    found = {}
    for said in prior.words:
        if said.column != block.feature:
            continue
        name = said.name.replace(" ", "") if whole and has_ideograph(said.name) else said.name
        if len(name.split()) <= longest:
            found[name] = said.scores
    return found


def with_words(layout: TextLayout, train: Dataset, prior: Prior) -> TextLayout:
    """The layout with every word that was said: a word of no training text keeps what was said of it."""
    blocks = [
        _wider(block, train.frame[block.feature].to_numpy(), [*said_words(prior, block)])
        for block in layout.blocks
    ]
    return TextLayout(tuple(blocks))


def _wider(block: TextBlock, texts: Texts, words: list[str]) -> TextBlock:
    known = dict(zip(block.learned.entries, block.learned.rows.tolist(), strict=True))
    added = tuple(sorted(set(words) - set(known)))
    if not added:
        return block
    positions = Reader(added, block.rule).count(texts).positions
    known |= dict(zip(added, np.bincount(positions, minlength=len(added)).tolist(), strict=True))
    entries = tuple(sorted(known))
    rows = np.array([known[entry] for entry in entries])
    idf = 1.0 + np.log((1.0 + len(texts)) / (1.0 + rows))
    return replace(block, learned=Learned(entries, rows), idf=idf)


def word_weights(prior: Prior, layout: TextLayout, outputs: int) -> np.ndarray:
    """f8[p, K]: the scores of words where the layout has them, 0 elsewhere."""
    parts = [np.zeros((0, outputs))]
    for block in layout.blocks:
        own, said = np.zeros((block.width, outputs)), said_words(prior, block)
        for place, entry in enumerate(block.learned.entries if said else ()):
            if entry in said:
                own[place] = said[entry]
        parts.append(own)
    return np.concatenate(parts)
