"""From rows to cases that wait: an estimate for each, and why a person should look first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas

from interpretable.records.dataset import Dataset
from interpretable.records.explanation import CaseExplanation
from interpretable.records.review import Case
from interpretable.records.task import Task

NEAR = 0.05  # probability: a small error of the estimate would put the case on the other side of the line
MANY_MISSING = 3
WIDE = 0.20  # probability between the ends of the spread
WIDE_PART = 0.25  # regression: spread as a part of the estimate


def flags(found: CaseExplanation, task: Task) -> tuple[str, ...]:
    """Codes of what makes this case worth a closer look, worded in words/."""
    codes = []
    if not found.domain.inside:
        codes.append("outside_domain")
    if task.kind == "binary" and task.cut is not None and abs(found.estimate - task.cut) <= NEAR:
        codes.append("near_line")
    if len(found.missing) >= MANY_MISSING:
        codes.append("missing_values")
    if _wide(found, task):
        codes.append("wide_spread")
    return tuple(codes)


def _wide(found: CaseExplanation, task: Task) -> bool:
    if found.spread is None:
        return False
    width = found.spread.high - found.spread.low
    if task.kind == "regression":
        return width > WIDE_PART * abs(found.estimate)
    return width > WIDE


def row_of(
    values: dict[str, Any], case_id: str, task: Task, *, read: Callable[[pandas.DataFrame], Dataset]
) -> Dataset:
    """The values of a case as a dataset of one row, called by the case's id."""
    known = {column.name for column in task.columns}
    cells = {name: "" if cell is None else str(cell) for name, cell in values.items() if name in known}
    return replace(read(pandas.DataFrame([cells])), row_ids=np.array([case_id], dtype=object))


def estimated(case: Case, found: CaseExplanation, task: Task) -> Case:
    """The case with its estimate, what that is for, and its flags."""
    return replace(
        case,
        estimate=found.estimate,
        output=found.output,
        flags=flags(found, task),
        bundle_id=found.bundle_id,
    )


def make_cases(
    rows: Dataset,
    task: Task,
    *,
    explain: Callable[[Dataset], CaseExplanation],
    source: str,
    outcomes: Sequence[str] = (),
    prefix: str = "",
) -> tuple[Case, ...]:
    """One waiting case per row.

    Parameters
    ----------
    explain : explains a dataset of one row.
    outcomes : what happened, per row, where the rows are past cases.
    prefix : put before each row id, where rows have no ids of their own and would be numbered alike.
    """
    added = datetime.now(UTC).isoformat(timespec="seconds")
    made = []
    for position, row_id in enumerate(rows.row_ids):
        row = rows.take(np.array([position]))
        case = Case(
            case_id=f"{prefix}{row_id}",
            values=_plain(row),
            source=source,
            added=added,
            outcome=str(outcomes[position]) if outcomes else "",
        )
        made.append(estimated(case, explain(row), task))
    return tuple(made)


def _plain(row: Dataset) -> dict[str, Any]:
    """The describing columns only: never the target, which a reviewer must not see before deciding."""
    values = row.frame.iloc[0].to_dict()
    return {str(k): None if v is None or v != v else v for k, v in values.items()}
