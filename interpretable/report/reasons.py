"""Sections on why: how the model decides in general, and worked examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interpretable import figures, words
from interpretable.records.document import Block, Facts, Heading, Paragraph, ReasonLine, Reasons
from interpretable.records.evidence import Evidence
from interpretable.records.explanation import CaseExplanation, Curve, Reason
from interpretable.report.blocks import picture, size, table
from interpretable.report.results import box
from interpretable.report.texts import example_texts, tokens

_CURVES = 12  # drawn in full; the rest is counted
_PAIRS = 4
_CELLS = 60  # of a heatmap in its table: those with the largest effect
_FIRST = 4  # reasons with a sentence of their own
_FEW = 20


def model(evidence: Evidence, lang: str) -> Iterator[Block]:
    """What weighs most, and how each column moves the estimate."""
    whole, used, task = evidence.explanation, evidence.model(evidence.selected), evidence.task
    params = {"model": words.model(used.name, lang), "box": box(used, lang)}
    yield Paragraph(
        text=words.say(f"report.model.lead{'' if whole.glass_box else '_black'}", lang, **params),
        style="lead",
    )
    yield Heading(text=words.say("report.model.importance", lang))
    yield Paragraph(text=words.say("report.model.importance_lead", lang), style="quiet")
    found = whole.importances
    rows = figures.importances_table(found, task, lang)
    yield picture(figures.importances(found, task, lang), figures.importances_alt(found, task, lang), rows)
    yield from _curves(evidence, lang)
    yield from _tree(evidence, lang)
    yield from _pairs(evidence, lang)
    yield from tokens(whole.tokens, evidence, lang)
    yield Paragraph(text=words.say("report.association", lang), style="quiet")


def _curves(evidence: Evidence, lang: str) -> Iterator[Block]:
    whole = evidence.explanation
    if not whole.curves:
        return
    yield Heading(text=words.say("report.model.curves", lang))
    yield Paragraph(text=words.say("report.model.curves_lead", lang, few=_FEW), style="quiet")
    rank = {i.feature: place for place, i in enumerate(whole.importances)}
    ordered = sorted(whole.curves, key=lambda c: rank.get(c.feature, len(rank)))
    for curve in ordered[:_CURVES]:
        yield from _one_curve(curve, evidence, lang)
    if len(ordered) > _CURVES:
        yield Paragraph(text=words.say("report.model.more", lang, n=len(ordered) - _CURVES))


def _one_curve(curve: Curve, evidence: Evidence, lang: str) -> Iterator[Block]:
    task = evidence.task
    name = words.start(words.label(curve.feature, task, lang))
    caption = words.say("report.model.output", lang, name=name, output=curve.output) if curve.output else name
    rows = figures.curve_table(curve, task, lang)
    yield picture(
        figures.curve(curve, task, lang), figures.curve_alt(curve, task, lang), rows, caption=caption
    )
    said = [figures.curve_reading(curve, task, lang)]
    if curve.kinks > 4:
        said.append(words.say("report.model.kinks", lang, kinks=curve.kinks))
    yield Paragraph(text=("" if lang == "zh" else " ").join(said), style="quiet")


def _tree(evidence: Evidence, lang: str) -> Iterator[Block]:
    nodes, task = evidence.explanation.tree, evidence.task
    if len(nodes) < 2:
        return
    yield Heading(text=words.say("simple.tree", lang))
    yield Paragraph(text=words.say("simple.tree_use", lang), style="quiet")
    rows = figures.tree_table(nodes, task, lang)
    yield picture(figures.tree(nodes, task, lang), figures.tree_alt(nodes, task, lang), rows)


def _pairs(evidence: Evidence, lang: str) -> Iterator[Block]:
    pairs, task = evidence.explanation.pairs, evidence.task
    if not pairs:
        return
    yield Heading(text=words.say("report.model.pairs", lang))
    yield Paragraph(text=words.say("report.model.pairs_lead", lang, few=_FEW), style="quiet")
    for pair in pairs[:_PAIRS]:
        caption = words.start(words.label(" & ".join(pair.features), task, lang))
        if pair.output:
            caption = words.say("report.model.output", lang, name=caption, output=pair.output)
        rows = figures.pair_table(pair, task, lang, most=_CELLS)
        yield picture(
            figures.pair(pair, task, lang), figures.pair_alt(pair, task, lang), rows, caption=caption
        )
    if len(pairs) > _PAIRS:
        yield Paragraph(text=words.say("report.model.more_pairs", lang, n=len(pairs) - _PAIRS))


def examples(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Constructed cases as a reviewer would see them, with the exact sum."""
    if not evidence.examples:
        yield Paragraph(text=words.say("report.examples.none", lang))
        return
    yield Paragraph(text=words.say("report.examples.lead", lang), style="lead")
    for number, case in enumerate(evidence.examples, start=1):
        title = words.say("report.examples.title", lang, number=number)
        yield Heading(text=title)
        yield from _example(case, evidence, lang, title=title)
    yield Paragraph(text=words.say("case.note.combine", lang), style="quiet")
    yield Paragraph(text=words.say("case.note.association", lang), style="quiet")


