"""The formats a document can be written in; others enter by the entry points `interpretable.formats`."""

from __future__ import annotations

from collections.abc import Callable

from interpretable.records.document import Document
from interpretable.registry import Registry

FORMATS: Registry[Callable[[Document], bytes]] = Registry("formats")
