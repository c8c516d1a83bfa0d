"""Are the rows enough? Parameters, the criteria of Riley and others, optimism, the verdict with reasons.

The rules and where each comes from stand in docs/explanation/resampling.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas

from interpretable.evaluate.oof import fold_metrics
from interpretable.records.dataset import Dataset
from interpretable.records.resampling import Optimism, SampleSize, SizeReason, SizeVerdict
from interpretable.records.task import Task
from interpretable.stats import calibration, metrics, sample_size

RARE = 5  # levels with fewer rows share one weight
FEWEST_EVENTS, FEWEST_ROWS = 10, 30  # below: nothing can be said
PER_PARAMETER = {"stop": 2.0, "thin": 10.0}
TEST_EVENTS, TEST_ROWS = 100, 100
SLOPE = {"stop": 0.6, "thin": 0.8}


def parameters(train: Dataset) -> int:
    """Degrees of freedom that the columns offer a regression model.

    A number or a yes/no counts once, a category as many as its levels less one (rare ones together as one),
    missing values once more. Text is not counted: its words have no fixed number.
    """
    count = 0
    for column in train.task.features:
        if column.kind == "text":
            continue
        values = pandas.Series(train.frame[column.name].to_numpy())
        seen = values.dropna()
        if seen.nunique() < 2:
            continue
        levels = 2
        if column.kind not in ("number", "boolean"):
            sizes = seen.value_counts()
            levels = int((sizes >= RARE).sum()) + int((sizes < RARE).any())
        count += max(levels - 1, 1) + int(values.isna().any())
    return count


def needed(train: Dataset, oof: dict[str, float]) -> SampleSize | None:
    """What there is and what is asked for; None where there are only texts. `oof`: of the model in use."""
    count, n = parameters(train), len(train)
    if count == 0:
        return None
    events = None if train.task.kind == "regression" else int(np.bincount(train.target).min())
    per = (n if events is None else events) / count
    r2 = _expected(train, oof)
    rows, shrinkage = {}, None
    if r2 is not None and train.task.kind == "regression":
        rows = sample_size.rows_continuous(r2, parameters=count)
    elif r2 is not None and events is not None:
        rows = sample_size.rows_binary(r2, parameters=count, prevalence=events / n)
        shrinkage = sample_size.expected_shrinkage(r2, n=n, parameters=count)
    return SampleSize(
        n=n, events=events, parameters=count, per_parameter=per, r2=r2, shrinkage=shrinkage, needed=rows
    )


def _expected(train: Dataset, oof: dict[str, float]) -> float | None:
    """R2 out of fold, where it is above nothing and the criteria are published for this kind of task."""
    if train.task.kind == "regression":
        r2 = oof.get("r2", 0.0)
    elif train.task.kind == "binary" and "log_loss" in oof and 0 < train.target.mean() < 1:
        share = float(train.target.mean())
        without = -share * math.log(share) - (1 - share) * math.log(1 - share)
        r2 = sample_size.cox_snell(oof["log_loss"], without)
    else:
        return None
    return float(r2) if r2 > 1e-3 else None


def figures(task: Task, y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """What is corrected for optimism."""
    found = fold_metrics(task, y, p)
    if task.kind == "binary":
        line = calibration.slope(y, p) if 0 < y.mean() < 1 else "one_class"
        skill = metrics.brier_skill(y, p)
        found = {name: found[name] for name in ("auroc",) if name in found}
        found |= {"brier_skill": float(skill)} if math.isfinite(skill) else {}
        return found if isinstance(line, str) else found | {"calibration_slope": line[0]}
    if task.kind == "regression":
        lines = calibration.line(y, p)
        found = {name: found[name] for name in ("r2", "rmse") if name in found}
        return found if isinstance(lines, str) else found | {"calibration_slope": lines[1][0]}
    return {name: found[name] for name in ("auroc", "log_loss") if name in found}


def optimism(
    apparent: dict[str, float], pairs: Sequence[tuple[dict[str, float], dict[str, float]]]
) -> tuple[Optimism, ...]:
    """Correction of Harrell, Lee and Mark (1996): apparent less the mean of (own rows - original rows).

    Parameters
    ----------
    apparent : figures of the model in use on the rows it learned from
    pairs : for each bootstrap model its figures on its own rows, and on the original rows
    """
    found = []
    for name, value in apparent.items():
        able = [(own, original) for own, original in pairs if name in own and name in original]
        gaps = np.array([own[name] - original[name] for own, original in able])
        if len(gaps) > 1:
            middle, error = float(gaps.mean()), float(gaps.std(ddof=1) / math.sqrt(len(gaps)))
            kept: dict[str, Any] = {"optimism": middle, "error": error, "corrected": value - middle}
            found.append(Optimism(metric=name, apparent=value, resamples=len(gaps), **kept))
    return tuple(found)


def judge(
    train: Dataset,
    test: Dataset,
    *,
    size: SampleSize | None,
    corrected: Sequence[Optimism],
    guess: tuple[str, float, float] | None,
) -> tuple[SizeVerdict, tuple[SizeReason, ...]]:
    """`stop`, `thin` or `enough`, with every reason that speaks against `enough`."""
    reasons = [*_counts(train, test), *_guess(guess), *_slope(corrected)]
    reasons += [] if size is None else _size(size)
    levels = {reason.level for reason in reasons}
    verdict: SizeVerdict = "stop" if "stop" in levels else "thin" if "thin" in levels else "enough"
    return verdict, tuple(sorted(reasons, key=lambda reason: reason.level != "stop"))


def _reason(code: str, level: SizeVerdict, **given: Any) -> SizeReason:
    return SizeReason(code=code, level=level, parameters=given)


def _rarest(rows: Dataset) -> int:
    return int(np.bincount(rows.target, minlength=len(rows.classes)).min())


def _counts(train: Dataset, test: Dataset) -> list[SizeReason]:
    """Rows and events of the two parts."""
    if train.task.kind == "regression":
        found = [_reason("few_rows", "stop", n=len(train), floor=FEWEST_ROWS)] * (len(train) < FEWEST_ROWS)
        return found + [_reason("small_test", "thin", n=len(test), floor=TEST_ROWS)] * (len(test) < TEST_ROWS)
    found = []
    if _rarest(train) < FEWEST_EVENTS:
        found.append(_reason("few_events", "stop", n=_rarest(train), floor=FEWEST_EVENTS))
    if _rarest(test) < TEST_EVENTS:
        found.append(_reason("few_test_events", "thin", n=_rarest(test), floor=TEST_EVENTS))
    return found


def _guess(guess: tuple[str, float, float] | None) -> list[SizeReason]:
    if guess is None or guess[2] > guess[1]:
        return []
    return [_reason("guessing", "stop", metric=guess[0], floor=guess[1], bound=guess[2])]


def _slope(corrected: Sequence[Optimism]) -> list[SizeReason]:
    slope = next((one.corrected for one in corrected if one.metric == "calibration_slope"), None)
    if slope is None or slope >= SLOPE["thin"]:
        return []
    level: SizeVerdict = "stop" if slope < SLOPE["stop"] else "thin"
    return [_reason("steep", level, slope=slope, floor=SLOPE[level])]


def _size(size: SampleSize) -> list[SizeReason]:
    found, kind = [], "rows" if size.events is None else "events"
    if size.per_parameter < PER_PARAMETER["thin"]:
        level: SizeVerdict = "stop" if size.per_parameter < PER_PARAMETER["stop"] else "thin"
        given = {
            "per": math.floor(10.0 * size.per_parameter) / 10.0,
            "parameters": size.parameters,
            "floor": PER_PARAMETER[level],
        }
        found.append(_reason(f"{kind}_per_parameter", level, **given))
    if size.most is not None and size.n < size.most:
        found.append(_reason("below_criteria", "thin", n=size.n, needed=size.most))
    return found
