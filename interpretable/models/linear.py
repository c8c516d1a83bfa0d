"""Logistic and linear regression on numbers, levels and text: one linear layer, compiled exactly."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, StratifiedKFold

from interpretable.models.base import LINKS, Effort, Fitted, families, outputs
from interpretable.models.matrix import make_blocks
from interpretable.models.unfold import table_terms, token_term, weights_of
from interpretable.records.additive import AdditiveModel, Feature, Term
from interpretable.records.boosted import Block
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.score.design import encode, width
from interpretable.score.tokens import ngrams

NGRAMS, TOKENIZER, VOCABULARY = (1, 2), "word-1", 50_000
STRENGTHS = (0.01, 0.1, 1.0, 10.0)  # C of the penalty, without text; text wants weaker penalties
TEXT_STRENGTHS = (1.0, 10.0, 100.0)


def analyse(text: str) -> list[str]:
    """The n-grams of one text, by the same rule that scoring uses."""
    return ngrams(text, NGRAMS, TOKENIZER)


@dataclass(frozen=True, eq=False)
class _Layout:
    """Where each feature's columns stand in the matrix."""

    blocks: tuple[Block, ...]
    vectorizers: dict[str, TfidfVectorizer]

    def matrix(self, dataset: Dataset) -> Any:
        dense = encode(self.blocks, dataset.frame, len(dataset))
        if not self.vectorizers:
            return dense
        texts = [v.transform(_texts(dataset, name)) for name, v in self.vectorizers.items()]
        return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(dense), *texts]))


def _texts(dataset: Dataset, name: str) -> list[str]:
    return [text or "" for text in dataset.frame[name]]


def _vectorizer(train: Dataset, name: str) -> TfidfVectorizer:
    rule = TfidfVectorizer(
        analyzer=analyse, sublinear_tf=True, min_df=2 if len(train) > 50 else 1, max_features=VOCABULARY
    )
    return rule.fit(_texts(train, name))


def _layout(train: Dataset, features: tuple[Feature, ...]) -> _Layout:
    texts = [f.name for f in features if f.kind == "text"]
    return _Layout(
        make_blocks(train, features, scaled=True), {name: _vectorizer(train, name) for name in texts}
    )


def _model(task: Task, strength: float, seed: int) -> Any:
    if task.kind == "regression":
        return Ridge(alpha=1.0 / strength)
    return LogisticRegression(C=strength, max_iter=500, tol=1e-6, random_state=seed)


def _fit(task: Task, strength: float, matrix: Any, target: np.ndarray, seed: int) -> Any:
    with warnings.catch_warnings():
        # A penalised fit that stops at 500 iterations is a little more penalised, not wrong.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return _model(task, strength, seed).fit(matrix, target)


def _loss(task: Task, model: Any, matrix: Any, target: np.ndarray) -> float:
    if task.kind == "regression":
        return float(np.mean((model.predict(matrix) - target) ** 2))
    return float(log_loss(target, model.predict_proba(matrix), labels=model.classes_))


def _choose_strength(train: Dataset, matrix: Any, effort: Effort) -> float:
    """The strength with the least loss over inner folds of the training rows."""
    task, target = train.task, train.target
    grid = TEXT_STRENGTHS if task.text_columns else STRENGTHS
    smallest = min(np.unique(target, return_counts=True)[1]) if task.kind != "regression" else len(train) // 2
    folds = min(3, int(smallest))
    if folds < 2:
        return grid[len(grid) // 2]
    cutter = KFold if task.kind == "regression" else StratifiedKFold
    cuts = list(cutter(folds, shuffle=True, random_state=effort.seed).split(np.zeros(len(target)), target))
    losses = [
        np.mean(
            [
                _loss(task, _fit(task, c, matrix[a], target[a], effort.seed), matrix[b], target[b])
                for a, b in cuts
            ]
        )
        for c in grid
    ]
    return float(grid[int(np.argmin(losses))])


def _terms(
    layout: _Layout, train: Dataset, features: tuple[Feature, ...], w: np.ndarray, refits: list[np.ndarray]
) -> list[Term]:
    names = [f.name for f in features]
    terms = list(table_terms(layout.blocks, names, w, refits=refits, frame=train.frame))
    start = sum(width(block) for block in layout.blocks)
    for name, rule in layout.vectorizers.items():
        own = w[start : start + len(rule.idf_)]
        start += len(own)
        terms.append(token_term(rule, names.index(name), own, ngrams=NGRAMS, tokenizer=TOKENIZER))
    return terms


def _resampled(train: Dataset, matrix: Any, strength: float, effort: Effort) -> list:
    """Coefficients of refits on bootstrap rows; a resample that lost a class is drawn again."""
    random = np.random.default_rng(effort.seed)
    classes = len(np.unique(train.target)) if train.task.kind != "regression" else 1
    found: list = []
    while len(found) < effort.refits:
        rows = random.integers(0, len(train), len(train))
        if train.task.kind == "regression" or len(np.unique(train.target[rows])) == classes:
            model = _fit(train.task, strength, matrix[rows], train.target[rows], effort.seed)
            found.append(weights_of(model, outputs(train)))
    return found


class Linear:
    """Ridge-penalised logistic or linear regression; text enters as TF-IDF of n-grams."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return bool(task.features)

    def name(self, task: Task) -> str:
        if task.text_columns:
            return "text"
        return "linear" if task.kind == "regression" else "logistic"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        task = train.task
        layout = _layout(train, features)
        matrix = layout.matrix(train)
        strength = _choose_strength(train, matrix, effort)
        model = _fit(task, strength, matrix, train.target, effort.seed)
        w, intercept = weights_of(model, outputs(train))
        refits = [] if layout.vectorizers else _resampled(train, matrix, strength, effort)
        record = AdditiveModel(
            family=self.name(task), link=LINKS[task.kind], classes=train.classes, features=features,
            terms=tuple(_terms(layout, train, features, w, [r[0] for r in refits])),
            intercept=intercept, bag_intercept=np.stack([r[1] for r in refits]) if refits else None,
        )  # fmt: skip

        def library_scores(dataset: Dataset) -> np.ndarray:
            new = layout.matrix(dataset)
            raw = model.predict(new) if task.kind == "regression" else model.decision_function(new)
            return np.asarray(raw, dtype=np.float64).reshape(len(dataset), -1)

        return Fitted(record=record, library_scores=library_scores, settings={"C": strength, "penalty": "l2"})


families.add("linear")(Linear())
