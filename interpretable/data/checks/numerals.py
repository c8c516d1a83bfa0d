"""Texts in which a numeric outcome is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.rows import is_missing
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_NUMERAL = re.compile(r"(?<![\d.,])\d[\d.,]{0,24}")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_FEWEST = 20
_SOME, _MOST, _BEYOND = 0.3, 0.95, 0.2  # shares of texts; the last is beyond chance
_MOST_ROWS = 20_000


@CHECKS.add("numerals")
def check_numerals(dataset: Dataset) -> Iterator[Finding]:
    """The share of texts that hold their own outcome as a number, against the share that would by chance."""
    if dataset.task.kind != "regression":
        return
    rows = np.flatnonzero(known_target(dataset))[:_MOST_ROWS]
    for column in dataset.task.text_columns:
        texts = dataset.frame[column.name].to_numpy()[rows]
        present = ~is_missing(texts)
        if present.sum() < _FEWEST:
            continue
        found, chance = _written(texts[present].tolist(), np.abs(dataset.target[rows][present]))
        rate = float(found.mean())
        if rate >= _SOME and rate - chance >= _BEYOND:
            yield Finding(
                code="text_contains_target",
                severity="must_fix" if rate >= _MOST else "look",
                subject=column.name,
                parameters={
                    "count": int(found.sum()),
                    "rows": len(found),
                    "rate": rate,
                    "chance": chance,
                    "target": dataset.task.target,
                },
            )


def _written(texts: list[str], target: np.ndarray) -> tuple[np.ndarray, float]:
    """Which texts hold their own outcome bool (n,), and the share expected with texts dealt out at random."""
    values = [numbers(text) for text in texts]
    held = pd.DataFrame({
        "row": np.repeat(np.arange(len(values)), [len(row) for row in values]),
        "value": np.array([value for row in values for value in row], dtype=np.float64),
    })  # fmt: skip
    found = np.zeros(len(texts), dtype=bool)
    found[held["row"][held["value"].to_numpy() == target[held["row"]]]] = True
    shares = held["value"].value_counts() / len(texts)
    wanted = pd.Series(target).value_counts(normalize=True)
    return found, float((shares.reindex(wanted.index).fillna(0.0) * wanted).sum())


def numbers(text: str) -> set[float]:
    """Every number written in a text, without sign; a comma may group thousands or stand for the point.

    >>> sorted(numbers("3,250 g (7.25 lb), day 2."))
    [2.0, 3.25, 7.25, 3250.0]
    """
    found = set()
    for numeral in _NUMERAL.findall(text):
        plain = numeral.rstrip(".,")
        readings = [plain.replace(",", "")] if _GROUPED.fullmatch(plain) else []
        readings += [plain.replace(",", ".")] if plain.count(",") + plain.count(".") <= 1 else []
        found |= {float(reading) for reading in readings}
    return found
