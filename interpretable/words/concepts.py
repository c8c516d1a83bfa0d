"""Sentences about concepts: what they found, and how far they agree with people."""

from __future__ import annotations

from collections.abc import Sequence

from interpretable.records.concept import ConceptOverlap, ConceptQuality, ConceptsEvidence
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.names import label, start
from interpretable.words.numbers import counts, join, percent


def concept_name(name: str, task: Task, lang: str = "en") -> str:
    """The plain words of a concept."""
    derived = next((c.derived for c in task.concepts if c.name == name), name)
    return label(derived, task, lang)


def _agreement(found: ConceptQuality, task: Task, lang: str) -> tuple[str, ...]:
    """How often a concept is right."""
    named, lines = start(concept_name(found.name, task, lang)), []
    if found.reason:
        told = {"name": named, "labels": found.labels, "yes": found.labelled_yes}
        return (say(f"concepts.unmeasured.{found.reason}", lang, **told),)
    for kind, figure in (("precision", found.precision), ("recall", found.recall)):
        if figure is not None and figure.value is not None:
            lines.append(say(f"concepts.{kind}", lang, name=named, **_of100(figure, lang)))
    if found.precision is not None and found.precision.value is None:
        lines.append(say("concepts.never", lang, name=named, labels=found.labels))
    return tuple(lines)


def concepts_told(found: ConceptsEvidence, task: Task, lang: str = "en") -> tuple[str, ...]:
    """The sentences of all concepts; those not approved or not labelled are named together."""
    lines: list[str] = []
    for one in found.concepts:
        if one.reason != "concept_no_labels":
            lines += _agreement(one, task, lang)
    for code, kept in (
        ("unapproved", [one.name for one in found.concepts if not one.used]),
        ("unmeasured.concept_no_labels", [c.name for c in found.concepts if c.reason == "concept_no_labels"]),
    ):
        named = join([concept_name(name, task, lang) for name in kept], lang)
        lines += [say(f"concepts.{code}", lang, name=start(named))] if kept else []
    return tuple(lines)


def _of100(figure: Figure, lang: str) -> dict[str, str]:
    ends = (("share", figure.value), ("low", figure.low), ("high", figure.high))
    return {key: "–" if end is None else counts(end, lang) for key, end in ends}


def concept_overlap(found: ConceptOverlap, task: Task, lang: str = "en") -> str:
    """Two concepts that mostly go together."""
    names = {"first": concept_name(found.first, task, lang), "second": concept_name(found.second, task, lang)}
    return say("concepts.overlap", lang, share=percent(found.share, lang), both=found.both, **names)


def concept_found(name: str, phrases: Sequence[str], task: Task, lang: str = "en") -> str:
    """Which phrases of one text made the answer yes."""
    named = start(concept_name(name, task, lang))
    if not phrases:  # a head whose intercept alone is enough
        return say("concepts.case_without", lang, name=named)
    return say(
        "concepts.case_yes", lang, name=named, phrases=[say("concepts.quoted", lang, text=p) for p in phrases]
    )


def concepts_not_found(names: Sequence[str], task: Task, lang: str = "en") -> str:
    """The concepts one text was answered no to; "" where there is none."""
    named = [concept_name(name, task, lang) for name in names]
    return say("concepts.case_no", lang, names=named) if named else ""


def concepts_about(found: ConceptsEvidence, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What concepts are, and which texts the model sees through them only."""
    lines = [say("concepts.lead", lang)]
    if found.columns:
        named = [say("concepts.quoted", lang, text=label(name, task, lang)) for name in found.columns]
        lines.append(say("concepts.only", lang, columns=named))
    return tuple(lines)
