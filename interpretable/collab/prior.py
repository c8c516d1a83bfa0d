"""What a language model expects of names and words: asked once, without any row and any outcome.

It is shown the task's sentence about its outcome, names, labels and units of columns, names of levels, and
words that at least five persons' texts share. What it says is checked by schema; an answer that does not fit
is counted and says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from interpretable.collab.bill import ledger_of
from interpretable.collab.serialise import without_marks
from interpretable.data.commonwords import FEWEST, common_words
from interpretable.data.priorfile import WAYS, is_directed
from interpretable.data.wordrule import words_of
from interpretable.llm import Ask, Generated, LLMClient, Prompt
from interpretable.llm.egress import redact
from interpretable.llm.many import write_all
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Ledger
from interpretable.records.prior import Prior, SaidScore, SaidWay, Way
from interpretable.records.task import Column, Task

Kind = Literal["directions", "levels", "words"]

BATCH = 20  # levels or words of one question
MOST_LEVELS = 40
MOST_CLASSES = 10
SCORES = [-2, -1, 0, 1, 2]
WARM = 0.7  # temperature of repeated draws: agreement among equal answers would say nothing
SYSTEM = (
    "You say what is generally known in a field. You see names and words only, never a person's data. "
    "Answer with JSON only."
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: of which kind, about which column and names (for one class, where there are several)."""

    kind: Kind
    column: str
    prompt: Prompt
    ask: Ask
    names: dict[str, str] = field(default_factory=dict)  # as shown: as stored
    output: int = 0


@dataclass(frozen=True, kw_only=True)
class Questions:
    """All questions about a task, and what is not asked about and why."""

    questions: tuple[Question, ...]
    not_asked: dict[str, tuple[str, ...]]
    words_shown: int = 0
    words_withheld: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Said:
    """The prior, and what the asking cost."""

    prior: Prior
    ledger: Ledger
    unread: dict[str, int]


def make_questions(
    train: Dataset, *, allowed: tuple[str, ...] | None, draws: int = 3, words: int = 300
) -> Questions:
    """Questions about the columns of a task.

    Parameters
    ----------
    train : levels and words are counted in these rows; none of the rows and no outcome is in a question
    allowed : columns whose content may leave the machine; None where nothing leaves it. Levels that the task
        file does not name, and words, are content; names of columns are not
    draws : times that each direction is asked, for the agreement
    words : most frequent words of each text column that are asked about

    Notes
    -----
    Sensitive columns are not asked about: what a language model expects of a group of people is not to enter
    a model by itself. A person may write it into the file.
    """
    made: list[Question] = []
    left: dict[str, list[str]] = {}
    shown, withheld = 0, Counter()
    for column in train.task.features:
        reason = _not_asked(column, train, allowed)
        if reason:
            left.setdefault(reason, []).append(column.name)
        elif column.kind == "text":
            persons = train.groups if train.groups is None else train.groups.astype(str)
            found = common_words(train.frame[column.name].to_numpy(), persons=persons, most=words)
            shown, withheld = shown + len(found.words), withheld + Counter(found.withheld)
            made += _scored("words", column, {word: word for word in found.words}, train)
        elif is_directed(column):
            made += [_directed(column, train.task, draw) for draw in range(draws)]
        else:
            made += _scored("levels", column, _levels(column, train), train)
    return Questions(
        questions=tuple(made),
        not_asked={reason: tuple(names) for reason, names in left.items()},
        words_shown=shown,
        words_withheld=dict(withheld),
    )


def _not_asked(column: Column, train: Dataset, allowed: tuple[str, ...] | None) -> str:
    """Why a column is not asked about; "" where it is."""
    several = train.task.kind == "multiclass"
    if column.sensitive:
        return "sensitive"
    if several and (len(train.classes) > MOST_CLASSES or is_directed(column)):
        return "classes"
    if allowed is not None and column.name not in allowed and not is_directed(column):
        declared = column.kind != "text" and _is_declared(column, train)
        return "" if declared else "not_consented"
    return ""


def _counted(column: Column, train: Dataset) -> dict[str, int]:
    values = [v for v in train.frame[column.name].to_numpy() if isinstance(v, str)]
    return {level: n for level, n in Counter(values).most_common(MOST_LEVELS) if n >= FEWEST}


def _is_declared(column: Column, train: Dataset) -> bool:
    """Whether the task file names every level that would be shown: then it is no content of the rows."""
    named = {*column.levels, *dict(column.level_labels), *dict(column.level_labels_zh)}
    return column.kind == "boolean" or bool(column.concept) or set(_counted(column, train)) <= named


def _levels(column: Column, train: Dataset) -> dict[str, str]:
    labels = dict(column.level_labels)
    return {labels.get(level, level): level for level in _counted(column, train)}


