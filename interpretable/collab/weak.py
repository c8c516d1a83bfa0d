"""From weak to strong: a small model that learns from a teacher's labels alone, against the teacher."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from interpretable.collab.audit import exact
from interpretable.collab.refit import refit
from interpretable.collab.teacher import SILENT, Labels, surest
from interpretable.evaluate.judged import mean_figure
from interpretable.records.dataset import Dataset
from interpretable.records.labelled import Lead, WeakStudent
from interpretable.score.scorer import columns_of, predict
from interpretable.stats.discordant import discordant_p

FEWEST_OF_LABEL = 8  # rows of each label, so that folds of them have some
LEVEL = 0.025  # of each side


def weak_student(
    pool: Dataset, labels: Labels, gold: Dataset, said: Labels, *, family: str, share: float, train: Dataset,
    seed: int = 0,
) -> WeakStudent | str:  # fmt: skip
    """The comparison on rows with real labels, or a code why there is none.

    Parameters
    ----------
    pool, labels : what the student learns from: no real label is among it, not even for a choice
    gold, said : rows with real labels that neither learned from, and what the teacher says of them
    share : of the rows of each label, the surest first
    train : names the levels
    """
    assert gold.target is not None
    kept = surest(labels, share)
    target = labels.said[kept]
    counts = np.bincount(target, minlength=len(train.classes))
    if (counts > 0).sum() < len(train.classes):
        return "one_label"
    if counts.min() < FEWEST_OF_LABEL:
        return "too_few_labelled"
    spoken = said.said != SILENT
    if not spoken.any():
        return "no_gold"
    learned = replace(pool.take(kept, part="train"), target=target, classes=train.classes)
    scorer = refit(family, learned, train, seed=seed)
    found = predict(scorer, columns_of(scorer, gold), len(gold))
    own = found.argmax(axis=1) if found.ndim == 2 else (found >= 0.5).astype(np.int64)
    wrong = (own != gold.target)[spoken]
    taught = (said.said != gold.target)[spoken]
    return _compared(family, len(kept), wrong=wrong, taught=taught, silent=int((~spoken).sum()))


def _compared(
    family: str, learned: int, *, wrong: np.ndarray, taught: np.ndarray, silent: int
) -> WeakStudent:
    """Errors bool[n] of student and teacher on the same rows."""
    gained, lost = int((taught & ~wrong).sum()), int((wrong & ~taught).sum())
    p = discordant_p(max(gained, lost), min(gained, lost))
    outcome: Lead = "open"
    if p <= LEVEL:
        outcome = "student_ahead" if gained > lost else "teacher_ahead"
    return WeakStudent(
        student=family, learned=learned, n=len(wrong), silent=silent,
        teacher_error=exact(int(taught.sum()), len(wrong)), student_error=exact(int(wrong.sum()), len(wrong)),
        lead=mean_figure(taught.astype(float) - wrong.astype(float)), p=p, outcome=outcome,
    )  # fmt: skip
