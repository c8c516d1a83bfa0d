"""Records to JSON and back. NaN and infinities become null: JSON has no word for them."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import numpy as np

T = TypeVar("T")


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a record must not hold {type(value).__name__}")


def to_plain(record: Any) -> Any:
    """Nested dicts, lists, strings and numbers."""
    return msgspec.json.decode(to_json(record))


def to_json(record: Any, *, indent: int = 0) -> bytes:
    """UTF-8 JSON with keys in the order of the record's fields."""
    raw = msgspec.json.encode(record, enc_hook=_plain)
    return msgspec.json.format(raw, indent=indent) if indent else raw


def canonical(record: Any) -> bytes:
    """The one JSON text of a record: sorted keys, no spaces. Hash this."""
    return msgspec.json.encode(to_plain(record), order="sorted")


def from_json(text: bytes | str, kind: type[T]) -> T:
    """The record in this text; msgspec.ValidationError names the path of what does not fit."""
    return msgspec.json.decode(text, type=kind)


def from_plain(data: Any, kind: type[T]) -> T:
    return msgspec.convert(data, type=kind)
