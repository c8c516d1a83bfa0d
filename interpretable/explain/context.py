"""What an explanation needs beside the model: where it stands, and what training rows were like."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.domain import DomainModel
from interpretable.records.task import Task


@dataclass(frozen=True, eq=False, kw_only=True)
class Context:
    task: Task
    bundle_id: str
    averages: tuple[float, ...]  # training part: rate of each class (binary: of the positive), or the mean
    domain: DomainModel
