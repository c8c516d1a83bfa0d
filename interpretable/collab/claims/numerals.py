"""Numbers in a text: digits, words, Chinese numerals; alone, as a percentage, or of 100."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["", "in100", "percent"]

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SPELLED = re.compile(
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_SMALL[1:10])}))?|{'|'.join(_SMALL)})(?![a-z])"
)
_HUNDRED = r"(?:100|(?:a|one) hundred)(?!\w|[.,]\d|%)"
_DIGITS = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[+-]?\d+)?")
_IN_100 = re.compile(rf" ?(?:in|of|out of|per|/) ?(?:every )?{_HUNDRED}")
_PERCENT = re.compile(r" ?(?:%|percent(?![a-z])|per cent(?![a-z]))")
_OF_100 = re.compile(
    rf"(?:out of|of|among|in) (?:every )?{_HUNDRED}|每(?:100|一百|百)(?:例|人|名|位|个)?|100(?:例|人|名)中"
)
_ZH_PERCENT = re.compile(r"百分之")
_ZH_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH = re.compile(r"[零〇一二三四五六七八九十百两]+(?:点[零〇一二三四五六七八九]+)?")


@dataclass(frozen=True)
class Numeral:
    """A number as a text writes it."""

    value: float
    form: Form = ""


def numeral_at(text: str, place: int) -> tuple[int, Numeral] | None:
    """The number that starts here, and where it ends; None where none does."""
    before = text[place - 1] if place else ""
    if (before.isascii() and before.isalnum()) or (before == "." and place > 1 and text[place - 2].isdigit()):
        return None
    if percent := _ZH_PERCENT.match(text, place):
        found = _bare(text, percent.end())
        return None if found is None else (found[0], Numeral(found[1], "percent"))
    found = _bare(text, place)
    if found is None:
        return None
    end, value = found
    if of := _IN_100.match(text, end):
        return of.end(), Numeral(value, "in100")
    if percent := _PERCENT.match(text, end):
        return percent.end(), Numeral(value, "percent")
    return None if _goes_on(text, end) else (end, Numeral(value))


def _goes_on(text: str, end: int) -> bool:
    """Whether a word goes on after the number: '54years' is neither."""
    after = text[end : end + 1]
    return after.isascii() and after.isalnum() and text[end - 1].isascii()


def _bare(text: str, place: int) -> tuple[int, float] | None:
    if digits := _DIGITS.match(text, place):
        return digits.end(), float(digits.group().replace(",", ""))
    if spelled := _SPELLED.match(text, place):
        parts = re.split(r"[- ]", spelled.group())
        return spelled.end(), float(sum(_WORDS[part] for part in parts))
    if chinese := _ZH.match(text, place):
        value = _chinese(chinese.group())
        return None if value is None else (chinese.end(), value)
    return None


def _chinese(numeral: str) -> float | None:
    """The value of a Chinese numeral below 200; None where it is not a well-formed one."""
    whole, _, part = numeral.partition("点")
    hundreds, _, rest = whole.rpartition("百")
    tens, mark, ones = rest.rpartition("十")
    digits = [piece.lstrip("零〇") for piece in (hundreds, tens, ones)]
    if any(piece and piece not in _ZH_DIGITS for piece in digits):
        return None
    value = 100 * _digit(hundreds, 1) * ("百" in whole) + 10 * _digit(tens, 1) * bool(mark) + _digit(ones, 0)
    return value + (float("0." + "".join(str(_ZH_DIGITS[c]) for c in part)) if part else 0.0)


def _digit(piece: str, empty: int) -> int:
    piece = piece.lstrip("零〇")
    return _ZH_DIGITS[piece] if piece else empty


def of_hundred_at(text: str, place: int) -> int | None:
    """Where 'of 100' or 每100例 ends, if it starts here."""
    found = _OF_100.match(text, place)
    return found.end() if found else None


def number_in(shown: str, unit: str = "") -> float | None:
    """The number that a shown value is, its unit aside; None where it is anything else."""
    bare = shown.removesuffix(unit).strip()
    found = _DIGITS.fullmatch(bare)
    return float(bare.replace(",", "")) if found else None
