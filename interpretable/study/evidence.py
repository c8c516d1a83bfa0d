"""Every figure of a study put into one record, ready to be written as evidence.json."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas

from interpretable.records import codec
from interpretable.records.dataset import Dataset
from interpretable.records.evidence import (
    ColumnSummary,
    DataEvidence,
    NotComputed,
    PartEvidence,
    SplitEvidence,
)
from interpretable.records.exchange import LLMEvidence
from interpretable.records.explanation import WholeExplanation
from interpretable.records.provenance import Provenance
from interpretable.records.split import Split
from interpretable.records.task import Column, Task
from interpretable.study.options import Options
from interpretable.study.packages import package_versions
from interpretable.version import VERSION

SMALL_CELL = 5  # levels with fewer rows are not listed
MOST_CURVES = 300


def now() -> str:
    """UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _summary(column: Column, values: np.ndarray) -> ColumnSummary:
    series = pandas.Series(values)
    basic: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind,
        "used": not column.exclude,
        "missing": int(series.isna().sum()),
        "distinct": int(series.nunique()),
        "exclude_reason": column.exclude_reason,
    }
    if column.kind == "number":
        seen = series.dropna()
        low, middle, high = (float(seen.quantile(q)) for q in (0, 0.5, 1)) if len(seen) else (None,) * 3
        return ColumnSummary(**basic, low=low, median=middle, high=high)
    if column.kind == "text":
        return ColumnSummary(**basic)
    counts = series.value_counts()
    top = tuple((str(level), int(n)) for level, n in counts[counts >= SMALL_CELL].head(8).items())
    return ColumnSummary(**basic, top=top)


def data_evidence(dataset: Dataset) -> DataEvidence:
    """What the table holds, column by column; no cell of a person."""
    target, classes = dataset.target, dataset.classes
    numeric = dataset.task.kind == "regression"
    counts = () if numeric else tuple(int((target == k).sum()) for k in range(len(classes)))
    return DataEvidence(
        name=dataset.source.name,
        sha256=dataset.source.sha256,
        rows_read=dataset.source.rows_read or len(dataset),
        rows_dropped=dataset.source.rows_dropped,
        rows_used=len(dataset),
        columns=tuple(_summary(c, dataset.frame[c.name].to_numpy()) for c in dataset.task.columns),
        classes=classes,
        class_counts=counts,
        target_mean=float(target.mean()) if numeric else None,
        target_sd=float(target.std(ddof=1)) if numeric else None,
    )


def _part(part: Dataset) -> PartEvidence:
    binary = part.task.kind == "binary"
    outcome = None if part.task.kind == "multiclass" else float(part.target.mean())
    return PartEvidence(
        part=part.part, n=len(part), events=int(part.target.sum()) if binary else None, outcome=outcome
    )


def split_evidence(split: Split, parts: tuple[Dataset, ...]) -> SplitEvidence:
    return SplitEvidence(
        method=split.method,
        seed=split.seed,
        fingerprint=split.fingerprint,
        parts=tuple(_part(part) for part in parts),
    )


def trimmed(whole: WholeExplanation, outputs: int) -> WholeExplanation:
    """The explanation, with the curves of the most important features only where there are too many."""
    most = max(MOST_CURVES // max(outputs, 1), 1)
    names = {i.feature for i in whole.importances[:most]}
    kept = tuple(c for c in whole.curves if c.feature in names)
    return WholeExplanation(
        model=whole.model,
        glass_box=whole.glass_box,
        importances=whole.importances,
        curves=kept,
        pairs=whole.pairs,
        tokens=whole.tokens,
        tree=whole.tree,
    )


def averages(train: Dataset) -> tuple[float, ...]:
    """Rate of the outcome of each output in the training part (binary: of the positive), or the mean."""
    if train.task.kind == "multiclass":
        return tuple((np.bincount(train.target, minlength=len(train.classes)) / len(train)).tolist())
    return (float(train.target.mean()),)


def lacking(task: Task, asked: LLMEvidence, spread: bool) -> tuple[NotComputed, ...]:
    """What a reader might look for and will not find, each with its reason."""
    found = []
    if task.kind == "binary" and task.cut is None:
        found.append(NotComputed(what="threshold_metrics", reason="no_threshold"))
    if asked.status != "ran":
        found.append(NotComputed(what="llm", reason=f"llm_{asked.status}"))
    if not task.sensitive_columns:
        found.append(NotComputed(what="groups", reason="no_sensitive_columns"))
    if not spread:
        found.append(NotComputed(what="spread", reason="no_refits"))
    return tuple(found)


def provenance(
    dataset: Dataset, split: Split, *, options: Options, bundle_id: str, started: float
) -> Provenance:
    return Provenance(
        version=VERSION,
        created=now(),
        seed=options.seed,
        quick=options.quick,
        level=options.level,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        cpus=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        packages=package_versions(),
        data_sha256=dataset.source.sha256,
        task_sha256=hashlib.sha256(codec.canonical(dataset.task)).hexdigest(),
        split_fingerprint=split.fingerprint,
        bundle_id=bundle_id,
        seconds=round(time.perf_counter() - started, 1),
    )
