"""task.toml to Task and back: strict, and all problems at once with their lines."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interpretable.data.conceptfile import check_concepts, parse_concepts, read_concepts
from interpretable.data.concepts import with_concepts
from interpretable.data.fields import (
    CODES,
    FLAG,
    LABELS,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    Problems,
    need,
    one_of,
    read_fields,
)
from interpretable.data.parse import as_text
from interpretable.data.places import key_lines
from interpretable.data.secrets import report_secrets
from interpretable.data.taskrules import check_task
from interpretable.data.tasktext import task_text as task_text
from interpretable.errors import TaskError
from interpretable.records.task import Column, LLMConsent, Plan, Task

TASK_TEXTS = (
    *(
        "name",
        "target",
        "data",
        "positive",
        "id",
        "group",
        "time",
        "title",
        "intended_use",
        "decision",
        "horizon",
    ),
    *("users", "out_of_scope", "subject", "subject_plural", "subject_zh", "outcome", "outcome_zh"),
    *(
        "title_zh",
        "horizon_zh",
        "out_of_scope_zh",
        "target_label",
        "target_label_zh",
        "target_unit",
        "guidelines",
    ),
    "concept_labels",
)
TASK_RULES = {
    "kind": one_of("binary", "multiclass", "regression"),
    "missing_target": one_of("refuse", "drop"),
    "threshold": NUMBER,
    "harm_ratio": NUMBER,
    **dict.fromkeys(TASK_TEXTS, TEXT),
    **dict.fromkeys(("class_labels", "class_labels_zh"), LABELS),
}
COLUMN_RULES = {
    "kind": one_of("number", "category", "ordinal", "boolean", "text"),
    **dict.fromkeys(("expected", "change_direction"), one_of("", "up", "down")),
    **dict.fromkeys(("change_low", "change_high", "change_step", "change_cost"), NUMBER),
    "missing_codes": CODES,
    "levels": CODES,
    **dict.fromkeys(("level_labels", "level_labels_zh"), LABELS),
    **dict.fromkeys(("label", "label_zh", "unit", "exclude_reason", "adverse", "adverse_zh"), TEXT),
    "embedding": TEXT,
    "segmenter": one_of("", "rjieba"),
    **dict.fromkeys(("changeable", "sensitive", "exclude", "enforce", "negation"), FLAG),
}
LLM_RULES = {
    **dict.fromkeys(("endpoint", "model", "purpose", "currency"), TEXT),
    "columns": TEXTS,
    **dict.fromkeys(("price_in", "price_out", "budget"), NUMBER),
    **dict.fromkeys(("most_calls", "concurrency"), WHOLE),
    "guidelines": FLAG,
}

PLAN_RULES = {
    "level": one_of("quick", "standard", "audit"),
    "models": TEXTS,
    **dict.fromkeys(("distil", "out_of_scope_data"), TEXT),
    **dict.fromkeys(("average", "error_by_answer"), FLAG),
    **dict.fromkeys(("margin", "max_error", "error_delta", "max_false_omission"), NUMBER),
    **dict.fromkeys(("tune", "scorecard_terms"), WHOLE),
}


def read_task(path: str | Path) -> Task:
    """Read and check a task file.

    Parameters
    ----------
    path : a TOML file: the fields of Task on top, a table [columns."name"] per column, [plan] for how models
        are made, [llm] where rows may be sent, concepts = "FILE.toml" (or tables [concepts."name"]) for
        questions to its texts

    Raises
    ------
    TaskError
        Listing every problem with its line: unknown keys and nearest known ones, wrong types and words,
        columns with two roles, a missing positive label, a threshold outside 0..1, an incomplete [llm], a
        key or password.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TaskError(f"There is no task file {str(path)!r}. `interpretable init` drafts one.") from None
    except IsADirectoryError:
        raise TaskError(f"{str(path)!r} is a folder. Name the task file in it.") from None
    except UnicodeDecodeError as error:
        raise TaskError(f"The task file is not UTF-8 text (byte {error.start + 1:,}).") from None
    return parse_task(text, beside=Path(path).parent)


def parse_task(text: str, *, beside: Path | None = None) -> Task:
    """The task in this TOML text; see `read_task`. `beside` is the folder of the file of concepts."""
    text = text.replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TaskError(f"The task file is not valid TOML: {_without_excerpt(error)}.") from None
    problems = Problems(key_lines(text))
    report_secrets(raw, problems)
    task = _task(raw, problems, beside)
    if problems.found:
        raise TaskError(problems.sentences())
    return task


