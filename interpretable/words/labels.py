"""Sentences about labels: why to label a row, why a label deserves a second look, and how many do."""

from __future__ import annotations

from dataclasses import replace

from interpretable.records.evaluation import Figure
from interpretable.records.labels import LabelDoubt, LabelPick, LabelsEvidence
from interpretable.records.task import Task
from interpretable.words.case import Sentences, amount, domain
from interpretable.words.catalogs import say
from interpretable.words.names import class_name, label, start
from interpretable.words.numbers import chance, fixed, percent

FEWEST = 50  # rows below which a rate is not said
MANY = 0.1  # share of the rows from which on the list says as much about the model as about the labels


def pick_reason(pick: LabelPick, task: Task, lang: str = "en") -> str:
    """Why a person should label this row."""
    if pick.reason == "outside":
        return str(_outside(pick, task, lang))
    if pick.reason == "close":
        return say(
            "labels.why.close", lang,
            first=class_name(pick.output, task, lang), p=chance(pick.estimate, lang),
            second=class_name(pick.second, task, lang), q=chance(pick.second_estimate, lang),
        )  # fmt: skip
    if pick.reason == "spread":
        return say("labels.why.spread", lang, spread=amount(pick.spread, task, lang))
    return say(f"labels.why.{pick.reason}", lang)


def _outside(pick: LabelPick, task: Task, lang: str) -> Sentences:
    """What is unusual about the row, its unknown words first."""
    texts = pick.domain.unfamiliar_texts
    shares = {name: percent(u / n, lang) for name, u, n in pick.domain.unknown_words if n}
    lines = [
        say("labels.why.new_words", lang, name=start(label(name, task, lang)), share=shares[name])
        for name in texts
        if name in shares
    ]
    rest = replace(pick.domain, unfamiliar_texts=())
    if not texts or rest.outside_range or rest.unknown_levels or rest.rare_pairs or rest.far:
        lines += domain(rest, task, lang)[:-1]
    return Sentences(tuple(lines), lang)


def doubt_reason(doubt: LabelDoubt, task: Task, lang: str = "en") -> str:
    """What the record says and what the model says that did not see the row."""
    named = {k: class_name(getattr(doubt, k), task, lang) for k in ("recorded", "likely")}
    if doubt.residual is not None:
        return say("labels.why.value", lang, **named, times=fixed(abs(doubt.residual), 1))
    shown = {"p": chance(doubt.p_recorded, lang), "q": chance(doubt.p_likely, lang)}
    return say("labels.why.label", lang, **named, **shown)


def _share(found: Figure | None, lang: str = "en") -> str:
    """A share with its interval as a sentence; '' where there is none."""
    if found is None or found.value is None or found.low is None or found.high is None:
        return ""
    ends = {"low": percent(found.low, lang), "high": percent(found.high, lang)}
    return say("labels.share", lang, share=percent(found.value, lang), **ends)


def label_doubts(found: LabelsEvidence, lang: str = "en") -> tuple[str, ...]:
    """How many labels deserve a second look, what that means, and what to do."""
    lines = [_lead(found, lang)]
    if found.doubts:
        kind = "" if found.classes else "_values"
        lines += [say(f"labels.how{kind}", lang), _share(found.share, lang)]
        lines += [say(f"labels.hard{kind}", lang)]
        if found.doubts > MANY * found.rows:
            lines.append(say("labels.many", lang))
    if found.conflict_sets:
        lines.append(say("labels.conflicts", lang, rows=found.conflict_rows, sets=found.conflict_sets))
    if found.doubts or found.conflict_sets:
        lines += [say(f"labels.{code}", lang) for code in ("todo", "list", "unchanged")]
    return tuple(line for line in lines if line)


def _lead(found: LabelsEvidence, lang: str) -> str:
    if not found.doubts:
        return say("labels.none", lang, rows=found.rows)
    return say(f"labels.lead{'' if found.classes else '_values'}", lang, doubts=found.doubts, rows=found.rows)


def label_errors(labelled: int, differing: int, lang: str = "en") -> str:
    """How often the model's answer was another among labelled rows that were drawn by chance."""
    from interpretable.stats.intervals import wilson  # needs numpy, which words do not load on import

    lines = [say("labels.queue.drawn", lang, n=labelled, k=differing)]
    if labelled < FEWEST:
        lines.append(say("labels.queue.drawn_few", lang))
    else:
        low, high = (percent(end, lang) for end in wilson(differing, labelled))
        share = percent(differing / labelled, lang)
        lines.append(say("labels.queue.drawn_rate", lang, share=share, low=low, high=high))
    return str(Sentences(tuple(lines), lang))
