"""Part of the section on small and large models: what was expected beforehand, and whether models gain."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.document import Block, Listing, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.prior import PriorFinding
from interpretable.records.task import Task
from interpretable.report.blocks import picture, table

MOST = 60  # levels and words listed, the strongest first


def prior(found: PriorFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Who said it, the weight, the gains by rows, agreement with the model in use, what was said."""
    yield Listing(items=told(found, evidence.task, lang))
    if found.gains:
        yield picture(
            figures.prior_gains(found, lang),
            figures.prior_gains_alt(found, lang),
            figures.prior_gains_table(found, lang),
            caption=_say("gains", lang),
        )
        yield Paragraph(text=_say("gains_note", lang), style="quiet")
    yield from behind(found, evidence.task, lang)


def told(found: PriorFinding, task: Task, lang: str) -> tuple[str, ...]:
    """What was said by whom, and what came of it."""
    return (*words.prior_said(found, lang), *words.prior_found(found, task, lang))


def behind(found: PriorFinding, task: Task, lang: str) -> Iterator[Block]:
    """The tables."""
    if found.ways:
        yield _ways(found, task, lang)
    if found.scores:
        yield _scores(found, task, lang)
    if found.prior.levels or found.prior.words:
        yield _said(found, task, lang)
    if found.not_asked:
        yield table(
            [_head("column", lang), _head("reason", lang)],
            [
                [words.label(name, task, lang), words.prior_not_asked(code, lang)]
                for code, names in found.not_asked.items()
                for name in names
            ],
            caption=_say("withheld_columns", lang),
        )


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"prior.{code}", lang, **params)


def _head(name: str, lang: str) -> str:
    return _say(f"head.{name}", lang)


def _ways(found: PriorFinding, task: Task, lang: str) -> Table:
    rows = [
        [
            words.label(one.column, task, lang),
            _say(f"way.{one.said}", lang),
            words.percent(one.sure, lang),
            _say(f"way.{one.fitted}", lang),
            words.say(f"value.{'yes' if one.agrees else 'no'}", lang),
        ]
        for one in found.ways
    ]
    heads = [_head(h, lang) for h in ("column", "said", "sure", "learned", "agrees")]
    return table(heads, rows, caption=_say("ways", lang), numeric=(2,))


def _scores(found: PriorFinding, task: Task, lang: str) -> Table:
    rows = [
        [
            words.label(one.column, task, lang),
            _say(f"kind.{one.kind}", lang),
            one.compared,
            one.agree,
            words.join([_name(name, one.column, task, lang) for name in one.against], lang) or None,
        ]
        for one in found.scores
    ]
    heads = [_head(h, lang) for h in ("column", "name", "compared", "same", "against")]
    return table(heads, rows, caption=_say("scores", lang), numeric=(2, 3))


def _said(found: PriorFinding, task: Task, lang: str) -> Table:
    leaning = [one for one in (*found.prior.levels, *found.prior.words) if any(one.scores)]
    leaning.sort(key=lambda one: -max(abs(v) for v in one.scores))
    classes = [words.class_name(name, task, lang) for name in found.prior.classes]
    rows = [
        [
            words.label(one.column, task, lang),
            _name(one.name, one.column, task, lang),
            *(words.fixed(v, 1) for v in one.scores),
        ]
        for one in leaning[:MOST]
    ]
    heads = [_head("column", lang), _head("name", lang), *(classes or [_head("score", lang)])]
    numeric = tuple(range(2, len(heads)))
    return table(heads, rows, caption=_say("said_table", lang), numeric=numeric, folded=True)


def _name(name: str, column: str, task: Task, lang: str) -> str:
    """A level by its plain name; a word as it is."""
    known = words.find_column(column, task)
    return words.clean(name) if known.kind == "text" else words.value(name, known, lang)


def use(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Section: the models of the study were given a prior, whose, and what they took of it."""
    if evidence.prior is not None:
        yield Listing(items=words.prior_use(evidence.prior, lang))
