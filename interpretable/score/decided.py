"""Who decides a row: the model alone, or a person. Comparisons only: nothing is estimated at this time."""

from __future__ import annotations

import numpy as np

from interpretable.errors import UserError
from interpretable.records.selective import DecidedBy, LeftBecause, SelectiveRule, SelectiveRules
from interpretable.records.task import Task


def answers_of(task: Task, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The answer of each row, i8[n] into the classes, and its confidence f8[n]: the chance that it is right.

    The answer is the likeliest class; in a binary task with a declared line it is the side of the line, so
    that the confidence can lie below 1/2. `prediction` is f8[n] (binary) or f8[n, K].
    """
    if task.kind == "binary":
        cut = 0.5 if task.cut is None else task.cut
        answer = (prediction >= cut).astype(np.int64)
        return answer, np.where(answer == 1, prediction, 1.0 - prediction)
    answer = prediction.argmax(axis=1)
    return answer, prediction[np.arange(len(prediction)), answer]


def sure(rule: SelectiveRule, answer: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """bool[n]: the confidence reaches the threshold of the answer."""
    least = np.array([np.inf if t is None else t for t in rule.thresholds])
    return confidence >= least[answer]


def decided_by(
    rule: SelectiveRule, answer: np.ndarray, confidence: np.ndarray, inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Two columns: "model" or "person", and why a row is left to a person: "unsure" or "outside"."""
    enough = sure(rule, answer, confidence)
    left = np.where(~inside, "outside", np.where(enough, "", "unsure")).astype(object)
    return np.where(left == "", "model", "person").astype(object), left


def decide_case(
    rules: SelectiveRules, task: Task, probabilities: tuple[float, ...], *, inside: bool
) -> tuple[DecidedBy, LeftBecause]:
    """Who decides one case at the declared level, and why a person; two "" where none is declared.

    `probabilities` are those of all classes in order. A level that was not shown leaves all to a person.
    """
    if rules.declared is None:
        return "", ""
    rule = rules.rule(rules.declared)
    if rule is None:
        return "person", "not_shown"
    said = np.array([probabilities])
    answer, confidence = answers_of(task, said[:, 1] if task.kind == "binary" else said)
    who, left = decided_by(rule, answer, confidence, np.array([inside]))
    return who[0], left[0]


def rule_of(rules: SelectiveRules | None, level: float) -> SelectiveRule:
    """The rule of this level.

    Raises
    ------
    UserError : no rule was shown for it; the levels that were are listed
    """
    if rules is None:
        raise UserError(
            "No level of error was looked at for this study: its outcome is an amount, or it is older than "
            "these levels. Score without max_error, or train again."
        )
    if not 0 < level <= 0.5:
        raise UserError(f"max_error is {level:g}; it is a share above 0 and at most 0.5, such as 0.05.")
    found = rules.rule(level)
    if found is not None:
        return found
    known = ", ".join(f"{r.level:g}" for r in rules.rules)
    which = f"Levels that were shown: {known}." if known else "No level was shown for this study."
    if any(abs(t - level) < 1e-9 for t in rules.tried):
        raise UserError(f"An error of at most {level:g} could not be shown for this study. {which}")
    raise UserError(
        f"An error of at most {level:g} was not looked at. {which} To have it looked at, write "
        f"max_error = {level:g} under [plan] of the task and train again."
    )
