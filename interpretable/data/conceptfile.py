"""Concepts from TOML: tables [concepts."name"], in a file of their own or in the task file."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interpretable.data.fields import FLAG, NUMBER, TEXT, TEXTS, Problems, read_fields
from interpretable.data.listing import nearest
from interpretable.data.negation import NEGATION_1
from interpretable.data.places import key_lines
from interpretable.data.secrets import report_secrets
from interpretable.data.wordrule import words_of
from interpretable.errors import TaskError
from interpretable.records.concept import Concept
from interpretable.records.task import Task

MOST_CONCEPTS, MOST_PHRASES, MOST_WEIGHTS = 100, 200, 20
MOST_WORDS, MOST_CHARACTERS = 12, 120
MOST_BYTES = 1_000_000
_NAME = re.compile(r"\w[\w -]{0,59}")
_APPROVED = re.compile(r"\S.*,\s*(\d{4}-\d{2}-\d{2})")


def _weights(value: Any) -> str | None:
    fits = isinstance(value, Mapping) and all(NUMBER(v) is None for v in value.values())
    return None if fits else 'must be a table of numbers such as { "call now" = 2.1, "free" = 0.7 }'


CONCEPT_RULES = {
    **dict.fromkeys(
        ("column", "label", "label_zh", "approved", "training_rows", "adverse", "adverse_zh"), TEXT
    ),
    **dict.fromkeys(("phrases", "not"), TEXTS),
    **dict.fromkeys(("negation", "sensitive"), FLAG),
    **dict.fromkeys(("intercept", "threshold"), NUMBER),
    "weights": _weights,
}
FILE_RULES = {"labels": TEXT}


def read_concepts(path: Path) -> tuple[tuple[Concept, ...], str]:
    """The concepts of a file and the path of their hand labels, relative to it ("" where there are none).

    Raises
    ------
    TaskError : every problem with its line, as for a task file
    """
    text = _text(path).replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = (
            str(error).removesuffix(".") if isinstance(error, tomllib.TOMLDecodeError) else "nested too deep"
        )
        raise TaskError(f"{path.name} is not valid TOML: {said}.") from None
    problems = Problems(key_lines(text))
    report_secrets(raw, problems)
    top = read_fields({k: v for k, v in raw.items() if k != "concepts"}, FILE_RULES, (), problems)
    concepts = parse_concepts(raw.get("concepts", {}), problems)
    if problems.found:
        raise TaskError([f"{path.name}, {sentence}" for sentence in problems.sentences()])
    return concepts, top.get("labels", "")


def _text(path: Path) -> str:
    if not path.is_file():
        raise TaskError(f"There is no file {path.name!r} beside the task, which names it under concepts.")
    if path.stat().st_size > MOST_BYTES:
        raise TaskError(f"{path.name} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaskError(f"{path.name} is not UTF-8 text (byte {error.start + 1:,}).") from None


def parse_concepts(tables: Any, problems: Problems) -> tuple[Concept, ...]:
    """The concepts in these tables; what does not fit is reported."""
    if not isinstance(tables, Mapping):
        problems.add(("concepts",), 'concepts must be tables such as [concepts."asks to call"].')
        return ()
    if len(tables) > MOST_CONCEPTS:
        problems.add(("concepts",), f"{len(tables)} concepts are listed; at most {MOST_CONCEPTS} are read.")
        return ()
    made = []
    for name, table in tables.items():
        path = ("concepts", name)
        if not isinstance(table, Mapping):
            problems.add(path, f'concept {name!r} must be a table [concepts."{name}"].')
            continue
        made.append(_concept(name, read_fields(table, CONCEPT_RULES, path, problems)))
        _check(made[-1], path, problems)
    return tuple(made)


def _concept(name: str, fits: dict[str, Any]) -> Concept:
    fits = dict(fits)
    denied = NEGATION_1.version if fits.pop("negation", False) else ""
    texts = {"phrases": tuple(fits.pop("phrases", ())), "not_phrases": tuple(fits.pop("not", ()))}
    weights = tuple((phrase, float(weight)) for phrase, weight in fits.pop("weights", {}).items())
    numbers = {key: float(fits.pop(key)) for key in ("intercept", "threshold") if key in fits}
    return Concept(**{"column": "", **fits, **texts, **numbers}, name=name, weights=weights, negation=denied)


def _check(concept: Concept, path: tuple[str, ...], problems: Problems) -> None:
    named = f"concept {concept.name!r}"
    if not _NAME.fullmatch(concept.name) or concept.name != concept.name.strip():
        problems.add(
            path, f"{named}: a name has 1 to 60 letters, digits, blanks, _ or -, and begins with a letter."
        )
    if not concept.column.strip():
        problems.add(path, f'{named} needs column = "...", the text column that is asked.')
    _check_phrases(concept, path, problems)
    _check_head(concept, path, problems)
    if concept.approved and not _is_approval(concept.approved):
        problems.add(
            (*path, "approved"),
            f'approved of {named} must say who and when: approved = "A. Name, 2026-01-31".',
        )


def _check_phrases(concept: Concept, path: tuple[str, ...], problems: Problems) -> None:
    weighed = tuple(phrase for phrase, _ in concept.weights)
    for key, phrases in (("phrases", concept.phrases), ("not", concept.not_phrases), ("weights", weighed)):
        if len(phrases) > MOST_PHRASES:
            problems.add((*path, key), f"{key} of {concept.name!r} has {len(phrases)}, above {MOST_PHRASES}.")
        plain = [" ".join(words_of(phrase)) for phrase in phrases]
        for at, (phrase, words) in enumerate(zip(phrases, plain, strict=True), start=1):
            said = f"{key} of {concept.name!r}, number {at},"
            if not words:
                problems.add((*path, key), f"{said} has no letter or digit.")
            elif len(phrase) > MOST_CHARACTERS or len(words.split()) > MOST_WORDS:
                problems.add(
                    (*path, key), f"{said} is longer than {MOST_WORDS} words or {MOST_CHARACTERS} signs."
                )
            elif words in plain[: at - 1]:
                problems.add((*path, key), f"{said} is the same as an earlier one.")


def _check_head(concept: Concept, path: tuple[str, ...], problems: Problems) -> None:
    named = f"concept {concept.name!r}"
    if concept.phrases and concept.weights:
        problems.add(path, f"{named} has phrases and weights; keep one: a list, or a learned head.")
    if concept.approved and not (concept.phrases or concept.weights):
        problems.add(path, f"{named} is approved but has neither phrases nor weights.")
    if len(concept.weights) > MOST_WEIGHTS:
        problems.add((*path, "weights"), f"weights of {named}: {len(concept.weights)}, above {MOST_WEIGHTS}.")
    if not 0 < concept.threshold < 1:
        problems.add(
            (*path, "threshold"), f"threshold of {named} must lie between 0 and 1, not {concept.threshold:g}."
        )
    if any(abs(value) > 1000 for value in (concept.intercept, *(w for _, w in concept.weights))):
        problems.add(path, f"{named}: a weight or the intercept is beyond 1,000.")
    head = concept.intercept or concept.threshold != 0.5 or concept.training_rows
    if head and not concept.weights:
        problems.add(path, f"{named}: intercept, threshold and training_rows need weights.")


def _is_approval(text: str) -> bool:
    found = _APPROVED.fullmatch(text.strip())
    if not found:
        return False
    try:
        datetime.date.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def check_concepts(task: Task, problems: Problems) -> None:
    """What must hold between the concepts and the columns of a task; derived columns are not yet added."""
    texts = {c.name for c in task.columns if c.kind == "text" and not c.concept}
    taken = {c.name for c in task.columns} | {task.target, task.id, task.group, task.time}
    for concept in task.concepts:
        path = ("concepts", concept.name)
        if concept.column and concept.column not in texts:
            problems.add(
                path,
                f"concept {concept.name!r} asks column {concept.column!r}, which is not a text column of "
                f"the task.{nearest(concept.column, texts)}",
            )
        if concept.derived in taken:
            problems.add(
                path,
                f"concept {concept.name!r} would make a column {concept.derived!r}, which is there already. "
                "Give the concept another name.",
            )
        taken.add(concept.derived)
    if task.concept_labels and not task.concepts:
        problems.add(("concept_labels",), "concept_labels names hand labels, but the task has no concepts.")
