"""Glass-box models for decisions about people: accurate, explained, reviewed and on the record."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from interpretable.version import VERSION as __version__

_PLACES = {
    "train": "interpretable.study",
    "load": "interpretable.score.loaded",
    "open_study": "interpretable.study",
    "verify": "interpretable.study",
    "score_file": "interpretable.score.batch",
    "read_task": "interpretable.data",
    "read": "interpretable.data",
    "check": "interpretable.data",
    "draft": "interpretable.data",
    "Task": "interpretable.records.task",
    "Column": "interpretable.records.task",
    "Dataset": "interpretable.records.dataset",
    "Finding": "interpretable.records.finding",
    "Evidence": "interpretable.records.evidence",
    "InterpretableError": "interpretable.errors",
    "UserError": "interpretable.errors",
    "TaskError": "interpretable.errors",
    "DataError": "interpretable.errors",
    "BundleError": "interpretable.errors",
    "LLMError": "interpretable.errors",
}

__all__ = ["__version__", *sorted(_PLACES)]


def __getattr__(name: str) -> Any:
    """Public names are loaded when they are first used: importing the package costs next to nothing."""
    if name not in _PLACES:
        raise AttributeError(f"module 'interpretable' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return __all__
