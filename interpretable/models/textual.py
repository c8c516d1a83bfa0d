"""Text columns to a sparse matrix for a linear layer, and its weights back to terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import metadata

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from interpretable.data.negation import NEGATION_1
from interpretable.errors import TaskError
from interpretable.models.static import load_static
from interpretable.models.vocabulary import Learned, learn
from interpretable.records.additive import TextRule, TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column
from interpretable.score.texts import Reader, Texts, factors
from interpretable.score.tokens import grams

WORDS = TextRule(units="word", ngrams=(1, 2))
CHARACTERS = TextRule(units="characters", ngrams=(3, 5))
PIECES = TextRule(units="piece", ngrams=(1, 1), sublinear=False, norm="count")
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
    vectors: np.ndarray | None = None  # f8[V, d] of pieces: the matrix then holds their mean

    @property
    def width(self) -> int:
        return len(self.idf) if self.vectors is None else self.vectors.shape[1]

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.learned.entries, self.rule)

    def matrix(self, texts: Texts) -> sparse.csr_matrix:
        """f8[n, width], as the scorer weighs tokens."""
        counted = self._reader.count(texts)
        starts = np.searchsorted(counted.rows, np.arange(len(texts) + 1))
        own = factors(counted, self.idf, self.rule)
        return self._dense(
            sparse.csr_matrix((own, counted.positions, starts), shape=(len(texts), len(self.idf)))
        )

    def _dense(self, weighed: sparse.csr_matrix) -> sparse.csr_matrix:
        return weighed if self.vectors is None else sparse.csr_matrix(weighed @ self.vectors)

    def library_matrix(self, texts: Texts) -> sparse.csr_matrix:
        """The same by scikit-learn, for the proof that both agree."""
        if not len(self.idf):
            return sparse.csr_matrix((len(texts), self.width))
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
        return self._dense(sparse.csr_matrix(weighed))

    def term(self, index: int, weights: np.ndarray) -> TokenTerm:
        """Coefficients f8[width, K] as a term of feature `index`."""
        own = weights if self.vectors is None else self.vectors @ weights
        return TokenTerm(
            feature=index, vocabulary=self.learned.entries, weights=own, idf=self.idf, rule=self.rule,
            counts=self.learned.rows.astype(np.float64),
        )  # fmt: skip


def rules_of(column: Column) -> dict[str, TextRule]:
    """The rules a text column can be read by, words first; "piece" where it names an embedding."""
    tokenizer = f"rjieba-{segmenter_version()}" if column.segmenter else "word-1"
    negation = NEGATION_1 if column.negation else None
    rules = {"word": replace(WORDS, tokenizer=tokenizer, negation=negation), "characters": CHARACTERS}
    return rules | ({"piece": PIECES} if column.embedding else {})


def segmenter_version() -> str:
    """The installed version of the segmenter, which a model names and holds to."""
    try:
        return metadata.version("rjieba")
    except metadata.PackageNotFoundError:
        raise TaskError('segmenter = "rjieba" needs a package: pip install rjieba') from None


def make_block(train: Dataset, feature: str, rule: TextRule, *, embedding: str = "") -> TextBlock:
    """Learn the n-grams of a text column; idf as scikit-learn smooths it: 1 + ln((1 + n) / (1 + rows))."""
    texts = train.frame[feature].to_numpy()
    if rule.units == "piece":
        return _piece_block(feature, texts, rule, embedding)
    learned = learn(texts, rule, fewest=FEWEST if len(texts) > SMALL else 1, most=MOST)
    idf = 1.0 + np.log((1.0 + len(texts)) / (1.0 + learned.rows))
    return TextBlock(feature, rule, learned, idf)


def _piece_block(feature: str, texts: Texts, rule: TextRule, embedding: str) -> TextBlock:
    """Static vectors, scaled so that the mean vector of a training text has about length 1."""
    static = load_static(embedding)
    counted = Reader(static.pieces, rule).count(texts)
    rows = np.bincount(counted.positions, minlength=len(static.pieces))
    idf = np.ones(len(static.pieces))
    plain = TextBlock(feature, rule, Learned(static.pieces, rows), idf, static.vectors)
    lengths = sparse.linalg.norm(plain.matrix(texts), axis=1)
    typical = float(np.median(lengths[lengths > 0])) if (lengths > 0).any() else 1.0
    return replace(plain, vectors=static.vectors / typical)


@dataclass(frozen=True, eq=False)
class TextLayout:
    """The blocks of all text columns side by side."""

    blocks: tuple[TextBlock, ...]

    @property
    def width(self) -> int:
        return sum(block.width for block in self.blocks)

    def sizes(self) -> dict[str, int]:
        """Entries by text column and kind of units."""
        return {f"{block.feature}: {block.rule.units}": len(block.idf) for block in self.blocks}

    def matrix(self, dataset: Dataset, *, library: bool = False) -> sparse.csr_matrix:
        """f8[n, width]; one column of zeros where nothing is known, as a linear layer wants one."""
        parts = [] if self.width else [sparse.csr_matrix((len(dataset), 1))]
        for block in self.blocks:
            texts = dataset.frame[block.feature].to_numpy()
            parts.append(block.library_matrix(texts) if library else block.matrix(texts))
        return sparse.csr_matrix(sparse.hstack(parts))

    def terms(self, names: Sequence[str], weights: np.ndarray) -> list[TokenTerm]:
        """Coefficients f8[width, K] as one term per block that knows anything, by feature names."""
        found, start = [], 0
        for block in self.blocks:
            part = weights[start : start + block.width]
            start += block.width
            if len(block.idf):
                found.append(block.term(names.index(block.feature), part))
        return found
