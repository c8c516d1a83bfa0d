"""Concepts: yes/no questions to a text column, answered by phrases or by a small head that is plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class Concept:
    """One question to a text, such as "mentions chest pain".

    The answer is yes where a phrase occurs, or, with `weights`, where 1 / (1 + exp(-s)) reaches `threshold`,
    s = intercept + the sum of the weights of the phrases that occur. A phrase that overlaps one of
    `not_phrases`, or is denied, does not occur.
    """

    name: str
    column: str  # the text column that is asked
    label: str = ""  # plain words, "mentions chest pain"; empty means: the name
    label_zh: str = ""
    phrases: tuple[str, ...] = ()
    not_phrases: tuple[str, ...] = ()  # "not" in the file
    negation: str = ""  # version of the negation rule; empty means: denied phrases count too
    weights: tuple[tuple[str, float], ...] = ()
    intercept: float = 0.0
    threshold: float = 0.5
    training_rows: str = ""  # a learned head: stamp of the training part whose hand labels it was fitted on
    approved: str = ""  # "name, date": who lets it into the model; empty keeps it out
    sensitive: bool = False
    adverse: str = ""
    adverse_zh: str = ""

    @property
    def derived(self) -> str:
        """The name of the column with its answers."""
        return f"{self.column}: {self.name}"


@dataclass(frozen=True, eq=False, kw_only=True)
class ConceptLabels:
    """Hand labels: per concept "yes", "no" or None for each row of a dataset."""

    values: dict[str, np.ndarray]
    unmatched: int = 0  # labels of rows that are not in the data

    def take(self, positions: np.ndarray) -> ConceptLabels:
        return replace(self, values={name: found[positions] for name, found in self.values.items()})


@dataclass(frozen=True, kw_only=True)
class ConceptQuality:
    """One concept against hand labels; figures are lacking, with a reason, where it was not measured."""

    name: str
    column: str  # of the text
    used: bool  # approved, so the model reads it
    approved: str
    head: str  # "phrases", "weights" or "none"
    rows: int  # with a text
    found: int  # answered yes
    denied: int  # rows in which a phrase occurred only denied
    labels: int = 0  # hand labels the figures rest on
    labelled_yes: int = 0
    held_out: bool = False  # only labels outside the training part were counted
    precision: Figure | None = None
    recall: Figure | None = None
    f1: Figure | None = None
    reason: str = ""  # code: why there are no figures


@dataclass(frozen=True, kw_only=True)
class ConceptOverlap:
    """Two concepts of the same rows: how many have both, and the share of those that have either."""

    first: str
    second: str
    both: int
    share: float


@dataclass(frozen=True, kw_only=True)
class ConceptsEvidence:
    """What the concepts of a task found, and how far they agree with people."""

    concepts: tuple[ConceptQuality, ...] = ()
    overlaps: tuple[ConceptOverlap, ...] = ()  # share of one half and more
    unmatched: int = 0
    columns: tuple[str, ...] = ()  # text columns the model sees through concepts only
    not_computed: tuple[NotComputed, ...] = ()
