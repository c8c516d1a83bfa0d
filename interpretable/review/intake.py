"""From rows to cases that wait: an estimate for each, and why a person should look first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas

from interpretable.records.dataset import Dataset
from interpretable.records.explanation import CaseExplanation, Outlook
from interpretable.records.review import Case
from interpretable.records.task import Task

NEAR = 0.05  # probability: a small error of the estimate would put the case on the other side of the line
MANY_MISSING = 3
WIDE = 0.35  # probability between the ends of the spread
WIDE_PART = 0.25  # regression: spread as a part of the estimate

Seen = CaseExplanation | Outlook


def flags(found: Seen, task: Task) -> tuple[str, ...]:
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


def _wide(found: Seen, task: Task) -> bool:
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
    known = {column.name for column in task.columns if not column.concept}  # derived anew from the texts
    cells = {name: "" if cell is None else str(cell) for name, cell in values.items() if name in known}
    return replace(read(pandas.DataFrame([cells])), row_ids=np.array([case_id], dtype=object))


def estimated(case: Case, found: Seen, task: Task) -> Case:
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
    look: Callable[[Dataset], Sequence[Outlook]],
    source: str,
    outcomes: Sequence[str] = (),
    prefix: str = "",
) -> tuple[Case, ...]:
    """One waiting case per row.

    Parameters
    ----------
    look : estimates a dataset, one outlook per row.
    outcomes : what happened, per row, where the rows are past cases.
    prefix : put before each row id, where rows have no ids of their own and would be numbered alike.
    """
    added = datetime.now(UTC).isoformat(timespec="seconds")
    made = []
    values = _plain(rows)
    for position, (row_id, outlook) in enumerate(zip(rows.row_ids, look(rows), strict=True)):
        case = Case(
            case_id=f"{prefix}{row_id}",
            values=values[position],
            source=source,
            added=added,
            outcome=str(outcomes[position]) if outcomes else "",
        )
        made.append(estimated(case, outlook, task))
    return tuple(made)


def _plain(rows: Dataset) -> list[dict[str, Any]]:
    """The describing columns only: never the target, which a reviewer must not see before deciding."""
    return [
        {str(k): None if v is None or v != v else v for k, v in row.items()}
        for row in rows.frame.to_dict("records")
    ]