def _outcome(task: Task, label: str = "") -> str:
    """The outcome as a question about one case."""
    target = (task.target_label or task.target).replace("_", " ")
    if task.kind == "regression":
        return f"Is the {target} of this {task.subject} high?"
    if task.kind == "multiclass":
        return f"Is the {target} of this {task.subject} {dict(task.class_labels).get(label, label)!r}?"
    return f"Would this {task.subject} {task.outcome or f'have {target} {task.positive}'}?"


def _about(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    return f"{(column.label or column.name).replace('_', ' ')}{unit}"


def _prompt(task: Task, lines: list[str], columns: tuple[str, ...]) -> Prompt:
    head = [f"Task: {task.title or task.name}", *lines]
    text, masked = redact(without_marks("\n".join(head)))
    return Prompt(system=SYSTEM, question=text, columns=columns, redactions=masked)


def _directed(column: Column, task: Task, draw: int) -> Question:
    lines = [
        f"Question: {_outcome(task)}",
        f"Column: {_about(column)}",
        'When the value of this column is higher, is "yes" more likely ("up"), less likely ("down"), '
        'not related ("none"), or more likely in one range and less likely in another ("turns")?',
    ]
    schema = _schema({"way": {"type": "string", "enum": list(WAYS)}})
    return Question(
        kind="directions", column=column.name, prompt=_prompt(task, lines, ()),
        ask=Ask(schema=schema, draw=draw, temperature=WARM, most_tokens=30),
    )  # fmt: skip


def _scored(kind: Kind, column: Column, names: dict[str, str], train: Dataset) -> Iterator[Question]:
    """Names in batches, for each class where there are several."""
    task, outputs = train.task, train.classes if train.task.kind == "multiclass" else ("",)
    content = kind == "words" or not _is_declared(column, train)
    what = "Words of the text" if kind == "words" else "Values of the column"
    for output, label in enumerate(outputs):
        for batch in (list(names)[i : i + BATCH] for i in range(0, len(names), BATCH)):
            lines = [
                f"Question: {_outcome(task, label)}",
                f'{what} "{_about(column)}": {", ".join(batch)}',
                'For each of them: how far does it speak for "yes"? 2 strongly for, 1 for, 0 says nothing, '
                "-1 against, -2 strongly against.",
            ]
            schema = _schema({name: {"type": "integer", "enum": SCORES} for name in batch})
            yield Question(
                kind=kind, column=column.name, output=output, names={name: names[name] for name in batch},
                prompt=_prompt(task, lines, (column.name,) if content else ()),
                ask=Ask(schema=schema, most_tokens=60 + 12 * sum(1 + len(name) // 8 for name in batch)),
            )  # fmt: skip


def _schema(fields: dict[str, dict]) -> dict:
    return {
        "type": "object", "properties": fields, "required": list(fields), "additionalProperties": False
    }  # fmt: skip


def ask_prior(
    client: LLMClient, made: Questions, train: Dataset, *, date: str, tell: Callable[[], None] | None = None
) -> Said:
    """Ask, and gather what was said.

    Raises
    ------
    LLMError : the line is down
    """
    answers = write_all(client, [(q.prompt, q.ask) for q in made.questions], tell=tell)
    read = [
        (question, answer.data)
        for question, answer in zip(made.questions, answers, strict=True)
        if not answer.failure
    ]
    info, task = client.info(), train.task
    classes = train.classes if task.kind == "multiclass" else ()
    prior = Prior(
        said_by=info.name, where=info.where, date=date, task=task.name, classes=classes,
        ways=tuple(_ways([(q.column, d["way"]) for q, d in read if q.kind == "directions"])),
        levels=tuple(_scores([one for one in read if one[0].kind == "levels"], len(classes) or 1)),
        words=tuple(_scores([one for one in read if one[0].kind == "words"], len(classes) or 1)),
    )  # fmt: skip
    return Said(prior=prior, ledger=ledger_of(answers, task), unread=_unread(made, answers))


def _unread(made: Questions, answers: list[Generated]) -> dict[str, int]:
    pairs = zip(made.questions, answers, strict=True)
    return dict(Counter(question.kind for question, answer in pairs if answer.failure))


def _ways(said: list[tuple[str, Way]]) -> Iterator[SaidWay]:
    """The most frequent answer about each column, with the share of its draws; none where they are split."""
    for column in dict.fromkeys(name for name, _ in said):
        drawn = Counter(way for name, way in said if name == column)
        (way, count), *rest = drawn.most_common()
        split = bool(rest) and rest[0][1] == count
        yield SaidWay(column=column, way="none" if split else way, sure=round(count / drawn.total(), 2))


def _scores(read: list[tuple[Question, dict]], outputs: int) -> Iterator[SaidScore]:
    """Scores by column and name; a class whose answer could not be read leans 0."""
    found: dict[tuple[str, str], np.ndarray] = {}
    for question, data in read:
        for shown, stored in question.names.items():
            name = " ".join(words_of(stored)) if question.kind == "words" else stored
            found.setdefault((question.column, name), np.zeros(outputs))[question.output] = data[shown]
    for (column, name), scores in found.items():
        yield SaidScore(column=column, name=name, scores=tuple(float(v) for v in scores))