def _without_excerpt(error: tomllib.TOMLDecodeError) -> str:
    return str(error).removesuffix(".")


def _task(raw: dict[str, Any], problems: Problems, beside: Path | None) -> Task:
    top = {key: value for key, value in raw.items() if key not in ("columns", "llm", "plan", "concepts")}
    fits = read_fields(top, TASK_RULES, (), problems)
    need(fits, top, ("name", "kind", "target"), (), problems)
    _pair_up(fits, "class_labels")
    columns = tuple(_columns(raw.get("columns", {}), problems))
    llm = _llm(raw["llm"], problems) if "llm" in raw else None
    fits.setdefault("name", "")
    fits.setdefault("kind", "binary" if "positive" in fits else "multiclass")
    fits.setdefault("target", "")
    fits |= _concepts(raw, problems, beside)
    task = Task(**fits, columns=columns, llm=llm, plan=_plan(raw.get("plan", {}), problems))
    check_concepts(task, problems)
    task = with_concepts(task)
    check_task(task, problems)
    return task


def _concepts(raw: dict[str, Any], problems: Problems, beside: Path | None) -> dict[str, Any]:
    """Concepts and the path of their hand labels: tables of the task itself, or of the file it names."""
    named = raw.get("concepts", {})
    if not isinstance(named, str):
        return {"concepts": parse_concepts(named, problems)}
    if "concept_labels" in raw:
        problems.add(("concept_labels",), "concept_labels goes into the file of concepts, as labels.")
    if not named.strip() or "://" in named or "\0" in named:
        problems.add(
            ("concepts",), "concepts must be the path of a file on this machine, such as concepts.toml."
        )
    elif beside is None:
        problems.add(("concepts",), "concepts names a file, but this text has no folder to look in.")
    else:
        try:
            concepts, labels = read_concepts(beside / named)
        except TaskError as error:
            for sentence in error.problems:
                problems.add(("concepts",), sentence)
            return {}
        place = (Path(named).parent / labels).as_posix() if labels else ""
        return {"concepts": concepts, "concept_labels": place}
    return {}


def _columns(tables: Any, problems: Problems) -> list[Column]:
    if not isinstance(tables, Mapping):
        problems.add(("columns",), 'columns must be tables such as [columns."age"].')
        return []
    columns = []
    for name, table in tables.items():
        path = ("columns", name)
        if not isinstance(table, Mapping):
            problems.add(
                path, f'column {name!r} must be a table [columns."{name}"] with at least kind = "...".'
            )
            continue
        fits = read_fields(table, COLUMN_RULES, path, problems)
        need(fits, table, ("kind",), path, problems)
        for key in ("missing_codes", "levels"):
            fits[key] = tuple(code for code in as_text(fits.get(key, [])) if code is not None)
        _pair_up(fits, "level_labels")
        columns.append(Column(**{"kind": "category", **fits, "name": name}))
    return columns


def _pair_up(fits: dict[str, Any], key: str) -> None:
    """Tables of labels as pairs, which a frozen record can hold."""
    for name in (key, f"{key}_zh"):
        fits[name] = tuple(fits.get(name, {}).items())


def _plan(table: Any, problems: Problems) -> Plan:
    if not isinstance(table, Mapping):
        problems.add(("plan",), "plan must be a table [plan].")
        return Plan()
    fits = read_fields(table, PLAN_RULES, ("plan",), problems)
    return Plan(**{**fits, "models": tuple(fits.get("models", ()))})


def _llm(table: Any, problems: Problems) -> LLMConsent | None:
    if not isinstance(table, Mapping):
        problems.add(("llm",), "llm must be a table [llm].")
        return None
    fits = read_fields(table, LLM_RULES, ("llm",), problems)
    keys = ("endpoint", "model", "purpose", "columns")
    for key in keys:
        if key not in table or fits.get(key, "?") in ("", []):
            problems.add(
                ("llm",),
                f"{key} in [llm] is missing: nothing is sent without endpoint, model, purpose, columns.",
            )
    if any(key not in fits for key in keys):
        return None
    return LLMConsent(**{**fits, "columns": tuple(fits["columns"])})
