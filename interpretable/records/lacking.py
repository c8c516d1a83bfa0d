"""What a reader might look for and will not find, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NotComputed:
    what: str
    reason: str  # code worded in words/
    parameters: dict[str, Any] = field(default_factory=dict)
