"""A document before any format: sections of blocks, plain text inside. Formats escape and lay out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a table: the text, something quieter beside it, and where the figure comes from."""

    text: str
    quiet: str = ""
    figure: str = ""  # "model.metric" of evidence.json, so that a reader can be checked against it


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: str
    style: Literal["", "lead", "quiet", "code"] = ""


@dataclass(frozen=True, kw_only=True)
class Heading:
    text: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that must not be overlooked."""

    text: str
    title: str = ""
    level: Literal["info", "warn", "stop"] = "warn"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells. `numeric` columns are set flush right; a `folded` table is shown on demand."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    numeric: tuple[int, ...] = ()
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Names and values, one pair a line."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawing, what it shows in words, and its numbers."""

    svg: str
    alt: str
    caption: str = ""
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class ReasonLine:
    sentence: str
    direction: Literal["raises", "lowers", "same"]
    size: int  # length of its bar, 0..100


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Reasons in words, in order; the bars are decoration."""

    lines: tuple[ReasonLine, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stretch of a text, and how much of the score it carries."""

    text: str
    direction: Literal["", "raises", "lowers"] = ""
    level: int = 0  # 0: not marked; 1..3: thickness of its line
    last: bool = False  # the last run of a word: its sign follows


@dataclass(frozen=True, kw_only=True)
class MarkedText:
    """A text with the words that carry its score underlined: thickness and a sign, never colour alone."""

    runs: tuple[Run, ...]
    raises: str  # what the signs mean, in words
    lowers: str


Block = Paragraph | Heading | Notice | Table | Facts | Listing | Picture | Reasons | MarkedText


@dataclass(frozen=True, kw_only=True)
class Section:
    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One figure of the cover."""

    name: str
    value: str
    interval: str
    meaning: str
    figure: str  # "model.metric" of evidence.json


@dataclass(frozen=True, kw_only=True)
class Cover:
    status: str
    facts: tuple[tuple[str, str], ...]
    headline_title: str
    headlines: tuple[Headline, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Document:
    lang: str
    title: str
    subtitle: str
    contents_title: str
    cover: Cover
    sections: tuple[Section, ...]
    footer: str
    closing: tuple[str, ...] = ()
    numbers_title: str = ""  # what a folded table is opened with
