"""The one plug-in mechanism: built-ins and outsiders stand in the same dict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from interpretable.errors import UserError

Item = TypeVar("Item")


class Registry(Generic[Item]):
    """Names to items. Outsiders add theirs under the entry-point group `interpretable.<kind>`."""

    def __init__(self, kind: str):
        self.kind = kind
        self._items: dict[str, Item] = {}
        self._outsiders_read = False

    def add(self, name: str) -> Callable[[Item], Item]:
        def keep(item: Item) -> Item:
            self._items[name] = item
            return item

        return keep

    def _read_outsiders(self) -> None:
        if not self._outsiders_read:
            self._outsiders_read = True
            for entry in entry_points(group=f"interpretable.{self.kind}"):
                self._items.setdefault(entry.name, entry.load())

    def __getitem__(self, name: str) -> Item:
        self._read_outsiders()
        if name not in self._items:
            raise UserError(f"{name!r} is not among the {self.kind}. Known: {', '.join(self)}.")
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        self._read_outsiders()
        return iter(self._items)
