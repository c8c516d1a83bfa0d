"""Missing values that are not missing by chance."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.checks.marks import mark_against_outcome
from interpretable.data.rows import is_missing
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_FEWEST = 10  # rows on either side
_LEVEL = 0.01  # chance of any false alarm over all columns tested (Bonferroni)


@CHECKS.add("missing")
def check_missing(dataset: Dataset) -> Iterator[Finding]:
    """Whether leaving a field empty goes with the outcome: often a sign of how data were collected."""
    known = known_target(dataset)
    target = dataset.target[known]
    tested = []
    for column in dataset.task.features:
        empty = is_missing(dataset.frame[column.name].to_numpy()[known])
        if min(empty.sum(), (~empty).sum()) >= _FEWEST:
            tested.append((column.name, empty))
    for name, empty in tested:
        told = mark_against_outcome(dataset, target, empty)
        if told and told.p_value < _LEVEL / len(tested):
            yield Finding(
                code="missingness_predicts_target",
                severity="look",
                subject=name,
                parameters={
                    "missing": int(empty.sum()),
                    "present": int((~empty).sum()),
                    "outcome_missing": told.marked,
                    "outcome_present": told.others,
                    "outcome": told.outcome,
                    "p_value": told.p_value,
                    "target": dataset.task.target,
                },
            )
