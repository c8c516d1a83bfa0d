"""Concepts answered at the door: one pass per text, the same for a table, a stream and a single row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from interpretable.data.negation import RULES, negated
from interpretable.data.wordrule import words_between, words_of
from interpretable.records.concept import Concept
from interpretable.records.task import Column, Task

YES, NO = "yes", "no"
FOUND, DENIED = 1, 2  # bits of an answer: yes; a phrase occurred, but only denied
_JOINS = frozenset("-'\u2019/._&+\u2010\u2011")  # between two words, these alone do not part a phrase


def with_concepts(task: Task) -> Task:
    """The task with one derived yes/no column per concept, in the order of the concepts, after all others."""
    own = tuple(c for c in task.columns if not c.concept)
    columns = (*own, *map(_column, task.concepts))
    return task if columns == task.columns else replace(task, columns=columns)


def _column(concept: Concept) -> Column:
    return Column(
        name=concept.derived,
        kind="boolean",
        label=concept.label or concept.name.replace("_", " "),
        label_zh=concept.label_zh,
        sensitive=concept.sensitive,
        exclude=not concept.approved,
        adverse=concept.adverse,
        adverse_zh=concept.adverse_zh,
        concept=concept.name,
    )


@dataclass(frozen=True)
class _Phrase:
    words: tuple[str, ...]
    gaps: tuple[str, ...]  # signs inside the phrase, before each word from the second
    concept: int
    place: int  # among the concept's phrases; -1: one of those that do not count

    def is_at(self, words: Sequence[str], gaps: Sequence[str], start: int) -> bool:
        end = start + len(self.words)
        return tuple(words[start:end]) == self.words and all(
            _joins(gap, own) for gap, own in zip(gaps[start + 1 : end], self.gaps, strict=True)
        )


def _joins(gap: str, own: str) -> bool:
    """Whether the signs between two words leave a phrase whole: blanks, a hyphen, or the phrase's own."""
    bare = gap.strip()
    return not bare or bare == own.strip() or (gap == bare and bare in _JOINS)


@dataclass
class _Hits:
    """Where the phrases of one concept stand in one text."""

    found: list[tuple[int, int, int]] = field(default_factory=list)  # start, end, place
    barred: list[tuple[int, int]] = field(default_factory=list)


class Matcher:
    """The concepts of one text column, compiled."""

    def __init__(self, concepts: Sequence[Concept]):
        self.concepts = tuple(concepts)
        self._by_first: dict[str, list[_Phrase]] = {}
        for at, concept in enumerate(self.concepts):
            listed = [text for text, _ in concept.weights] or concept.phrases
            for place, text in (*enumerate(listed), *((-1, text) for text in concept.not_phrases)):
                words, gaps = words_between(text)
                phrase = _Phrase(tuple(words), tuple(gaps[1:]), at, place)
                self._by_first.setdefault(words[0], []).append(phrase)
        self._firsts = frozenset(self._by_first)
        self._silent = [self._answer(concept, set()) for concept in self.concepts]

    def ask(self, text: str) -> list[int]:
        """Per concept the bits of its answer: FOUND, DENIED."""
        return self._silent if self._is_silent(text) else [
            self._answer(concept, counted) | (DENIED if denied and not counted else 0)
            for concept, (counted, denied) in zip(self.concepts, self._places(text), strict=True)
        ]  # fmt: skip

    def places(self, text: str) -> list[set[int]]:
        """Per concept the places of its phrases that count in this text."""
        return [counted for counted, _ in self._places(text)]

    def _is_silent(self, text: str) -> bool:
        return self._firsts.isdisjoint(words_of(text))

    def _places(self, text: str) -> Iterator[tuple[set[int], bool]]:
        """Per concept the phrases that count, and whether another one was denied."""
        words, gaps = words_between(text)
        hits = [_Hits() for _ in self.concepts]
        for start, word in enumerate(words):
            for phrase in self._by_first.get(word, ()):
                if phrase.is_at(words, gaps, start):
                    end, own = start + len(phrase.words), hits[phrase.concept]
                    if phrase.place < 0:
                        own.barred.append((start, end))
                    else:
                        own.found.append((start, end, phrase.place))
        scopes: dict[str, list[bool]] = {}
        for concept, own in zip(self.concepts, hits, strict=True):
            free = [hit for hit in own.found if not _overlaps(hit, own.barred)]
            if free and concept.negation and concept.negation not in scopes:
                scopes[concept.negation] = negated(words, gaps, RULES[concept.negation])
            # The first word decides: a phrase that holds a cue itself, "no appetite", is not denied by it.
            scope = scopes.get(concept.negation, ())
            counted = {place for start, _, place in free if not (scope and scope[start])}
            yield counted, len(counted) < len({place for _, _, place in free})

    @staticmethod
    def _answer(concept: Concept, counted: set[int]) -> int:
        if not concept.weights:
            return FOUND if counted else 0
        score = math.fsum([concept.intercept, *(concept.weights[place][1] for place in counted)])
        return FOUND if score >= math.log(concept.threshold / (1.0 - concept.threshold)) else 0


def phrases_found(task: Task, column: str, text: str) -> dict[str, tuple[str, ...]]:
    """By approved concept of a text column answered yes: its phrases that count in this text."""
    concepts = [c for c in task.concepts if c.column == column and c.approved]
    matcher = Matcher(concepts)
    told = {}
    for concept, bits, places in zip(concepts, matcher.ask(text), matcher.places(text), strict=True):
        if bits & FOUND:
            listed = [phrase for phrase, _ in concept.weights] or concept.phrases
            told[concept.name] = tuple(listed[place] for place in sorted(places))
    return told


def _overlaps(hit: tuple[int, int, int], barred: Iterable[tuple[int, int]]) -> bool:
    return any(hit[0] < end and start < hit[1] for start, end in barred)


def ask(concepts: Sequence[Concept], texts: np.ndarray) -> np.ndarray:
    """The answers to one text column.

    Parameters
    ----------
    concepts : K concepts of this column
    texts : object (n,) of str or None

    Returns
    -------
    int8 (n, K): bits FOUND and DENIED; -1 where there is no text
    """
    matcher = Matcher(concepts)
    answers = [matcher.ask(text) if text is not None else [-1] * len(concepts) for text in texts]
    return np.array(answers, dtype=np.int8).reshape(len(texts), len(concepts))


def derive(task: Task, text_of: Callable[[str], np.ndarray], names: Iterable[str]) -> dict[str, np.ndarray]:
    """Derived columns by name: object (n,) of "yes", "no" or None where the text is missing.

    Parameters
    ----------
    text_of : gives a normalised text column, object (n,)
    names : the derived columns that are wanted; names of other columns are passed over
    """
    wanted, made = set(names), {}
    chosen = [c for c in task.concepts if c.derived in wanted]
    said = np.array([NO, YES, None], dtype=object)
    for column in dict.fromkeys(c.column for c in chosen):
        own = [c for c in chosen if c.column == column]
        answers = ask(own, text_of(column))
        for at, concept in enumerate(own):
            made[concept.derived] = said[np.where(answers[:, at] < 0, 2, answers[:, at] & FOUND)]
    return made


def follow(task: Task, columns: Mapping[str, np.ndarray], names: Iterable[str]) -> dict[str, np.ndarray]:
    """The derived columns among `names` whose texts are in `columns`, as these texts are now."""
    of = {c.derived: c.column for c in task.concepts}
    return derive(task, columns.__getitem__, [name for name in names if of.get(name) in columns])
