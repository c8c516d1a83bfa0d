"""Numbers and words that stand for "not known"."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.data.checks.base import CHECKS
from interpretable.data.sentinels import number_codes, word_codes
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding


@CHECKS.add("codes")
def check_codes(dataset: Dataset) -> Iterator[Finding]:
    """Isolated implausible values (0 in cholesterol, -9, 999) and words such as "NA", not declared."""
    for column in dataset.task.features:
        values = dataset.frame[column.name].to_numpy()
        if column.kind == "text":
            continue
        found = number_codes(values) if column.kind == "number" else word_codes(values)
        for suspect in found:
            yield Finding(
                code="suspicious_code",
                severity="look",
                subject=column.name,
                parameters={
                    "code": suspect.code,
                    "count": suspect.count,
                    "rows": len(dataset),
                    "low": suspect.low,
                    "high": suspect.high,
                },
            )
