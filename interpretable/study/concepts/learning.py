"""A head for one concept from the hand labels of the training part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from interpretable.data.rows import group_keys, is_missing
from interpretable.data.tasktext import concept_lines
from interpretable.errors import DataError, TaskError
from interpretable.evaluate.concepts import agreement, stamp
from interpretable.records.concept import Concept
from interpretable.records.evaluation import Figure
from interpretable.study.concepts.checking import Rows, Source, rows_of, training_part

LEAST, LEAST_OF_EACH = 50, 10


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A learned head, and how it did on folds it was not fitted on.

    concept : with weights, intercept, threshold and the stamp of the training part; not approved
    labels, labelled_yes : hand labels of training rows behind it
    figures : precision, recall and f1, cross-validated with the choice of phrases inside the folds
    """

    concept: Concept
    labels: int
    labelled_yes: int
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def toml(self) -> str:
        """The table to put into the file of concepts."""
        return "\n".join(concept_lines(self.concept)) + "\n"


def learn(task: Source, concept: str, *, data: Rows = None, seed: int = 0) -> Learned:
    """Fit a head for one concept on the hand labels of training rows.

    Parameters
    ----------
    task : path of a task file, or a Task with concepts and the path of their hand labels
    concept : the name of one of its concepts; its phrases are not used, its `not` and negation are
    data : a table or its path; by default the one the task names
    seed : of the study that will use the head: it decides which rows are training rows

    Raises
    ------
    TaskError, DataError
        For an unknown concept, too few hand labels among the training rows, or labels no phrase can tell.
    """
    from interpretable.models.concept_head import fit_head, out_of_fold

    dataset = rows_of(task, data)
    known = {c.name: c for c in dataset.task.concepts}
    if concept not in known:
        raise TaskError(f"There is no concept {concept!r}. Known: {', '.join(known)}.")
    train = training_part(dataset, seed=seed)
    if train.concept_labels is None:
        raise TaskError('The task names no hand labels. Add labels = "FILE.csv" to the file of concepts.')
    given, asked = train.concept_labels.values[concept], train.frame[known[concept].column].to_numpy()
    rows = np.flatnonzero(~is_missing(given) & ~is_missing(asked))
    texts, truth = asked[rows], given[rows] == "yes"
    _check_enough(concept, truth)
    # Rows of one person, and copies of one text, stay in one fold.
    units = (
        np.unique(texts, return_inverse=True)[1] if train.groups is None else group_keys(train.groups)[rows]
    )
    head = fit_head(known[concept], texts, truth, units=units, seed=seed)
    if not head.weights:
        raise DataError(
            f"No phrase in {len(rows):,} labelled texts tells yes from no for concept {concept!r}. Look at "
            "the labels, or list phrases by hand."
        )
    return Learned(
        concept=replace(head, training_rows=stamp(train.row_ids)),
        labels=len(rows),
        labelled_yes=int(truth.sum()),
        figures=agreement(out_of_fold(known[concept], texts, truth, units=units, seed=seed), truth),
    )


def _check_enough(concept: str, truth: np.ndarray) -> None:
    yes, no = int(truth.sum()), int((~truth).sum())
    if len(truth) < LEAST or min(yes, no) < LEAST_OF_EACH:
        raise DataError(
            f"Concept {concept!r} has {len(truth)} hand labels among the training rows ({yes} yes, {no} no); "
            f"a head needs {LEAST}, with {LEAST_OF_EACH} of each. Label more rows, or list phrases by hand."
        )
