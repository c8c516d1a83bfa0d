"""What must hold between the parts of a task, beyond the type of each."""

from __future__ import annotations

from urllib.parse import urlsplit

from interpretable.data.fields import Problems
from interpretable.data.listing import nearest
from interpretable.records.task import Column, LLMConsent, Task

MOST_AT_ONCE = 64  # questions to one endpoint
ROLES = ("target", "id", "group", "time")


def check_task(task: Task, problems: Problems) -> None:
    """Report every contradiction in the task."""
    _check_target(task, problems)
    _check_line(task, problems)
    _check_roles(task, problems)
    for column in task.columns:
        _check_column(column, problems)
        if column.enforce and task.kind == "multiclass":
            problems.add(
                ("columns", column.name, "enforce"),
                f"enforce of {column.name!r} has no meaning for several classes: they have no direction.",
            )
    if not task.features:
        problems.add(
            ("columns",), "no column is left to learn from: list at least one without exclude = true."
        )
    if not 0 < task.plan.margin < 1:
        problems.add(("plan", "margin"), f"margin must lie between 0 and 1, not {task.plan.margin:g}.")
    if task.plan.scorecard_terms < 1:
        problems.add(("plan", "scorecard_terms"), "scorecard_terms must be 1 or more.")
    _check_errors(task, problems)
    if task.llm is not None:
        _check_llm(task.llm, task, problems)


def _check_target(task: Task, problems: Problems) -> None:
    if task.kind == "binary" and not task.positive.strip():
        problems.add(
            ("kind",), 'a binary task needs positive = "...", the value of the target that is predicted.'
        )
    if task.kind != "binary" and task.positive:
        problems.add(("positive",), f"positive has no meaning where kind is {task.kind!r}; remove it.")
    if "://" in task.data:
        problems.add(("data",), "data must be a path on this machine, not an address.")
    if "://" in task.guidelines:
        problems.add(("guidelines",), "guidelines must be a folder on this machine, not an address.")


def _check_line(task: Task, problems: Problems) -> None:
    if task.threshold is not None and not 0 < task.threshold < 1:
        problems.add(("threshold",), f"threshold must lie between 0 and 1, not {task.threshold:g}.")
    if task.harm_ratio is not None and task.harm_ratio <= 0:
        problems.add(("harm_ratio",), f"harm_ratio must be above 0, not {task.harm_ratio:g}.")
    if task.threshold is not None and task.harm_ratio is not None:
        problems.add(("harm_ratio",), "threshold and harm_ratio are two ways to say the same; keep one.")
    for key in ("threshold", "harm_ratio"):
        if getattr(task, key) is not None and task.kind != "binary":
            problems.add((key,), f"{key} is defined for binary tasks only; remove it.")


def _check_errors(task: Task, problems: Problems) -> None:
    """What may be promised on the errors of cases that the model decides alone."""
    plan = task.plan
    for key in ("max_error", "max_false_omission", "error_delta"):
        value = getattr(plan, key)
        if value is not None and not 0 < value <= 0.5:
            problems.add(("plan", key), f"{key} must be above 0 and at most 0.5, not {value:g}.")
    if task.kind == "regression":
        given = [key for key in ("max_error", "error_by_answer", "out_of_scope_data") if getattr(plan, key)]
        for key in given:
            problems.add(("plan", key), f"{key} has no meaning where an amount is estimated; remove it.")
    if plan.max_false_omission is not None and task.kind != "binary":
        problems.add(
            ("plan", "max_false_omission"), "max_false_omission is defined for binary tasks only; remove it."
        )
    if "://" in plan.out_of_scope_data:
        problems.add(
            ("plan", "out_of_scope_data"), "out_of_scope_data must be a path on this machine, not an address."
        )


def _check_roles(task: Task, problems: Problems) -> None:
    taken: dict[str, str] = {}
    for role in ROLES:
        name = getattr(task, role)
        if name and name in taken:
            problems.add((role,), f"column {name!r} is named as {taken[name]} and as {role}.")
        taken.setdefault(name, role)
    for column in task.columns:
        if column.name in taken and column.name:
            problems.add(
                ("columns", column.name),
                f"column {column.name!r} is the {taken[column.name]} and must not be listed among "
                f"the columns.",
            )


