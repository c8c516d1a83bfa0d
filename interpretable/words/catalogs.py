"""The catalogs: every sentence of the house, by code and language.

A language is the merger of all files `<language>.toml` and `<anything>_<language>.toml` beside this one.
Tables are flattened, so `[case.spread] refits = "..."` has the code `case.spread.refits`.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from interpretable.errors import BrokenPromise, UserError
from interpretable.words.numbers import chance, clean, join, number, percent, plural

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).parent


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@cache
def catalog(lang: str = "en") -> Mapping[str, str]:
    """Code to sentence of one language. A code that stands in two files breaks the promise of one home."""
    if lang not in LANGUAGES:
        raise UserError(f"There is no language {lang!r}. Known: {', '.join(LANGUAGES)}.")
    merged: dict[str, str] = {}
    for path in sorted([_FOLDER / f"{lang}.toml", *_FOLDER.glob(f"*_{lang}.toml")]):
        for code, text in _flat(tomllib.loads(path.read_text(encoding="utf-8"))):
            if code in merged:
                raise BrokenPromise(f"The sentence {code!r} stands twice; the second is in {path.name}.")
            merged[code] = text
    return merged


def has(code: str, lang: str = "en") -> bool:
    """Whether this language has a sentence for the code."""
    return code in catalog(lang)


def codes(prefix: str = "", lang: str = "en") -> tuple[str, ...]:
    """All codes that start with `prefix`, in catalog order."""
    return tuple(code for code in catalog(lang) if code.startswith(prefix))


class _Filler(string.Formatter):
    """Fills placeholders. `{n:#row|rows}` counts, `{p:in100}` is a chance, `{p:pct}`, `{names:list}`."""

    def __init__(self, lang: str):
        self.lang = lang

    def format_field(self, value: Any, spec: str) -> str:
        if spec.startswith("#"):
            return plural(value, *spec[1:].split("|"))
        if spec == "in100":
            return chance(value, self.lang)
        if spec == "pct":
            return percent(value, self.lang)
        if spec:
            return join(value, self.lang)
        return self._plain(value)

    def _plain(self, value: Any) -> str:
        if value is None:
            return self.fill("value.not_known", {})
        if isinstance(value, bool):
            return self.fill(f"value.{'yes' if value else 'no'}", {})
        if isinstance(value, (int, float)):
            return number(value)
        if isinstance(value, (list, tuple, set, frozenset)):
            return join(value, self.lang)
        return clean(value)

    def fill(self, code: str, params: Mapping[str, Any]) -> str:
        text = catalog(self.lang).get(code)
        if text is None:
            raise BrokenPromise(f"No sentence {code!r} in language {self.lang!r}.")
        try:
            return self.vformat(text, (), params)
        except KeyError as lacking:
            raise BrokenPromise(
                f"The sentence {code!r} needs {lacking}, but got: {', '.join(sorted(params)) or 'nothing'}."
            ) from lacking

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        # Names only: `{a.b}` and `{a[0]}` would let a catalog reach into objects.
        return self.get_value(field_name, args, kwargs), field_name


def fill(code: str, lang: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code with its placeholders filled from a mapping."""
    return _Filler(lang).fill(code, params)


def say(code: str, lang: str = "en", /, **params: Any) -> str:
    """The sentence of a code, filled.

    Raises
    ------
    BrokenPromise
        If the code or one of its placeholders is unknown: a bug, found by the tests of this room.

    Examples
    --------
    >>> say("value.not_known", "en")
    'not known'
    """
    return fill(code, params.pop("lang", lang), params)
