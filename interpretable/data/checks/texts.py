"""Texts that spell the answer out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.checks.leakage import NEAR_PERFECT
from interpretable.data.textblocks import IDEOGRAPH, plain_texts, tokens
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_PAIR = re.compile(rf"(?=([{IDEOGRAPH}]{{2}}))")  # most Chinese words have two characters
_FEWEST = 10
_PRECISION, _RECALL = 0.95, 0.3
_MOST_ROWS = 20_000


@CHECKS.add("texts")
def check_texts(dataset: Dataset) -> Iterator[Finding]:
    """A text column that holds the label itself, or one word that gives the outcome away."""
    if dataset.task.kind == "regression" or len(dataset.classes) < 2:
        return
    rows = np.flatnonzero(known_target(dataset))[:_MOST_ROWS]
    target = dataset.target[rows]
    for column in dataset.task.text_columns:
        plain = plain_texts(dataset.frame[column.name].to_numpy()[rows].tolist())
        yield from _labels(dataset, column.name, plain, target)
        yield from _one_word(dataset, column.name, plain, target)


def _labels(dataset: Dataset, name: str, plain: list[str], target: np.ndarray) -> Iterator[Finding]:
    spaced = [f" {' '.join(tokens(text))} " for text in plain]
    for at, label in enumerate(dataset.classes):
        of_class = target == at
        for spoken in _names_of(dataset, label):
            phrase = f" {' '.join(tokens(plain_texts([spoken])[0]))} "
            holds = np.array([phrase in text for text in spaced], dtype=bool)
            hits = int((holds & of_class).sum())
            if hits < _FEWEST:
                continue
            precision, recall = hits / int(holds.sum()), hits / int(of_class.sum())
            if precision >= _PRECISION and recall >= _RECALL:
                yield Finding(
                    code="text_contains_label",
                    severity="must_fix" if recall >= _PRECISION else "look",
                    subject=name,
                    parameters={
                        "label": spoken,
                        "rows": int(holds.sum()),
                        "precision": precision,
                        "recall": recall,
                        "target": dataset.task.target,
                    },
                )


def _names_of(dataset: Dataset, label: str) -> list[str]:
    """What a class is called, in the table and in plain words, but for names too short to tell."""
    task = dataset.task
    names = [label, *(spoken for own, spoken in (*task.class_labels, *task.class_labels_zh) if own == label)]
    known: dict[str, str] = {}
    for name in names:
        words = tokens(plain_texts([name])[0])
        signs = sum(re.fullmatch(f"[{IDEOGRAPH}]", word) is not None for word in words)
        if signs >= 2 or max(map(len, words), default=0) >= 3:
            known.setdefault(" ".join(words), name)
    return list(known.values())


def _one_word(dataset: Dataset, name: str, plain: list[str], target: np.ndarray) -> Iterator[Finding]:
    """For each class the word whose presence or absence tells it best from the rest."""
    sizes = np.bincount(target, minlength=len(dataset.classes))
    best = _best_words(plain, target, len(dataset.classes))
    binary = dataset.task.kind == "binary"
    for at, auroc in enumerate(best[1:] if binary else best, start=int(binary)):
        if min(sizes[at], len(target) - sizes[at]) >= _FEWEST and auroc > NEAR_PERFECT:
            about = {"measure": "auroc", "value": round(float(auroc), 4), "target": dataset.task.target}
            if binary:
                about["missing_only"] = False
                yield Finding(
                    code="near_perfect_predictor", severity="must_fix", subject=name, parameters=about
                )
            else:
                about["outcome"] = dataset.classes[at]
                yield Finding(code="word_tells_class", severity="must_fix", subject=name, parameters=about)


def _best_words(plain: list[str], target: np.ndarray, classes: int) -> np.ndarray:
    """f8 (classes,): AUROC of the best word for each class against the others."""
    held = [{*tokens(text), *_PAIR.findall(text)} for text in plain]
    codes, words = pd.factorize(np.array([word for row in held for word in row], dtype=object))
    # A word in fewer rows than this cannot stand in, or be absent from, nearly all of a class.
    often = np.bincount(codes, minlength=len(words)) >= _FEWEST * NEAR_PERFECT - 1
    kept = often[codes]
    place = np.cumsum(often) - 1
    cells = place[codes[kept]] * classes + np.repeat(target, [len(row) for row in held])[kept]
    table = np.bincount(cells, minlength=int(often.sum()) * classes).reshape(-1, classes)
    if not len(table):
        return np.full(classes, 0.5)
    sizes = np.bincount(target, minlength=classes)
    inside = table / np.maximum(sizes, 1)
    outside = (table.sum(axis=1, keepdims=True) - table) / np.maximum(sizes.sum() - sizes, 1)
    return 0.5 + np.abs(inside - outside).max(axis=0) / 2
