"""Recorded labels that honest predictions disagree with: to be looked at, not said to be wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas

from interpretable.data.rows import row_keys
from interpretable.data.wordrule import words_of
from interpretable.evaluate.figure import absent, share, whole
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.labels import ClassDoubt, LabelConflict, LabelsEvidence, PairDoubt
from interpretable.records.lacking import NotComputed
from interpretable.score.output import all_chances
from interpretable.stats.label_noise import (
    EXTREME,
    ConfidentJoint,
    confident_joint,
    doubtful_rows,
    likeliest_other,
    robust_residuals,
)

FEWEST = 50  # confident rows of a class, for a share
SMALL_CELL = 5  # pairs with fewer doubts are not listed in the evidence
MOST_PAIRS = 12


@dataclass(frozen=True, eq=False, kw_only=True)
class Doubted:
    """Positions of the doubted rows, the strongest first; for values with the standardised residuals."""

    rows: np.ndarray  # i8[m]
    joint: ConfidentJoint | None = None  # classes only
    likely: np.ndarray | None = None  # i8[n], classes only
    residuals: np.ndarray | None = None  # f8[n], values only


def find_doubts(train: Dataset, predicted: np.ndarray) -> Doubted:
    """Doubts about the labels of these rows, from predictions of models that did not see them.

    Parameters
    ----------
    train : rows with an out-of-fold prediction
    predicted : f8[n] probability of the positive class or value, or f8[n, K] probabilities
    """
    if train.task.kind == "regression":
        residuals = robust_residuals(train.target, predicted)
        if residuals is None:
            return Doubted(rows=np.zeros(0, dtype=np.int64))
        far = np.flatnonzero(np.abs(residuals) > EXTREME)
        ranked = far[np.argsort(-np.abs(residuals[far]), kind="stable")]
        return Doubted(rows=ranked, residuals=residuals)
    chances = all_chances(predicted)
    joint = confident_joint(train.target, chances)
    number = round(joint.doubtful * len(train))
    return Doubted(
        rows=doubtful_rows(train.target, chances, number), joint=joint,
        likely=likeliest_other(train.target, chances),
    )  # fmt: skip


def find_conflicts(train: Dataset) -> tuple[LabelConflict, ...]:
    """Sets of rows that agree in every column in use, texts in their words, and differ in their label."""
    if train.task.kind == "regression":
        return ()
    frame = train.features.copy()
    for column in train.task.text_columns:
        frame[column.name] = _words(frame[column.name])
    keys = row_keys(frame)
    table = pandas.DataFrame({"key": keys, "target": train.target})
    torn = table.groupby("key")["target"].transform("nunique").to_numpy() > 1
    found = []
    for _, places in table[torn].groupby("key").groups.items():
        rows = np.asarray(places)
        labels = tuple(train.classes[int(k)] for k in train.target[rows])
        found.append(LabelConflict(row_ids=tuple(str(i) for i in train.row_ids[rows]), labels=labels))
    return tuple(found)


def _words(texts: pandas.Series) -> pandas.Series:
    made = [" ".join(words_of(text)) if text else None for text in texts]
    return pandas.Series(made, index=texts.index, dtype=object)


def summarise_doubts(train: Dataset, predicted: np.ndarray, *, model: str) -> LabelsEvidence:
    """The doubts as counts and shares; `train` and `predicted` as for `find_doubts`."""
    found, conflicts = find_doubts(train, predicted), find_conflicts(train)
    told = LabelsEvidence(
        model=model, rows=len(train), doubts=len(found.rows), conflict_sets=len(conflicts),
        conflict_rows=sum(len(one.row_ids) for one in conflicts),
    )  # fmt: skip
    if train.task.kind != "regression":
        return replace(
            told,
            classes=_classes(train, found),
            pairs=_pairs(train, found),
            share=_overall(train, found.joint),
        )
    if found.residuals is None:
        lacking = NotComputed(what="label_doubts", reason="labels_no_scale")
        return replace(told, not_computed=(lacking,))
    extreme = np.abs(found.residuals) > EXTREME
    return replace(told, share=share(extreme, train.groups, empty="no_rows"))


def _rate(train: Dataset, joint: ConfidentJoint, recorded: int, likely: int | None) -> Figure:
    """Share of the confident rows recorded as one class that point to another, or to any other."""
    own = np.flatnonzero((train.target == recorded) & (joint.example_of >= 0))
    if len(own) < FEWEST:
        return absent("too_few_rows")
    pointed = joint.example_of[own]
    hits = pointed != recorded if likely is None else pointed == likely
    return share(hits, None if train.groups is None else train.groups[own], empty="too_few_rows")


def _classes(train: Dataset, found: Doubted) -> tuple[ClassDoubt, ...]:
    doubted = np.bincount(train.target[found.rows], minlength=len(train.classes))
    sizes = np.bincount(train.target, minlength=len(train.classes))
    return tuple(
        ClassDoubt(
            label=label, rows=int(sizes[k]), doubts=int(doubted[k]), share=_rate(train, found.joint, k, None)
        )
        for k, label in enumerate(train.classes)
    )


def _pairs(train: Dataset, found: Doubted) -> tuple[PairDoubt, ...]:
    classes, size = train.classes, len(train.classes)
    flat = np.bincount(train.target[found.rows] * size + found.likely[found.rows], minlength=size * size)
    ordered = [int(at) for at in np.argsort(-flat, kind="stable")[:MOST_PAIRS] if flat[at] >= SMALL_CELL]
    return tuple(
        PairDoubt(
            recorded=classes[at // size], likely=classes[at % size], doubts=int(flat[at]),
            share=_rate(train, found.joint, at // size, at % size),
        )
        for at in ordered
    )  # fmt: skip


def _overall(train: Dataset, joint: ConfidentJoint) -> Figure:
    """The classes' shares weighed by their sizes; limits combined by MOVER (Zou and Donner, 2008).

    A class without a figure counts with its share as it is and the widest limits.
    """
    value = lower = upper = 0.0
    for k in range(len(train.classes)):
        weight = float((train.target == k).mean())
        one = _rate(train, joint, k, None)
        own = 1.0 - joint.joint[k, k] / weight if weight else 0.0
        low, high = (0.0, 1.0) if one.low is None or one.high is None else (one.low, one.high)
        value += weight * own
        lower += (weight * (own - low)) ** 2
        upper += (weight * (high - own)) ** 2
    edges = max(value - math.sqrt(lower), 0.0), min(value + math.sqrt(upper), 1.0)
    return whole(value, edges, "mover")
