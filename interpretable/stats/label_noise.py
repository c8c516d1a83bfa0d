"""Confident learning: how many labels disagree with honest predictions, and which rows to look at first.

Northcutt, Jiang and Chuang (2021), Journal of Artificial Intelligence Research 70: a row counts as a
confident example of class j when its estimate of j reaches the mean estimate of j among the rows recorded as
j. The predictions must come from models that did not see the row. The assumption is that noise depends on the
class and not on the row; rows that are hard to tell apart count as doubtful just as those with a wrong label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EXTREME = 3.5  # robust z beyond which a residual is called extreme (Iglewicz and Hoaglin, 1993)


@dataclass(frozen=True, eq=False)
class ConfidentJoint:
    """Recorded against confidently predicted class."""

    counts: np.ndarray  # i8[K, K]: rows recorded as i that are confident examples of j
    example_of: np.ndarray  # i8[n]: the class each row is a confident example of; -1 for none
    thresholds: np.ndarray  # f8[K]; infinite where no row is recorded as the class
    joint: np.ndarray  # f8[K, K]: estimated share of all rows, summing to 1

    @property
    def doubtful(self) -> float:
        """Estimated share of all rows whose label disagrees."""
        return max(1.0 - float(np.trace(self.joint)), 0.0)


def confident_joint(labels: np.ndarray, chances: np.ndarray) -> ConfidentJoint:
    """The confident joint of recorded labels i8[n] and out-of-fold probabilities f8[n, K]."""
    classes = chances.shape[1]
    thresholds = np.full(classes, np.inf)
    for k in np.unique(labels):
        thresholds[k] = chances[labels == k, k].mean()
    eligible = np.where(chances >= thresholds, chances, -1.0)
    example_of = np.where(eligible.max(axis=1) >= 0, eligible.argmax(axis=1), -1)
    sure = example_of >= 0
    flat = np.bincount(labels[sure] * classes + example_of[sure], minlength=classes * classes)
    counts = flat.reshape(classes, classes)
    return ConfidentJoint(counts, example_of, thresholds, _joint(counts, labels))


def _joint(counts: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The counts scaled to the recorded class sizes; a class without confident rows keeps all its rows."""
    sizes, confident = np.bincount(labels, minlength=len(counts)), counts.sum(axis=1)
    shares = np.where(confident[:, None] > 0, counts / np.maximum(confident, 1)[:, None], np.eye(len(counts)))
    return shares * sizes[:, None] / max(len(labels), 1)


def likeliest_other(labels: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """The likeliest class i8[n] besides the recorded one."""
    others = chances.copy()
    others[np.arange(len(labels)), labels] = -1.0
    return others.argmax(axis=1)


def doubtful_rows(labels: np.ndarray, chances: np.ndarray, number: int) -> np.ndarray:
    """Positions of at most `number` rows, the lowest estimate of the recorded label first.

    Only rows for which another class is likelier. With planted errors this order found more of them than the
    off-diagonal rows of the confident joint, so the joint gives the number and not the rows.
    """
    rows = np.arange(len(labels))
    own, other = chances[rows, labels], chances[rows, likeliest_other(labels, chances)]
    return np.array([i for i in np.argsort(own, kind="stable")[:number] if other[i] > own[i]], dtype=np.int64)


def robust_residuals(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray | None:
    """Residuals f8[n] minus their median, over 1.4826 times the median absolute deviation.

    None where more than half of the residuals are the same: there is no scale to measure by.
    """
    residual = truth - predicted
    away = residual - np.median(residual)
    scale = 1.4826 * float(np.median(np.abs(away)))
    return away / scale if scale > 0 else None
