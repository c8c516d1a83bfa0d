"""Typed reading of a table of keys: every unknown key and every wrong type becomes one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interpretable.data.listing import nearest
from interpretable.data.places import Path


@dataclass
class Problems:
    """Collects sentences, each with the line it is about."""

    lines: Mapping[Path, int]
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 0)
        self.found.append((line, f"line {line}: {sentence}" if line else sentence))

    def sentences(self) -> list[str]:
        return [sentence for _, sentence in sorted(self.found, key=lambda pair: pair[0])]


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and "\0" not in value else "must be text in quotes"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _number(value: Any) -> str | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return None if fits else "must be a number"


def _whole(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if fits else "must be a whole number, 0 or more"


def _texts(value: Any) -> str | None:
    return (
        None
        if isinstance(value, list) and all(isinstance(v, str) for v in value)
        else "must be a list of texts"
    )


def _codes(value: Any) -> str | None:
    fits = isinstance(value, list) and all(isinstance(v, str | int | float) for v in value)
    return None if fits else 'must be a list such as [0, -9, "unknown"]'


def _labels(value: Any) -> str | None:
    fits = isinstance(value, Mapping) and all(isinstance(v, str) and v.strip() for v in value.values())
    return None if fits else 'must be a table of plain names such as { "1" = "low", "2" = "high" }'


TEXT, FLAG, NUMBER, WHOLE, TEXTS, CODES, LABELS = _text, _flag, _number, _whole, _texts, _codes, _labels
Rule = Callable[[Any], str | None]


def one_of(*allowed: str) -> Rule:
    """The value must be one of these words."""

    def rule(value: Any) -> str | None:
        if value in allowed and isinstance(value, str):
            return None
        hint = nearest(value, allowed) if isinstance(value, str) else ""
        return (
            "must be "
            + " or ".join(f'"{word}"' for word in allowed if word)
            + f", not {value!r}.{hint}".rstrip(".")
        )

    return rule


def read_fields(
    table: Mapping[str, Any], rules: Mapping[str, Rule], path: Path, problems: Problems
) -> dict[str, Any]:
    """The values that fit their rules; all others are reported."""
    fits: dict[str, Any] = {}
    for key, value in table.items():
        if key not in rules:
            problems.add((*path, key), f"unknown key {key!r}{_in(path)}.{nearest(key, rules)}")
            continue
        wrong = rules[key](value)
        if wrong:
            problems.add((*path, key), f"{key}{_in(path)} {wrong}.")
        else:
            fits[key] = value
    return fits


def need(
    fits: Mapping[str, Any], table: Mapping[str, Any], keys: Sequence[str], path: Path, problems: Problems
) -> None:
    """Report the keys that must be there and are not, or are empty."""
    for key in keys:
        if key not in table or fits.get(key) in ("", []):
            problems.add(path, f"{key}{_in(path)} is missing. Every task needs it.")


def _in(path: Path) -> str:
    return f" in [{'.'.join(path[:1])}{'.' + repr(path[1]) if len(path) > 1 else ''}]" if path else ""
