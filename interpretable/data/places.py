"""On which line of a TOML text each key stands, so that a problem can point there."""

from __future__ import annotations

import tomllib
from typing import Any

Path = tuple[str, ...]


def key_lines(text: str) -> dict[Path, int]:
    """Line (from 1) of every key and table header, by its path."""
    lines: dict[Path, int] = {}
    table: Path = ()
    inside = ""  # the quotes of a multi-line string we are in
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        bare = line.strip()
        if bare.startswith("["):
            header = _path(bare)
            if header:
                table = header
                lines.setdefault(table, number)
        elif "=" in bare and not bare.startswith("#"):
            key = _key(bare)
            if key:
                lines.setdefault(table + key, number)
        inside = _opened(bare)
    return lines


def _opened(line: str) -> str:
    for quotes in ('"""', "'''"):
        if line.count(quotes) % 2:
            return quotes
    return ""


def _key(line: str) -> Path:
    at = line.find("=")
    while at >= 0:
        path = _path(line[:at] + "= 0")
        if path:
            return path
        at = line.find("=", at + 1)
    return ()


def _path(text: str) -> Path:
    try:
        found: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(found, dict) and len(found) == 1:
        name, found = next(iter(found.items()))
        path.append(name)
        if isinstance(found, list):
            break
    return tuple(path)
