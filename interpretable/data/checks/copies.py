"""Texts that are nearly the same in several rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS
from interpretable.data.units import near_rows, too_common
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding
from interpretable.records.split import Split


@CHECKS.add("copies")
def check_copies(dataset: Dataset) -> Iterator[Finding]:
    """Rows whose texts are near-copies, and how many of these do not agree in the outcome."""
    if not dataset.task.text_columns:
        return
    near = near_rows(dataset)
    sizes = np.bincount(near, minlength=1)
    rows = int(sizes[sizes > 1].sum())
    if rows:
        yield Finding(
            code="near_duplicate_texts",
            severity="look",
            subject=_subject(dataset),
            parameters={
                "template": bool(too_common(sizes, len(near)).any()),
                "rows": len(dataset),
                "count": rows,
                "rate": rows / len(dataset),
                "groups": int((sizes > 1).sum()),
                "largest": int(sizes.max()),
                "disagree": _torn(dataset, near),
                "target": dataset.task.target,
            },
        )


def check_split(dataset: Dataset, split: Split) -> tuple[Finding, ...]:
    """What a division of the rows leaves to be said: near-copies in text of training rows in another part.

    A random split has none but of texts too common to hold together. One by group or time keeps its own rule.
    """
    if not dataset.task.text_columns:
        return ()
    near, learned = near_rows(dataset), np.isin(dataset.row_ids, split.train)
    taught = np.zeros(int(near.max(initial=0)) + 1, dtype=bool)
    taught[near[learned]] = True
    crossing = int(taught[near[~learned]].sum())
    if not crossing:
        return ()
    rows = int((~learned).sum())
    parameters = {"count": crossing, "rows": rows, "rate": crossing / rows, split.method: True}
    return (
        Finding(code="near_copies_cross", severity="look", subject=_subject(dataset), parameters=parameters),
    )


def _subject(dataset: Dataset) -> str:
    """The text column, or the first of several: they are looked at together."""
    return dataset.task.text_columns[0].name


def _torn(dataset: Dataset, near: np.ndarray) -> int | str:
    """Rows in groups of near-copies with more than one outcome; an empty text for a numeric outcome."""
    if dataset.task.kind == "regression":
        return ""
    groups, outcomes = np.unique(np.unique(np.stack([near, dataset.target]), axis=1)[0], return_counts=True)
    return int(np.isin(near, groups[outcomes > 1]).sum())
