"""Text columns to a sparse matrix for a linear layer, and its weights back to terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from interpretable.models.vocabulary import Learned, learn
from interpretable.records.additive import TextRule, TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.score.texts import Reader, Texts, factors
from interpretable.score.tokens import grams

WORDS = TextRule(units="word", ngrams=(1, 2))
CHARACTERS = TextRule(units="characters", ngrams=(3, 5))
MOST = 50_000  # entries of one vocabulary
FEWEST = 2  # training texts behind an entry; below 50 texts 1
SMALL = 50


@dataclass(frozen=True, eq=False)
class TextBlock:
    """Matrix columns of one text column by one rule: what is known, and how much each entry counts."""

    feature: str
    rule: TextRule
    learned: Learned
    idf: np.ndarray  # f8[V]

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.learned.entries, self.rule)

    def matrix(self, texts: Texts) -> sparse.csr_matrix:
        """f8[n, V], as the scorer weighs tokens."""
        counted = self._reader.count(texts)
        starts = np.searchsorted(counted.rows, np.arange(len(texts) + 1))
        own = factors(counted, self.idf, self.rule)
        return sparse.csr_matrix((own, counted.positions, starts), shape=(len(texts), len(self.idf)))

    def library_matrix(self, texts: Texts) -> sparse.csr_matrix:
        """The same by scikit-learn, for the proof that both agree."""
        if not len(self.idf):
            return sparse.csr_matrix((len(texts), 0))
        known = frozenset(self.learned.entries) if self.rule.units == "piece" else frozenset()
        analyse = partial(grams, rule=self.rule, known=known)
        counter = CountVectorizer(vocabulary=self.learned.entries, analyzer=analyse)
        counts = counter.transform([text or "" for text in texts]).astype(np.float64)
        norm = {"length": "l2", "count": None, "none": None}[self.rule.norm]
        weigher = TfidfTransformer(norm=norm, sublinear_tf=self.rule.sublinear)
        weigher.idf_ = self.idf
        weighed = weigher.transform(counts)
        if self.rule.norm == "count":
            sizes = np.asarray(counts.sum(axis=1)).ravel()
            weighed = sparse.diags(1.0 / np.maximum(sizes, 1.0)) @ weighed
        return sparse.csr_matrix(weighed)

    def term(self, index: int, weights: np.ndarray) -> TokenTerm:
        """Coefficients f8[V, K] as a term of feature `index`."""
        return TokenTerm(
            feature=index, vocabulary=self.learned.entries, weights=weights, idf=self.idf, rule=self.rule,
            counts=self.learned.rows.astype(np.float64),
        )  # fmt: skip


def make_block(train: Dataset, feature: str, rule: TextRule) -> TextBlock:
    """Learn the n-grams of a text column; idf as scikit-learn smooths it: 1 + ln((1 + n) / (1 + rows))."""
    texts = train.frame[feature].to_numpy()
    learned = learn(texts, rule, fewest=FEWEST if len(texts) > SMALL else 1, most=MOST)
    idf = 1.0 + np.log((1.0 + len(texts)) / (1.0 + learned.rows))
    return TextBlock(feature, rule, learned, idf)


@dataclass(frozen=True, eq=False)
class TextLayout:
    """The blocks of all text columns side by side."""

    blocks: tuple[TextBlock, ...]

    @property
    def width(self) -> int:
        return sum(len(block.idf) for block in self.blocks)

    def matrix(self, dataset: Dataset, *, library: bool = False) -> sparse.csr_matrix:
        """f8[n, V1 + V2 + ...]; one column of zeros where nothing is known, as a linear layer wants one."""
        parts = [] if self.width else [sparse.csr_matrix((len(dataset), 1))]
        for block in self.blocks:
            texts = dataset.frame[block.feature].to_numpy()
            parts.append(block.library_matrix(texts) if library else block.matrix(texts))
        return sparse.csr_matrix(sparse.hstack(parts))

    def terms(self, names: Sequence[str], weights: np.ndarray) -> list[TokenTerm]:
        """Coefficients f8[V1 + V2 + ..., K] as one term per block that knows anything, by feature names."""
        found, start = [], 0
        for block in self.blocks:
            part = weights[start : start + len(block.idf)]
            start += len(block.idf)
            if len(part):
                found.append(block.term(names.index(block.feature), part))
        return found
