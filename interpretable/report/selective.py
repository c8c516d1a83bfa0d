"""Section: which cases could the model decide alone, and what can be promised of its errors?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interpretable import figures, words
from interpretable.records.document import Block, Cell, Heading, Paragraph, Table
from interpretable.records.evaluation import Figure
from interpretable.records.evidence import Evidence
from interpretable.records.selective import Certificate, Held, SelectiveEvidence, SelectiveLevel
from interpretable.records.task import Task
from interpretable.report.blocks import cell, figure_cell, picture, table


def selective(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Promises, the curve of error against coverage, tables by answer, group and scope."""
    found, task = evidence.selective, evidence.task
    if found is None or not found.levels:
        return
    for place, line in enumerate(words.selective(found, task, lang)):
        yield Paragraph(text=line, style="lead" if place == 0 else "")
    for line in words.selective_meaning(found, task, lang):
        yield Paragraph(text=line, style="quiet")
    if found.curve:
        yield picture(
            figures.selective_curve(found, lang),
            figures.selective_curve_alt(found, lang),
            figures.selective_curve_table(found, lang),
            caption=_say("curve", lang),
        )
        yield Paragraph(text=_say("band", lang), style="quiet")
    yield from details(found, task, lang)


def details(found: SelectiveEvidence, task: Task, lang: str) -> Iterator[Block]:
    """Tables of the limits, of answers and groups at one of them, and of cases that do not belong."""
    yield limits(found, task, lang)
    main = main_level(found)
    if main is not None:
        for line in words.selective_answers(main, found, task, lang):
            yield Paragraph(text=line)
        yield _answers(main, task, lang)
        yield from _groups(main, task, lang)
    yield from _scope(found, task, lang)


def main_level(found: SelectiveEvidence) -> SelectiveLevel | None:
    """The task's own limit where it was shown, else the strictest that was; None where none was."""
    shown = [one for one in found.levels if one.shown]
    own = [one for one in shown if one.level == found.declared]
    return next(iter((*own, *shown)), None)


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"selective.{code}", lang, **params)


def _share(found: Figure, lang: str) -> Cell:
    if found.value is None:
        return Cell(text="–", quiet=_say("none_decided", lang))
    ends = {"low": words.percent(found.low or 0.0, lang), "high": words.percent(found.high or 0.0, lang)}
    known = found.low is not None and found.high is not None
    return Cell(
        text=words.percent(found.value, lang), quiet=words.say("draw.range", lang, **ends) if known else ""
    )


def limits(found: SelectiveEvidence, task: Task, lang: str) -> Table:
    """Each limit with what it rests on and what it held on the test part."""
    heads = ("level", "answer", "threshold", "proof", "needed", "decided", "error")
    shown = heads if found.by_answer else tuple(h for h in heads if h != "answer")
    rows = [
        _level_row(level, one, task, lang, by_answer=found.by_answer)
        for level in found.levels
        for one in level.certificates
    ]
    numeric = tuple(range(2 if found.by_answer else 1, len(shown)))
    return table(
        [_say(f"{h}_head", lang) for h in shown], rows, caption=_say("levels", lang), numeric=numeric
    )


def _level_row(
    level: SelectiveLevel, one: Certificate, task: Task, lang: str, *, by_answer: bool
) -> Sequence[Cell]:
    decided, error = level.held.coverage, level.held.error
    if by_answer:
        held = next(h for h in level.answers if h.group == one.group)
        decided, error = held.coverage, held.error
    name = [cell(words.class_name(one.group, task, lang))] if by_answer else []
    least = _say("never", lang) if one.threshold is None else words.percent(one.threshold, lang)
    return (
        cell(words.percent(one.alpha, lang)),
        *name,
        cell(least),
        cell(
            _say("ratio", lang, wrong=one.wrong, decided=one.decided), quiet=f"p {words.p_value(one.p_value)}"
        ),
        cell(one.needed),
        *((cell(None),) * 2 if one.threshold is None else (_share(decided, lang), _share(error, lang))),
    )


def _answers(main: SelectiveLevel, task: Task, lang: str) -> Block:
    heads = [_say(f"{h}_head", lang) for h in ("answer", "decided", "error")]
    rows = [(words.class_name(h.group, task, lang), *_held(h, lang)) for h in main.answers]
    caption = _say("answers", lang, level=main.level)
    return table(heads, rows, caption=caption, numeric=(1, 2), folded=len(rows) > 3)


def _held(found: Held, lang: str) -> tuple[Cell, Cell]:
    return _share(found.coverage, lang), _share(found.error, lang)


def _groups(main: SelectiveLevel, task: Task, lang: str) -> Iterator[Block]:
    if not main.group_held:
        return
    tested = {(c.by, c.group): c for c in main.groups}
    if tested:
        yield Paragraph(text=_say("groups_lead", lang), style="quiet")
    heads = [words.say("draw.head.column", lang), words.say("draw.head.group", lang)]
    heads += [_say(f"{h}_head", lang) for h in ("decided", "error", *(["promised"] if tested else []))]
    rows = []
    for one in main.group_held:
        column = words.find_column(one.by, task)
        name = words.group_name(one.group, lang, column=column)
        row = [cell(words.start(words.label(one.by, task, lang))), cell(name), *_held(one, lang)]
        rows.append([*row, *_promised(tested.get((one.by, one.group)), tested=bool(tested), lang=lang)])
    yield table(heads, rows, caption=_say("groups", lang, level=main.level), numeric=(2, 3), folded=True)


def _promised(found: Certificate | None, *, tested: bool, lang: str) -> list[Cell]:
    if not tested:
        return []
    if found is None:
        return [cell(None)]
    if found.holds:
        return [cell(_say("group_yes", lang))]
    if found.threshold is not None:
        return [cell(_say("group_from", lang, threshold=found.threshold))]
    return [cell(_say("group_no", lang), quiet=words.why_not(found, lang))]


def _scope(found: SelectiveEvidence, task: Task, lang: str) -> Iterator[Block]:
    if not found.scope:
        return
    yield Heading(text=_say("scope", lang))
    yield Paragraph(text=_say("scope_lead", lang))
    for trial in found.scope:
        lines = words.selective_scope(trial, task, lang)
        yield Paragraph(text=("" if lang == "zh" else " ").join(lines))
    levels = [one.level for one in found.scope[0].levels]
    heads = [_say("scope_head", lang), words.say("draw.head.rows", lang), _say("caught_head", lang)]
    heads += [_say("auroc_head", lang), *(_say("dot", lang, level=level) for level in levels)]
    rows = [
        (
            words.class_name(t.name, task, lang) if t.kind == "class" else _say("file", lang),
            t.n,
            _share(t.caught, lang),
            figure_cell(t.auroc, lang),
            *(_share(one.decided, lang) for one in t.levels),
        )
        for t in found.scope
    ]
    yield table(heads, rows, caption=_say("scope", lang), numeric=tuple(range(1, len(heads))), folded=True)