def _check_column(column: Column, problems: Problems) -> None:
    path = ("columns", column.name)
    if not column.name or column.name != column.name.strip():
        problems.add(path, f"column name {column.name!r} is empty, or has blanks at an end.")
    if column.levels and column.kind not in ("ordinal", "category"):
        problems.add(
            (*path, "levels"), f'levels of {column.name!r} need kind = "ordinal", not {column.kind!r}.'
        )
    if len(set(column.levels)) < len(column.levels):
        problems.add((*path, "levels"), f"levels of {column.name!r} repeat a level.")
    if column.expected and column.kind not in ("number", "ordinal"):
        problems.add((*path, "expected"), f"expected of {column.name!r} needs a number or ordinal column.")
    if column.enforce and not column.expected:
        problems.add((*path, "enforce"), f'enforce of {column.name!r} needs expected = "up" or "down".')
    if column.enforce and column.kind == "ordinal" and len(column.levels) < 2:
        problems.add(
            (*path, "enforce"), f"enforce of {column.name!r} needs its levels in order: levels = [...]."
        )
    _check_change(column, path, problems)
    given = [name for name in ("negation", "segmenter", "embedding") if getattr(column, name)]
    if given and column.kind != "text":
        problems.add(path, f"{', '.join(given)} of {column.name!r} need a text column.")
    if column.exclude_reason and not column.exclude:
        problems.add(
            (*path, "exclude_reason"), f"{column.name!r} has an exclude_reason but exclude is not true."
        )


def _check_change(column: Column, path: tuple[str, ...], problems: Problems) -> None:
    """Limits of a plan of change make sense for a changeable column only."""
    numeric = ("change_low", "change_high", "change_step")
    given = [name for name in numeric if getattr(column, name) is not None]
    given += ["change_direction"] * bool(column.change_direction)
    if given and not column.changeable:
        problems.add(path, f"{column.name!r} has {', '.join(given)} but changeable is not true.")
    if [name for name in given if name in numeric] and column.kind != "number":
        problems.add(path, f"{', '.join(given)} of {column.name!r} need a number column.")
    if column.change_direction and column.kind not in ("number", "ordinal"):
        problems.add(path, f"change_direction of {column.name!r} needs a number or ordinal column.")
    low, high = column.change_low, column.change_high
    if low is not None and high is not None and low > high:
        problems.add(path, f"change_low of {column.name!r} is above its change_high.")
    for name in ("change_step", "change_cost"):
        value = getattr(column, name)
        if value is not None and value <= 0:
            problems.add((*path, name), f"{name} of {column.name!r} must be above 0.")


def _check_llm(llm: LLMConsent, task: Task, problems: Problems) -> None:
    parts = urlsplit(llm.endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        problems.add(("llm", "endpoint"), "endpoint in [llm] must be an address such as https://host/v1.")
    used = dict.fromkeys(c.name for c in (*task.features, *task.inputs))
    known = [*used, task.target]  # the target: examples show outcomes
    for name in llm.columns:
        if name not in known:
            problems.add(
                ("llm", "columns"),
                f"columns in [llm] names {name!r}, which is not a column in use.{nearest(name, known)}",
            )
    for key in ("price_in", "price_out"):
        if getattr(llm, key) < 0:
            problems.add(("llm", key), f"{key} in [llm] must not be negative.")
    if llm.budget is not None and not (llm.budget > 0 and llm.price_in > 0 and llm.price_out > 0):
        problems.add(
            ("llm", "budget"),
            f"budget in [llm] is {llm.budget:g}; it is above 0 and needs price_in and price_out above 0.",
        )
    if llm.most_calls < 1:
        problems.add(("llm", "most_calls"), f"most_calls in [llm] is {llm.most_calls}; it is 1 or more.")
    if not 1 <= llm.concurrency <= MOST_AT_ONCE:
        problems.add(
            ("llm", "concurrency"),
            f"concurrency in [llm] is {llm.concurrency}; it is 1 to {MOST_AT_ONCE}.",
        )
