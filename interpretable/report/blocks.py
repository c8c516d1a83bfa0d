"""Small ways to make blocks from evidence: cells of figures, tables, pictures with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interpretable import figures, words
from interpretable.records.document import Cell, Picture, Table
from interpretable.records.evaluation import Figure


def cell(content: Any, *, quiet: str = "") -> Cell:
    """A cell of text; numbers are tidied, None becomes an en dash."""
    if isinstance(content, Cell):
        return content
    if content is None:
        return Cell(text="–")
    text = words.number(content) if isinstance(content, (int, float)) else words.clean(content)
    return Cell(text=text, quiet=quiet)


def figure_cell(found: Figure | None, lang: str, *, source: str = "", digits: int = 3) -> Cell:
    """A figure with its interval beneath, or why there is none."""
    if found is None:
        return Cell(text="–")
    if found.value is None:
        return Cell(text="–", quiet=words.missing_figure(found.reason, lang))
    interval = ""
    if found.low is not None and found.high is not None:
        low, high = words.fixed(found.low, digits), words.fixed(found.high, digits)
        interval = words.say("draw.range", lang, low=low, high=high)
    return Cell(text=words.fixed(found.value, digits), quiet=interval, figure=source)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], **options: Any) -> Table:
    """A table of anything that fits in cells."""
    return Table(head=tuple(head), rows=tuple(tuple(cell(c) for c in row) for row in rows), **options)


def twin(rows: Sequence[dict[str, str]], caption: str = "") -> Table | None:
    """The numbers of a picture as a folded table; None where there are none."""
    if not rows:
        return None
    head = tuple(dict.fromkeys(key for row in rows for key in row))
    cells = [[row.get(key) for key in head] for row in rows]
    return table(head, cells, caption=caption, folded=True, numeric=tuple(range(1, len(head))))


def picture(chart: Any, alt: str, rows: Sequence[dict[str, str]], *, caption: str = "") -> Picture:
    """A chart as SVG with its text and its numbers."""
    return Picture(svg=figures.svg(chart), alt=alt, caption=caption, table=twin(rows, caption))


def size(count: int, lang: str) -> str:
    """Bytes as a person reads them; an en dash where they are not known."""
    if not count:
        return "–"
    if count < 1e6:
        return words.say("report.performance.size_small", lang, kb=max(1, round(count / 1e3)))
    return words.say("report.performance.size_text", lang, mb=round(count / 1e6, 1))
