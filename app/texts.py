"""The app's sentences: all of them stand in the catalogs, under `app.`."""

from __future__ import annotations

from typing import Any

from interpretable.words import say


def t(code: str, lang: str, /, **params: Any) -> str:
    """The app's sentence of this code. It may hold values: give it to a widget through `html.md`."""
    return say(f"app.{code}", lang, **params)
