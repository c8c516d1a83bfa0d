"""Candidates for concepts from a language model that sees the task's description and frequent words, no text.

A proposal is a draft: phrases that do not occur in enough training texts are taken out and named, and nothing
enters a model before a person has approved it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from interpretable import llm
from interpretable.collab.masking import mask
from interpretable.data.conceptfile import MOST_PHRASES, parse_concepts
from interpretable.data.concepts import Matcher
from interpretable.data.fields import Problems
from interpretable.data.runs import count_texts
from interpretable.data.tasktext import concept_lines
from interpretable.data.wordrule import words_of
from interpretable.errors import LLMError, TaskError
from interpretable.records.concept import Concept
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Egress, LLMMode
from interpretable.records.task import Task
from interpretable.study.concepts.checking import Rows, Source, training_part
from interpretable.study.sources import gather

LEAST = 20  # training texts a word must occur in to be shown, and a phrase to be kept
MOST_WORDS = 300
MOST_CONCEPTS = 20
ROOM = 1200  # tokens of the answer
SYSTEM = (
    "You help to list yes/no questions that can be answered from a short text by looking for words. Answer "
    "with at most 12 lines and nothing else, one question per line, in the form\n"
    "short_name | what the text does, in plain words | phrase; phrase; phrase\n"
    "Example: mentions_pain | mentions pain | pain; painful; ache\n"
    "Use only phrases made of the frequent words. Do not guess the outcome itself."
)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One proposed concept after the check: phrases kept, and those taken out with their number of texts."""

    concept: Concept | None  # None: nothing was left of it
    name: str
    counts: tuple[tuple[str, int], ...] = ()  # of the phrases kept, in training texts
    dropped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What a language model proposed, and what was sent to it."""

    proposals: tuple[Proposal, ...]
    model: str
    where: str
    prompt: str  # the whole text that was sent
    unread: int = 0  # lines of the answer that do not have the form
    egress: tuple[Egress, ...] = field(default=())

    @property
    def concepts(self) -> tuple[Concept, ...]:
        return tuple(p.concept for p in self.proposals if p.concept is not None)

    @property
    def toml(self) -> str:
        """A draft of the file of concepts; every approval is empty."""
        lines = [
            f"# Proposed by {_printable(self.model)} ({_printable(self.where)}), checked on training texts.",
            '# Read every phrase. Fill in approved = "your name, date" for those that may enter the model.',
        ]
        for concept in self.concepts:
            lines += ["", *concept_lines(concept)]
        return "\n".join(lines) + "\n"


def propose(
    task: Source, *, mode: LLMMode = "local", column: str = "", data: Rows = None, seed: int = 0,
    client: llm.LLMClient | None = None,
) -> Proposed:  # fmt: skip
    """Ask a language model for candidate concepts. It is shown no text of anybody.

    Parameters
    ----------
    task : path of a task file, or a Task
    mode : "local" or "endpoint"; an endpoint needs the task's consent with the text column in it
    column : the text column; may be left out where there is one only
    data : a table or its path; by default the one the task names
    seed : of the study: words are counted in its training rows only
    client : a connected language model, in place of `mode`

    Raises
    ------
    TaskError : no such text column, or no word in enough texts
    LLMError : no language model, no consent, or no answer
    """
    dataset, _ = gather(task, data)
    name = _text_column(dataset.task, column)
    texts = [t for t in training_part(dataset, seed=seed).frame[name].to_numpy() if t is not None]
    words = frequent_words(texts)
    if not words:
        raise TaskError(
            f"No word of column {name!r} occurs in {LEAST} training texts: there is nothing to show."
        )
    prompt = make_prompt(dataset.task, name, words)
    if client is not None:
        return _ask(client, prompt, dataset, name, texts)
    _check_allowed(mode, dataset.task, name)
    with llm.connect(mode, dataset.task) as connected:
        return _ask(connected, prompt, dataset, name, texts)


def _text_column(task: Task, column: str) -> str:
    texts = [c.name for c in task.columns if c.kind == "text"]
    if column in texts:
        return column
    if column or len(texts) != 1:
        listed = ", ".join(map(repr, texts)) or "none"
        raise TaskError(f"Name the text column to ask about (--column). Text columns of the task: {listed}.")
    return texts[0]


def _check_allowed(mode: LLMMode, task: Task, column: str) -> None:
    """Frequent words are of a column: they go only where the column may go."""
    if mode == "endpoint" and task.llm is not None and column not in task.llm.columns:
        raise LLMError(
            f"[llm] columns does not name {column!r}, so its frequent words may not be sent. Nothing "
            "was sent.",
            code="column_not_allowed",
        )


def frequent_words(texts: list[str]) -> list[str]:
    """Words in at least 20 texts, the most frequent first; single letters and long numbers are left out."""
    found = sorted(count_texts(texts).items(), key=lambda pair: (-pair[1], pair[0]))
    kept = [w for w, n in found if n >= LEAST and len(w) > 1 and not re.fullmatch(r"\d{4,}", w)]
    return kept[:MOST_WORDS]


def make_prompt(task: Task, column: str, words: list[str]) -> llm.Prompt:
    """The description of the task and the words: all that is sent."""
    about = {
        "Task": task.title or task.name,
        "Use": task.intended_use,
        "Decision": task.decision,
        "Each text is about": task.subject,
        "Text": task.column(column).label or column,
    }
    said = [f"{key}: {value}" for key, value in about.items() if value]
    question, masked = mask("\n".join([*said, f"Frequent words: {', '.join(words)}"]))
    return llm.Prompt(system=SYSTEM, question=question, columns=(column,), redactions=masked)


def _ask(
    client: llm.LLMClient, prompt: llm.Prompt, dataset: Dataset, column: str, texts: list[str]
) -> Proposed:
    answer = client.generate(prompt, llm.Ask(most_tokens=ROOM))
    if answer.failure and answer.failure != "cut":  # of a list that was cut short the whole lines count
        raise LLMError(
            f"The language model gave no answer ({answer.failure}). Try again.", code=answer.failure
        )
    lines = [line for line in answer.text.splitlines() if line.strip()]
    lines = lines[:-1] if answer.failure else lines
    read = [found for found in map(_read, lines) if found]
    taken = Counter(c.name for c in dataset.task.concepts)
    proposals = []
    for name, label, phrases in read[:MOST_CONCEPTS]:
        taken[name] += 1
        own = name if taken[name] == 1 else f"{name}_{taken[name]}"
        proposals.append(_checked(own, label, phrases, column=column, texts=texts))
    info = client.info()
    return Proposed(
        proposals=tuple(proposals),
        model=info.name,
        where=info.where,
        prompt=prompt.text(),
        unread=len(lines) - len(read),
        egress=client.egress(),
    )


def _read(line: str) -> tuple[str, str, list[str]] | None:
    """Name, label and phrases of one line of the answer; None where it has another form."""
    parts = [" ".join(part.split()) for part in line.split("|")]
    if len(parts) != 3:
        return None
    name = "_".join(words_of(re.sub(r"^[\s\d.*)-]+", "", parts[0])))[:50]
    phrases = [p for p in dict.fromkeys(" ".join(words_of(p)) for p in parts[2].split(";")) if p]
    return (name, _printable(parts[1])[:100], phrases[:MOST_PHRASES]) if name and phrases else None


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _checked(name: str, label: str, phrases: list[str], *, column: str, texts: list[str]) -> Proposal:
    """The proposal with the phrases that occur in enough texts, if it keeps the rules of the file."""
    matcher = Matcher([Concept(name=name, column=column, phrases=tuple(phrases))])
    counts = np.zeros(len(phrases), dtype=np.int64)
    for text in texts:
        counts[list(matcher.places(text)[0])] += 1
    told = [(phrase, int(n)) for phrase, n in zip(phrases, counts, strict=True)]
    kept = tuple(pair for pair in told if pair[1] >= LEAST)
    dropped = tuple(pair for pair in told if pair[1] < LEAST)
    table = {"column": column, "label": label, "phrases": [phrase for phrase, _ in kept], "negation": True}
    problems = Problems({})
    made = parse_concepts({name: table}, problems) if kept else ()
    concept = made[0] if made and not problems.found else None
    return Proposal(concept=concept, name=name, counts=kept if concept else (), dropped=dropped)


def dropped_lines(found: Proposed) -> Iterator[str]:
    """One sentence per proposal that lost phrases."""
    for proposal in found.proposals:
        lost = ", ".join(f"{phrase!r} ({n})" for phrase, n in proposal.dropped)
        if proposal.concept is None:
            yield f"{proposal.name}: left out, no phrase is in {LEAST} training texts: {lost or 'none kept'}."
        elif lost:
            yield f"{proposal.name}: taken out, in fewer than {LEAST} training texts: {lost}."
