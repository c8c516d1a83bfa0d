"""Numbers, lists and chances as a person writes them: the same digits in every place and language."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import Any

_JOINERS = {"en": (", ", " and "), "zh": ("、", "和")}
_IN100 = {
    "en": ("{n} in 100", "fewer than 1 in 100", "more than 99 in 100"),
    "zh": ("每100例中{n}例", "每100例中不到1例", "每100例中超过99例"),
}


def clean(value: Any) -> str:
    """Text without control and direction-changing characters, which could make a sentence read otherwise.

    >>> clean("abc\\u202edef")
    'abcdef'
    """
    text = " ".join(str(value).split()) if isinstance(value, str) else str(value)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


UNREADABLE = 1e12  # from here on nobody counts the digits


def number(value: float) -> str:
    """A number with at most four significant digits, and thousands commas from 10,000 on (1971 stays a year).

    >>> number(3.9000001), number(12345.6), number(1971.0), number(0.00031)
    ('3.9', '12,346', '1971', '0.00031')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == int(value) and abs(value) < 1e15:
        return _grouped(f"{int(value)}")
    if abs(value) >= 1000:
        return _grouped(f"{value:.0f}") if abs(value) < 1e15 else f"{value:.3g}"
    text = f"{value:.4g}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def size(value: float) -> str:
    """An estimated amount with three significant digits, so that amounts beside each other look alike.

    >>> size(7.1), size(7.0512), size(101.26), size(23456.7)
    ('7.10', '7.05', '101', '23,457')
    """
    if not math.isfinite(value) or abs(value) >= 100:
        return number(float(round(value))) if math.isfinite(value) else number(value)
    digits = 2 - math.floor(math.log10(abs(value))) if value else 2
    return fixed(value, max(0, min(digits, 8)))


def _grouped(digits: str) -> str:
    sign, body = ("−", digits[1:]) if digits.startswith("-") else ("", digits)
    return sign + (f"{int(body):,}" if len(body) >= 5 else body)


def fixed(value: float | None, digits: int = 3) -> str:
    """A figure with fixed decimals, for tables; an en dash where there is none.

    >>> fixed(0.91204), fixed(None), fixed(8.3054063e23)
    ('0.912', '–', '8.305e+23')
    """
    if value is None or not math.isfinite(value):
        return "–"
    if abs(value) >= UNREADABLE:
        return f"{value:.4g}".replace("-", "−", 1)
    rounded = f"{value:.{digits}f}"
    return rounded.replace("-", "−", 1) if float(rounded) != 0 else rounded.lstrip("-")


def percent(share: float, lang: str = "en") -> str:
    """A share as a percentage: '12 %' or, below 10 %, with one decimal."""
    digits = 1 if 0 < abs(share) < 0.1 and round(share * 1000) % 10 else 0
    return f"{share * 100:.{digits}f}" + (" %" if lang == "en" else "%")


def hundredth(p: float) -> int:
    """How many of 100, rounded half up."""
    return math.floor(p * 100 + 0.5)


def chance(p: float, lang: str = "en") -> str:
    """A probability as a natural frequency with one denominator everywhere.

    >>> chance(0.118), chance(0.004), chance(0.997)
    ('12 in 100', 'fewer than 1 in 100', 'more than 99 in 100')
    """
    plain, below, above = _IN100[lang]
    if p < 0.01:
        return below
    return above if p > 0.99 else plain.format(n=hundredth(p))


def counts(p: float, lang: str = "en") -> str:
    """The bare number of a chance, for places where 'in 100' has been said: '12', 'fewer than 1'.

    >>> counts(0.118), counts(0.004)
    ('12', 'fewer than 1')
    """
    words = {"en": ("fewer than 1", "more than 99"), "zh": ("不到1", "超过99")}[lang]
    if p < 0.01:
        return words[0]
    return words[1] if p > 0.99 else str(hundredth(p))


def plural(count: Any, one: str, many: str) -> str:
    """'1 row', '1,200 rows'."""
    return f"{number(count)} {one if count == 1 else many}"


def join(items: Any, lang: str = "en") -> str:
    """A list as a phrase: 'a, b and c'."""
    if isinstance(items, str) or not isinstance(items, Iterable):
        items = [items]
    parts = [number(i) if isinstance(i, (int, float)) else clean(i) for i in items]
    comma, last = _JOINERS[lang]
    if len(parts) < 2:
        return "".join(parts)
    return comma.join(parts[:-1]) + last + parts[-1]
