"""Short lists in error messages: the first few, and how many more."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


def first_few(items: Sequence[str], *, show: int = 5) -> str:
    """ "a, b, c and 4 more"."""
    text = ", ".join(items[:show])
    return f"{text} and {len(items) - show} more" if len(items) > show else text


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the nearest known name, or nothing."""
    known = list(known)
    folded = {other.casefold(): other for other in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f" Did you mean {folded[close[0]]!r}?" if close else ""
