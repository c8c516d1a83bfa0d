"""How long texts are: too short to say anything, far longer than the rest, longer as time goes by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS
from interpretable.data.rows import is_missing
from interpretable.data.textblocks import lengths_in_words, plain_texts
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_SHORT = 3  # words: fewer say little
_SOME, _MANY = 0.01, 0.1  # shares of short texts worth a note, and worth a look
_FEWEST = 200  # texts: below, stretches of them say nothing
_STRETCHES = 4
_LEVEL = 0.01
_RATIO = 1.25  # of the longest to the shortest median


@CHECKS.add("text_lengths")
def check_lengths(dataset: Dataset) -> Iterator[Finding]:
    """Very short and very long texts, and whether length drifts over time or down the file."""
    for column in dataset.task.text_columns:
        texts = dataset.frame[column.name].to_numpy()
        present = ~is_missing(texts)
        words = lengths_in_words(plain_texts(texts[present].tolist()))
        if len(words):
            yield from _short(column.name, words, empty=int((~present).sum()))
            yield from _long(column.name, words)
            times = None if dataset.times is None else np.asarray(dataset.times)[present]
            yield from _drift(column.name, words, times)


def _short(name: str, words: np.ndarray, *, empty: int) -> Iterator[Finding]:
    short, rows = int((words < _SHORT).sum()), len(words) + empty
    if short + empty >= _SOME * rows:
        yield Finding(
            code="text_very_short",
            severity="look" if short + empty >= _MANY * rows else "note",
            subject=name,
            parameters={
                "count": short,
                "empty": empty,
                "rows": rows,
                "rate": (short + empty) / rows,
                "floor": _SHORT,
            },
        )


def _long(name: str, words: np.ndarray) -> Iterator[Finding]:
    """Beyond the outer fence of Tukey (1977), on the log scale since lengths are skewed."""
    logs = np.log(words[words > 0])
    if len(logs) < _FEWEST:
        return
    low, median, high = np.quantile(logs, [0.25, 0.5, 0.75])
    limit = float(np.exp(max(high + 3 * (high - low), median + np.log(5))))
    long = int((words > limit).sum())
    if long:
        yield Finding(
            code="text_very_long",
            severity="note",
            subject=name,
            parameters={
                "count": long,
                "rows": len(words),
                "rate": long / len(words),
                "limit": round(limit),
                "median": float(np.median(words)),
                "longest": float(words.max()),
            },
        )


def _drift(name: str, words: np.ndarray, times: np.ndarray | None) -> Iterator[Finding]:
    """Kruskal-Wallis test of the lengths in four stretches of time, or of the file."""
    from scipy.stats import kruskal

    place = np.arange(len(words)) if times is None else times
    cuts = np.sort(place)[[len(place) * k // _STRETCHES for k in range(1, _STRETCHES)]]
    stretch = np.searchsorted(cuts, place, side="right")
    parts = [words[stretch == k] for k in range(_STRETCHES)]
    if len(words) < _FEWEST or min(map(len, parts)) < _FEWEST // 10 or np.ptp(words) == 0:
        return
    medians = [float(np.median(part)) for part in parts]
    p_value = float(kruskal(*parts).pvalue)
    if p_value < _LEVEL and max(medians) >= _RATIO * max(min(medians), 1.0):
        yield Finding(
            code="text_length_drifts",
            severity="note" if times is None else "look",
            subject=name,
            parameters={"medians": medians, "p_value": p_value, "time": times is not None},
        )
