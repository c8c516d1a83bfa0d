"""Passages of the institution's own guidelines, found by words: read from a folder, not kept in a study.

A passage is one paragraph under its headings. Finding is by words alone: nobody judged whether a passage fits
the case, and no passage enters a model.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from interpretable import words
from interpretable.collab.bm25 import WordIndex
from interpretable.errors import LLMError, UserError
from interpretable.records.explanation import Reason
from interpretable.records.task import Column, Task

ENVIRONMENT = "INTERPRETABLE_GUIDELINES"
SUFFIXES = (".md", ".txt")
MOST_FILES, MOST_BYTES = 500, 5_000_000
LONGEST = 1200  # characters of a passage; a longer paragraph is cut into several
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A paragraph and where it stands."""

    file: str  # path inside the folder
    heading: str  # headings above it, outermost first, joined by ' › '; "" where there is none
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A passage that holds words of the question."""

    passage: Passage
    score: float
    words: tuple[str, ...]  # the words it was found by, the rarest first


@dataclass(frozen=True)
class Guidelines:
    """The passages of a folder, ready to be searched.

    files : path inside the folder -> SHA-256 of the file
    """

    passages: tuple[Passage, ...]
    files: dict[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 over names and hashes of all files: tells whether anything changed."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex([f"{p.heading} {p.text}" for p in self.passages])

    def search(self, question: str, most: int = 3) -> tuple[Found, ...]:
        """The passages that hold words of the question, the best first; none where no word is held."""
        return tuple(
            Found(passage=self.passages[place], score=score, words=held)
            for place, score, held in self._index.search(question, most)
        )


def find_folder(task: Task, study: Path) -> Path | None:
    """Where the guidelines lie: the folder of the environment, or of the task; beside the study, or here.

    None where neither names one.

    Raises
    ------
    UserError : a folder is named and is not there
    """
    named = os.environ.get(ENVIRONMENT, "").strip() or task.guidelines
    if not named:
        return None
    places = [study.resolve().parent / named, Path(named)]  # an absolute name stays itself
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise UserError(
            f"The folder of guidelines {Path(named).name!r} was not found, beside the study or here. "
            f"Put it there, or name it in {ENVIRONMENT}."
        )
    return found


def read_guidelines(folder: Path) -> Guidelines:
    """All Markdown and plain text files of a folder and its folders, in order of name.

    Hidden files and links that lead out of the folder are left out.

    Raises
    ------
    UserError : too many or too large files, or one that is not UTF-8 text; all problems at once
    """
    root, problems = folder.resolve(), []
    passages: list[Passage] = []
    files: dict[str, str] = {}
    for path in _files(root):
        name, raw = path.relative_to(root).as_posix(), path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            problems.append(f"Guideline {name!r} is not UTF-8 text. Save it as UTF-8.")
            continue
        if len(raw) > MOST_BYTES:
            problems.append(
                f"Guideline {name!r} has {len(raw):,} bytes; {MOST_BYTES:,} are the most. Split it."
            )
        files[name] = hashlib.sha256(raw).hexdigest()
        passages += _passages(name, text, marked=path.suffix == ".md")
    if len(files) > MOST_FILES:
        problems.append(f"There are {len(files):,} guideline files; {MOST_FILES} are the most.")
    if problems:
        raise UserError(problems)
    return Guidelines(tuple(passages), files)


def _files(root: Path) -> list[Path]:
    found = []
    for path in sorted(root.rglob("*")):
        inside = path.resolve().is_relative_to(root)
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if path.suffix.lower() in SUFFIXES and path.is_file() and inside and not hidden:
            found.append(path)
    return found


def _passages(name: str, text: str, *, marked: bool) -> Iterator[Passage]:
    """Paragraphs under their headings."""
    above: dict[int, str] = {}
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        heading = _HEADING.match(line) if marked else None
        if line.strip() and not heading and not _RULE.match(line):
            lines.append(line)
            continue
        said = words.clean(" ".join(lines))
        path = " › ".join(words.clean(above[level]) for level in sorted(above))
        yield from (Passage(file=name, heading=path, text=part) for part in _cut(said))
        lines = []
        if heading:
            level = len(heading[1])
            above = {depth: title for depth, title in above.items() if depth < level} | {level: heading[2]}


def _cut(text: str) -> Iterator[str]:
    """A long paragraph in parts, cut where a sentence ends."""
    while len(text) > LONGEST:
        end = max(text.rfind(mark, LONGEST // 2, LONGEST) for mark in (". ", "。", "；", "; "))
        end = end + 1 if end > 0 else LONGEST
        yield text[:end].strip()
        text = text[end:]
    if text.strip():
        yield text.strip()


def for_reasons(
    found: Guidelines, reasons: Sequence[Reason], task: Task, *, lang: str, most: int = 3
) -> tuple[Found, ...]:
    """Passages that name what the first reasons of a case are about: columns, and levels in plain words.

    Numbers and free texts are not looked for.
    """
    asked = []
    for reason in reasons:
        column = words.find_column(reason.feature, task)
        asked += [words.label(column, task, lang), column.label, column.label_zh]
        if column.kind in ("category", "ordinal") and isinstance(reason.value, str):
            asked.append(words.value(reason.value, column, lang))
    return found.search("\n".join(asked), most)


def for_row(
    found: Guidelines, values: Mapping[str, Any], columns: Sequence[Column], *, most: int = 2
) -> tuple[Found, ...]:
    """Passages found by a row's levels, with the names of their columns, and its texts; not by numbers."""
    asked = []
    for column in columns:
        value = values.get(column.name)
        if column.kind != "number" and isinstance(value, str):
            asked += [value] if column.kind == "text" else [column.label or column.name, value]
    return found.search("\n".join(asked), most)


def may_leave(task: Task) -> bool:
    """Whether the task lets passages of its guidelines leave the machine."""
    return task.llm is not None and task.llm.guidelines


def for_prompt(found: Sequence[Found], task: Task, *, leaves: bool) -> str:
    """Passages with their sources, to stand before a row; "" where there are none.

    leaves : the prompt goes to another machine

    Raises
    ------
    LLMError : it does, and the task does not allow it (`.code` guidelines_not_allowed)
    """
    if leaves and not may_leave(task):
        raise LLMError(
            "Passages of guidelines would leave this machine. Allow it in the task file: "
            "[llm] guidelines = true.",
            code="guidelines_not_allowed",
        )
    passages = (f"{one.passage.file}, {one.passage.heading}: {one.passage.text}" for one in found)
    said = "\n".join(passages)
    return f"From our own guidelines:\n{said}\n\nThe case:\n" if said else ""
