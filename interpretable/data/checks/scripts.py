"""How texts are written: in another script, spoilt by a wrong encoding, with hidden characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from interpretable.data.checks.base import CHECKS
from interpretable.data.textblocks import blocks, code_points
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_RANGES = (  # first, last, script: what matters for telling languages apart, after Unicode's Scripts.txt
    (0x41, 0x24F, "latin"), (0x370, 0x3FF, "greek"), (0x400, 0x52F, "cyrillic"),
    (0x590, 0x5FF, "hebrew"), (0x600, 0x6FF, "arabic"), (0x750, 0x77F, "arabic"),
    (0x8A0, 0x8FF, "arabic"), (0x900, 0xDFF, "indic"), (0xE00, 0xEFF, "thai_lao"),
    (0x1100, 0x11FF, "hangul"), (0x1E00, 0x1EFF, "latin"), (0x1F00, 0x1FFF, "greek"),
    (0x3040, 0x30FF, "han"), (0x3400, 0x9FFF, "han"), (0xAC00, 0xD7AF, "hangul"),
    (0xF900, 0xFAFF, "han"), (0x20000, 0x323AF, "han"),
)  # fmt: skip
SCRIPTS = tuple(dict.fromkeys(script for *_, script in _RANGES))
_LATIN = np.array([chr(point).isalpha() for point in range(0xC1)])  # the first range holds signs too
_FEWEST_LETTERS = 10  # of a text, to say which script it is in
_SOME = 0.005  # share of texts in another script that is worth a word
# UTF-8 read as Windows-1252: a lead byte as Â, Ã or â, then a byte that is no letter there.
_SPOILT = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|\u00e2\u20ac|锟斤拷|烫烫烫|\ufffd"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


@CHECKS.add("scripts")
def check_scripts(dataset: Dataset) -> Iterator[Finding]:
    """Texts in another script, characters spoilt by a wrong encoding, and characters that are not drawn."""
    for column in dataset.task.text_columns:
        texts = dataset.frame[column.name].tolist()
        yield from _mixed(column.name, texts)
        if rows := _rows_with(texts, _SPOILT):
            yield _finding("spoilt_characters", column.name, count=rows, rows=len(texts))
        if rows := _rows_with(texts, _INVISIBLE):
            yield _finding("hidden_characters", column.name, count=rows, rows=len(texts))


def _finding(code: str, name: str, **parameters: object) -> Finding:
    return Finding(code=code, severity="look", subject=name, parameters=parameters)


def _rows_with(texts: Sequence[str | None], pattern: re.Pattern[str]) -> int:
    """Texts in which the pattern is found."""
    rows = 0
    for block in blocks(texts):
        at = np.array([match.start() for match in pattern.finditer(block.joined)], dtype=np.int64)
        rows += len(np.unique(block.row_of(at)))
    return rows


def _mixed(name: str, texts: Sequence[str | None]) -> Iterator[Finding]:
    letters = letters_by_script(texts)
    told = letters.sum(axis=1) >= _FEWEST_LETTERS
    if not told.any():
        return
    main = np.bincount(letters[told].argmax(axis=1), minlength=len(SCRIPTS))
    usual = int(main.argmax())
    others = int(told.sum() - main[usual])
    if others and others >= _SOME * told.sum():
        second = int(np.argsort(-main, kind="stable")[1])
        yield _finding(
            "mixed_scripts", name, count=others, rows=int(told.sum()), rate=others / int(told.sum()),
            script=SCRIPTS[usual], other=SCRIPTS[second],
        )  # fmt: skip


def letters_by_script(texts: Sequence[str | None]) -> np.ndarray:
    """int64 (n, scripts): letters of each text in each of SCRIPTS."""
    firsts = np.array([first for first, _, _ in _RANGES])
    lasts = np.array([last for _, last, _ in _RANGES])
    number = np.array([SCRIPTS.index(script) for *_, script in _RANGES])
    found = [np.zeros((0, len(SCRIPTS)), dtype=np.int64)]
    for block in blocks(texts):
        points = code_points(block.joined).astype(np.int64)
        at = np.searchsorted(firsts, points, side="right") - 1
        script = np.where((at >= 0) & (points <= lasts[at]), number[at], -1)
        script[(points < 0xC0) & ~_LATIN[np.minimum(points, 0xC0)]] = -1
        found.append(np.stack([block.counts(script == k) for k in range(len(SCRIPTS))], axis=1))
    return np.concatenate(found)