def _example(case: CaseExplanation, evidence: Evidence, lang: str, *, title: str) -> Iterator[Block]:
    task = evidence.task
    estimate = words.estimate(case, task, lang, classes=evidence.data.classes)
    yield Paragraph(text=str(estimate), style="lead")
    beside = (
        words.spread(case, task, lang),
        words.average(case, task, lang),
        *words.domain(case.domain, task, lang),
    )
    decided = (words.decision(case, task, lang),) if task.kind == "binary" else ()
    lines = [text for text in (*beside, *decided, words.missing(case, task, lang)) if text]
    yield Paragraph(text=("" if lang == "zh" else " ").join(lines))
    yield reasons(case, evidence, lang)
    yield from example_texts(case, evidence, lang, title=title)
    for rest in (words.stable(case, lang), words.others(case.reasons[_FIRST:], lang)):
        if rest:
            yield Paragraph(text=rest, style="quiet")
    if case.values:
        yield _values(case, evidence, lang)
    yield _sum(case, evidence, lang)


def reasons(case: CaseExplanation, evidence: Evidence, lang: str) -> Reasons:
    """The first reasons as sentences, with the length of their bars."""
    first: Sequence[Reason] = case.reasons[:_FIRST]
    top = max((abs(r.effect) for r in first), default=0.0) or 1.0
    return Reasons(
        lines=tuple(
            ReasonLine(
                sentence=_sentence(r, case, evidence, lang),
                direction=words.direction(r),
                size=round(100 * abs(r.effect) / top),
            )
            for r in first
        )
    )


def _sentence(found: Reason, case: CaseExplanation, evidence: Evidence, lang: str) -> str:
    """The reason, and whether it would come out again."""
    again = words.stability(found, case, lang)
    said = words.reason(found, evidence.task, lang)
    return words.say("stability.beside", lang, reason=said, again=again) if again else said


def _values(case: CaseExplanation, evidence: Evidence, lang: str) -> Block:
    task = evidence.task
    head = (words.say("report.data.column", lang), words.say("draw.head.value", lang))
    rows = [
        (words.start(words.label(name, task, lang)), words.value(value, words.find_column(name, task), lang))
        for name, value in (case.values or {}).items()
    ]
    return table(head, rows, caption=words.say("report.examples.values", lang), folded=True)


def _sum(case: CaseExplanation, evidence: Evidence, lang: str) -> Block:
    head = [words.say(f"report.examples.{h}", lang) for h in ("term", "part")]
    rows = [(words.say("report.examples.constant", lang), words.fixed(case.constant, 6))]
    rows += [
        (words.term(t, case.terms, evidence.task, lang), words.fixed(t.contribution, 6)) for t in case.terms
    ]
    rows.append((words.say("report.examples.score", lang), words.fixed(case.score, 6)))
    caption = words.say("report.examples.sum", lang)
    return table(head, rows, caption=caption, numeric=(1,), folded=True)


def prompt_facts(evidence: Evidence, lang: str) -> Facts | None:
    """Which language model, as much as it says of itself."""
    info = evidence.llm.info
    if info is None:
        return None
    where = words.say(f"llm.where_{'local' if info.where == 'local' else 'endpoint'}", lang, host=info.where)
    told = {
        "name": info.name,
        "where": where,
        "parameters": info.parameters,
        "quantisation": info.quantisation,
        "size": size(info.size_bytes, lang) if info.size_bytes else "",
        "licence": info.licence,
        "sha": info.sha256,
        "shots": str(evidence.llm.shots) if evidence.llm.shots else "",
    }
    return Facts(
        pairs=tuple((words.say(f"report.llm.{k}", lang), words.clean(v)) for k, v in told.items() if v)
    )
