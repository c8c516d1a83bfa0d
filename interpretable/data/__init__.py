"""The door: tables and task files come in, are checked once, and are trusted inside."""

from __future__ import annotations

from interpretable.data.checks import check, check_split
from interpretable.data.draft import draft
from interpretable.data.parse import as_text, parse_column
from interpretable.data.read import check_schema, from_frame, read
from interpretable.data.split import parts, split
from interpretable.data.stream import stream
from interpretable.data.taskfile import read_task, task_text

__all__ = [
    "as_text",
    "check",
    "check_schema",
    "check_split",
    "draft",
    "from_frame",
    "parse_column",
    "parts",
    "read",
    "read_task",
    "split",
    "stream",
    "task_text",
]
