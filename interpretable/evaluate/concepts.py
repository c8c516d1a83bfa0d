"""How far the answers to concepts agree with people: precision, recall and F1 against hand labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np

from interpretable.data.concepts import DENIED, FOUND, ask
from interpretable.data.rows import group_keys
from interpretable.evaluate.figure import share
from interpretable.records.concept import Concept, ConceptOverlap, ConceptQuality, ConceptsEvidence
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed

LEAST_LABELS, LEAST_YES = 50, 10  # fewer hand labels, or fewer with yes, are too few to say
OVERLAP = 0.5


def stamp(row_ids: Iterable[str]) -> str:
    """A short hash of a set of row ids: tells whether a head was fitted on this training part."""
    text = "\x1f".join(sorted(row_ids)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:16]


def agreement(found: np.ndarray, truth: np.ndarray, *, groups: np.ndarray | None = None) -> dict[str, Figure]:
    """Precision, recall and F1 of yes/no answers, with 95 % intervals.

    Precision and recall have Wilson's interval, by group where rows of one group belong together. F1 grows
    with J = TP / (TP + FP + FN), a proportion of the rows with either yes, as 2 J / (1 + J) (Hand, Christen
    and Kirielle, 2021), so J's interval is carried over.

    Parameters
    ----------
    found, truth : bool (n,)

    Examples
    --------
    >>> figures = agreement(np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool))
    >>> [figures[name].value for name in ("precision", "recall", "f1")]
    [0.5, 0.5, 0.5]
    """

    def among(rows: np.ndarray) -> Figure:
        hits = (found & truth)[rows]
        return share(hits, None if groups is None else groups[rows], empty="concept_none")

    jaccard = among(found | truth)
    value, low, high = (
        None if end is None else 2 * end / (1 + end) for end in (jaccard.value, jaccard.low, jaccard.high)
    )
    f1 = replace(jaccard, value=value, low=low, high=high)
    return {"precision": among(found), "recall": among(truth), "f1": f1}


def assess(dataset: Dataset, training: Iterable[str]) -> ConceptsEvidence:
    """What each concept of a task found in all rows, and how far it agrees with the hand labels.

    A list of phrases is measured on all hand labels. A learned head is measured on those outside the training
    part alone, and only where it was fitted on hand labels of this very part.

    Parameters
    ----------
    dataset : all rows of the table
    training : row ids of the training part
    """
    training = list(training)
    inside = np.isin(dataset.row_ids.astype(str), np.array(training, dtype=str))
    own, yes = stamp(training), {}
    rows = []
    for concept in dataset.task.concepts:
        answers = ask([concept], dataset.frame[concept.column].to_numpy())[:, 0]
        yes[concept.name] = (answers > 0) & (answers & FOUND > 0)
        seen = inside if concept.weights else np.zeros(len(dataset), dtype=bool)
        known = not concept.weights or concept.training_rows == own
        rows.append(_quality(concept, answers, dataset, ~seen, known=known))
    labels = dataset.concept_labels
    excluded = {c.name for c in dataset.task.columns if c.exclude}
    behind = dict.fromkeys(c.column for c in dataset.task.concepts if c.approved and c.column in excluded)
    return ConceptsEvidence(
        concepts=tuple(rows),
        overlaps=tuple(_overlaps(yes)),
        unmatched=0 if labels is None else labels.unmatched,
        columns=tuple(behind),
        not_computed=tuple(
            NotComputed(what="concept_agreement", reason=reason)
            for reason in dict.fromkeys(row.reason for row in rows if row.reason)
        ),
    )


def _quality(
    concept: Concept, answers: np.ndarray, dataset: Dataset, counted: np.ndarray, *, known: bool
) -> ConceptQuality:
    given = np.full(len(dataset), None, dtype=object)
    if dataset.concept_labels is not None:
        given = dataset.concept_labels.values.get(concept.name, given)
    labelled = (given != None) & (answers >= 0)  # noqa: E711 - elementwise, on an object array
    at = np.flatnonzero(labelled & counted)
    truth = given[at] == "yes"
    reason = ""
    if not labelled.any():
        reason = "concept_no_labels"
    elif not known:
        reason = "concept_other_rows"
    elif len(at) < LEAST_LABELS or truth.sum() < LEAST_YES:
        reason = "concept_few_labels"
    groups = None if dataset.groups is None else group_keys(dataset.groups)[at]
    figures = {} if reason else agreement(answers[at] & FOUND > 0, truth, groups=groups)
    return ConceptQuality(
        name=concept.name,
        column=concept.column,
        used=bool(concept.approved),
        approved=concept.approved,
        head="weights" if concept.weights else "phrases" if concept.phrases else "none",
        rows=int((answers >= 0).sum()),
        found=int(((answers >= 0) & (answers & FOUND > 0)).sum()),
        denied=int(((answers >= 0) & (answers & DENIED > 0)).sum()),
        labels=len(at),
        labelled_yes=int(truth.sum()),
        held_out=bool(concept.weights),
        reason=reason,
        **figures,
    )


def _overlaps(yes: dict[str, np.ndarray]) -> list[ConceptOverlap]:
    found = []
    for first, second in combinations(yes, 2):
        both, either = int((yes[first] & yes[second]).sum()), int((yes[first] | yes[second]).sum())
        if either and both / either >= OVERLAP:
            found.append(ConceptOverlap(first=first, second=second, both=both, share=both / either))
    return sorted(found, key=lambda pair: -pair.share)
