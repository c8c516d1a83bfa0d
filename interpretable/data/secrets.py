"""Keys and passwords do not belong into a task file: it is read, mailed and archived."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from interpretable.data.fields import Problems
from interpretable.data.places import Path

_NAMES = re.compile(
    r"(api|access|secret|private)[ _-]?key|^key$|token$|passwor[dt]|^secret$|bearer|authorization", re.I
)
_VALUES = re.compile(
    r"\b(sk|pk|rk)-[A-Za-z0-9_-]{8,}|\bBearer\s+\S{8,}|\b(ghp|hf|xox[bp])[_-][A-Za-z0-9-]{8,}|AKIA[0-9A-Z]{12,}"
)
_IN_ADDRESS = re.compile(r"://[^/@\s]+@")


def report_secrets(raw: Mapping[str, Any], problems: Problems) -> None:
    """Refuse anything that looks like a credential, without repeating it."""
    for path, value in _leaves(raw, ()):
        named = path[0] not in ("columns", "concepts") and _NAMES.search(path[-1])
        shown = isinstance(value, str) and (
            _VALUES.search(value) or (path[:1] == ("llm",) and _IN_ADDRESS.search(value))
        )
        if named or shown:
            problems.add(
                path,
                f"{path[-1]!r} looks like a key or password. Remove it from the file: keys come "
                f"from the environment.",
            )


def _leaves(table: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value
