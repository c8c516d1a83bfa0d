"""Who labels rows that nobody labelled: a language model, rules, or a file of an older scorecard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from interpretable.collab.recalibrate import recalibrate
from interpretable.records.dataset import Dataset

SILENT = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class Labels:
    """What a teacher says of rows.

    said : i8[n] class index, -1 where it says nothing
    sure : f8[n] chance it gives its label; nan where it gives none
    """

    said: np.ndarray
    sure: np.ndarray

    def __len__(self) -> int:
        return len(self.said)

    @property
    def graded(self) -> bool:
        """Whether every label has a chance."""
        return not np.isnan(self.sure[self.said != SILENT]).any()


class Teacher(Protocol):
    """Labels the rows of a pool, by what it knows of these labelled rows and no others."""

    @property
    def name(self) -> str: ...

    def label(self, known: Dataset) -> Labels:
        """Labels of the whole pool."""

    def shown(self, known: Dataset) -> tuple[str, ...]:
        """Ids of the rows that the labels rest on."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Fixed:
    """Labels that rest on no row of the study: of rules, or from a file."""

    name: str
    labels: Labels

    def label(self, known: Dataset) -> Labels:
        return self.labels

    def shown(self, known: Dataset) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Asked:
    """A language model asked about every row without examples; its scores are recalibrated on known rows.

    pool : f8[m, K] label log probabilities of the pool, nan where an answer failed
    rows, scores : training rows it was asked about too, and what it said f8[r, K]
    """

    name: str
    pool: np.ndarray
    rows: Dataset
    scores: np.ndarray

    def label(self, known: Dataset) -> Labels:
        return labels_of(self.chances(self.pool, known)[0])

    def shown(self, known: Dataset) -> tuple[str, ...]:
        return tuple(self.rows.row_ids[self._among(known)].tolist())

    def chances(self, scores: np.ndarray, known: Dataset) -> tuple[np.ndarray, dict[str, float]]:
        """f8[n, K] recalibrated on the rows asked about that are `known`, nan where an answer failed."""
        assert self.rows.target is not None
        own = self._among(known)
        return recalibrated(self.scores[own], self.rows.target[own], scores, shares_of(known))

    def _among(self, known: Dataset) -> np.ndarray:
        return np.isin(self.rows.row_ids, known.row_ids)


def shares_of(rows: Dataset) -> np.ndarray:
    """f8[K] share of each class."""
    assert rows.target is not None
    return np.bincount(rows.target, minlength=len(rows.classes)) / len(rows)


def recalibrated(
    held: np.ndarray, target: np.ndarray, asked: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, dict[str, float]]:
    """Chances f8[n, K] of the asked rows by `recalibrate`, nan where an answer failed; and the fit."""
    _, predicted, fit = recalibrate(held, target, asked, shares)
    chances = np.column_stack([1 - predicted, predicted]) if predicted.ndim == 1 else predicted.copy()
    chances[np.isnan(asked[:, 0])] = np.nan
    return chances, fit


def labels_of(chances: np.ndarray) -> Labels:
    """The likeliest class of each row, and its chance; silent where the row is nan."""
    silent = np.isnan(chances).any(axis=1)
    filled = np.where(silent[:, None], 0.0, chances)
    said = np.where(silent, SILENT, filled.argmax(axis=1))
    return Labels(said=said.astype(np.int64), sure=np.where(silent, np.nan, filled.max(axis=1)))


def surest(labels: Labels, share: float) -> np.ndarray:
    """Positions, rising, of the surest `share` of the rows of each label; all where no chance was given."""
    kept = []
    for label in np.unique(labels.said[labels.said != SILENT]):
        own = np.flatnonzero(labels.said == label)
        if share < 1.0 and labels.graded:
            own = own[np.argsort(-labels.sure[own], kind="stable")][: max(int(np.ceil(share * len(own))), 1)]
        kept.append(own)
    return np.sort(np.concatenate(kept)) if kept else np.array([], dtype=np.int64)
