"""A Task as TOML text, with comments for the person who goes on with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from interpretable.records.concept import Concept
from interpretable.records.task import Column, LLMConsent, Plan, Task

Path = tuple[str, ...]


def task_text(task: Task, comments: Mapping[Path, str] | None = None) -> str:
    """TOML text that `read_task` reads back as the same task.

    Parameters
    ----------
    task : any task
    comments : text by key path, for example {("positive",): "...", ("columns", "age"): "..."}; () stands
        on top

    Examples
    --------
    >>> column = Column(name="age", kind="number", unit="years")
    >>> task = Task(name="t", kind="regression", target="y", columns=(column,))
    >>> print(task_text(task))
    name = "t"
    kind = "regression"
    target = "y"
    <BLANKLINE>
    [columns."age"]
    kind = "number"
    unit = "years"
    <BLANKLINE>
    """
    comments = comments or {}
    lines = [*_comment(comments.get((), ""))]
    lines += _fields(task, (), comments, skip=("columns", "llm", "plan", "concepts"))
    for column in task.columns:
        if column.concept:
            continue
        path = ("columns", column.name)
        lines += ["", *_comment(comments.get(path, "")), f"[columns.{quoted(column.name)}]"]
        lines += _fields(column, path, comments, skip=("name",))
    if task.plan != Plan():
        lines += ["", *_comment(comments.get(("plan",), "")), "[plan]"]
        lines += _fields(task.plan, ("plan",), comments, skip=())
    if task.llm is not None:
        lines += [
            "",
            *_comment(comments.get(("llm",), "")),
            "[llm]",
            *_fields(task.llm, ("llm",), comments, skip=()),
        ]
    for concept in task.concepts:
        lines += ["", *concept_lines(concept)]
    return "\n".join(lines) + "\n"


def concept_lines(concept: Concept) -> Iterator[str]:
    """A table [concepts."name"] that reads back as the same concept; `approved` stands there if empty too."""
    yield f"[concepts.{quoted(concept.name)}]"
    for field in fields(concept):
        value = getattr(concept, field.name)
        if field.name == "name" or (value == field.default and field.name != "approved"):
            continue
        name = "not" if field.name == "not_phrases" else field.name
        yield f"{name} = {_value(bool(value) if name == 'negation' else value)}"


def _fields(
    record: Task | Column | LLMConsent | Plan, path: Path, comments: Mapping[Path, str], *, skip: Path
) -> Iterator[str]:
    for field in fields(record):
        value = getattr(record, field.name)
        comment = comments.get((*path, field.name), "")
        if field.name in skip or (value == field.default and not (comment and isinstance(value, str))):
            continue
        yield from _comment(comment)
        yield f"{field.name} = {_value(value)}"


def _comment(text: str) -> list[str]:
    return [f"# {_one_line(line)}".rstrip() for line in text.split("\n")] if text else []


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return f"{{ {', '.join(f'{quoted(key)} = {_value(label)}' for key, label in value)} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(float(value)) if isinstance(value, float) else repr(value)


def quoted(text: str) -> str:
    """A basic TOML string: JSON's escapes, and DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
