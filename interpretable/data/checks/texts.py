"""Texts that spell the answer out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.checks.leakage import NEAR_PERFECT
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_TOKEN = re.compile(r"\w+")
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
        texts = dataset.frame[column.name].to_numpy()[rows]
        tokens = [set(_TOKEN.findall(text.lower())) if text else set() for text in texts]
        yield from _labels(dataset, column.name, tokens, target)
        yield from _one_word(dataset, column.name, tokens, target)


def _labels(dataset: Dataset, name: str, tokens: list[set[str]], target: np.ndarray) -> Iterator[Finding]:
    for at, label in enumerate(dataset.classes):
        words = set(_TOKEN.findall(label.lower()))
        if max(map(len, words), default=0) < 3:
            continue
        holds = np.array([words <= row for row in tokens])
        of_class = target == at
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
                    "label": label,
                    "rows": int(holds.sum()),
                    "precision": precision,
                    "recall": recall,
                    "target": dataset.task.target,
                },
            )


def _one_word(dataset: Dataset, name: str, tokens: list[set[str]], target: np.ndarray) -> Iterator[Finding]:
    """Binary only: the share of events with a word against the share of non-events with it."""
    events = int((target == 1).sum())
    if dataset.task.kind != "binary" or min(events, len(target) - events) < _FEWEST:
        return
    words = pd.Series([word for row in tokens for word in row], dtype=object)
    outcome = np.repeat(target == 1, [len(row) for row in tokens])
    with_event = words[outcome].value_counts() / events
    with_other = words[~outcome].value_counts() / (len(target) - events)
    auroc = 0.5 + with_event.sub(with_other, fill_value=0.0).abs().max() / 2 if len(words) else 0.5
    if auroc > NEAR_PERFECT:
        yield Finding(
            code="near_perfect_predictor",
            severity="must_fix",
            subject=name,
            parameters={
                "measure": "auroc",
                "value": round(float(auroc), 4),
                "target": dataset.task.target,
                "missing_only": False,
            },
        )
