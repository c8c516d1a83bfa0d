"""Blocks of a report section on a page, one below the other."""

from __future__ import annotations

from collections.abc import Iterable

from interpretable_app.frame import draw_section
from interpretable_app.panels.chart import draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable.records.document import Block, Cell, Heading, Paragraph, Table


def draw_blocks(blocks: Iterable[Block], lang: str) -> None:
    """Headings, paragraphs and tables; pictures are drawn by the panels themselves."""
    for block in blocks:
        if isinstance(block, Heading):
            draw_section(block.text)
        elif isinstance(block, Paragraph):
            emit(tag("p", block.text))
        elif isinstance(block, Table):
            rows = [dict(zip(block.head, (_cell(c, lang) for c in row), strict=True)) for row in block.rows]
            draw_rows(rows, caption=block.caption or block.head[0])


def _cell(found: Cell, lang: str) -> str:
    if not found.quiet:
        return found.text
    return f"{found.text}（{found.quiet}）" if lang == "zh" else f"{found.text} ({found.quiet})"
