"""What if some values were others: both estimates side by side, and what each change moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from interpretable.data import parse_column
from interpretable.data.concepts import follow
from interpretable.errors import UserError
from interpretable.explain.context import Context
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.recourse import WhatIf
from interpretable.records.task import Column
from interpretable.score.domain import DomainCheck
from interpretable.score.reasons import estimate_of, explained_outputs, plain_value
from interpretable.score.scorer import Scorer, columns_of, predict, predicted


def _problem(column: Column | None, feature: Feature | None, name: str, value: Any, *, asked: bool) -> str:
    """Why this value cannot be tried; "" where it can."""
    if column is not None and column.concept:
        return f"{name!r} follows from a text: change the text instead."
    if column is None or (feature is None and not asked):
        return f"{name!r} is not a column that the model reads."
    if not column.changeable:
        return f"{name!r} is not changeable by the task."
    if value is None:
        return f"The value given for {name!r} cannot be read."
    if feature is None:
        return ""
    if feature.kind == "number" and not feature.low <= value <= feature.high:
        return f"{name!r} can be tried between {feature.low:g} and {feature.high:g}, as seen in training."
    if feature.kind not in ("number", "text") and feature.levels and value not in feature.levels:
        return f"{name!r} has no such level in training. Known: {', '.join(feature.levels[:12])}."
    return ""


def _read(column: Column | None, value: Any) -> Any:
    """One value by the rule of the column; None where it cannot be read."""
    if column is None:
        return None
    parsed, bad = parse_column([value], column)
    return None if bad[0] else plain_value(parsed[0])


def _changed(
    scorer: Scorer, row: Dataset, context: Context, wanted: Mapping[str, Any]
) -> dict[str, dict[str, np.ndarray]]:
    """For each changed column all that changes: a text takes the answers to its concepts along."""
    task = context.task
    known = {c.name: c for c in (*task.inputs, *task.features)}
    spec = {f.name: f for f in scorer.features}
    read = {name: _read(known.get(name), value) for name, value in wanted.items()}
    asked = {c.column for c in task.concepts if c.derived in spec}
    wrong = [_problem(known.get(n), spec.get(n), n, value, asked=n in asked) for n, value in read.items()]
    if any(wrong):
        raise UserError([problem for problem in wrong if problem])
    changed = {}
    for name, value in read.items():
        values = np.array([value], dtype=np.float64 if known[name].kind == "number" else object)
        changed[name] = {name: values, **follow(task, {name: values}, spec)}
    return changed


def what_if(scorer: Scorer, row: Dataset, context: Context, *, changes: Mapping[str, Any]) -> WhatIf:
    """The estimate with some changeable columns at other values.

    Parameters
    ----------
    scorer : any model of the study
    row : a dataset of exactly one row
    changes : column name -> value, read by the task's rules

    Returns
    -------
    WhatIf; `parts` change one column after the other in the order of `changes`, so they sum to the whole
    change of the score; a text's part holds that of its concepts, which follow it. With several classes the
    estimate is that of the class that was most likely before.

    Raises
    ------
    UserError : every column that is not changeable, and every value outside what was seen in training
    """
    before = columns_of(scorer, row)
    changed = _changed(scorer, row, context, changes)
    after = dict(before)
    for moved in changed.values():
        after |= moved
    steps, parts = dict(before), []
    link = scorer.link_scores(before, 1)
    output = int(explained_outputs(scorer, predicted(scorer, link))[0])
    for name in changes:
        start = scorer.link_scores(steps, 1)[0]
        steps |= changed[name]
        move = scorer.link_scores(steps, 1)[0] - start
        parts.append((name, float(move[output] - (move.mean() if len(move) > 1 else 0.0))))
    check = DomainCheck(context.domain)
    frame = {name: row.frame[name].to_numpy() for name in row.frame}
    return WhatIf(
        row_id=str(row.row_ids[0]),
        changes=tuple((n, plain_value(frame[n][0]), plain_value(after[n][0])) for n in changes),
        before=_estimate(scorer, before, output),
        after=_estimate(scorer, after, output),
        domain_before=check.explain(frame, 1)[0],
        domain_after=check.explain({**frame, **after}, 1)[0],
        parts=tuple(parts),
    )


def _estimate(scorer: Scorer, columns: dict[str, np.ndarray], output: int) -> float:
    return float(estimate_of(predict(scorer, columns, 1), output)[0])
