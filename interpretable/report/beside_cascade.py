"""Part of the section on small and large models: small model, then language model, then a person."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.cascade import CascadeFinding, FusionTold, RouterTold
from interpretable.records.document import Block, Heading, Listing, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.task import Task
from interpretable.report.blocks import cell, figure_cell, picture, table


def cascade(found: CascadeFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """The plan, the trial and promises, the frontier, who decides at what cost, routers and weights."""
    yield Listing(items=told(found, evidence, lang))
    if any(p.small is not None or p.cascade is not None for p in found.frontier):
        yield picture(
            figures.cascade_frontier(found, lang),
            figures.cascade_frontier_alt(found, lang),
            figures.cascade_frontier_table(found, lang),
            caption=_say("frontier", lang),
        )
        yield Paragraph(text=_say("frontier_note", lang), style="quiet")
    else:
        yield Paragraph(text=_say("frontier_none", lang))
    yield from who(found, lang)
    yield from behind(found, evidence.task, lang)


def told(found: CascadeFinding, evidence: Evidence, lang: str) -> tuple[str, ...]:
    """What was settled before asking, and what came of it."""
    before = words.cascade_plan(found.plan, lang, asks=found.stage.status != "not_asked")
    return (*before, *words.cascade(found, evidence.task, lang))


def behind(found: CascadeFinding, task: Task, lang: str) -> Iterator[Block]:
    """The routers and the weights."""
    yield from _routers(found, task, lang)
    if found.fusion is not None:
        yield from _fusion(found.fusion, task, lang)


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"cascade.{code}", lang, **params)


def who(found: CascadeFinding, lang: str) -> Iterator[Block]:
    """Who decides, and the bill."""
    total = sum(found.decided.values())
    if not total:
        return
    rows = [(_say(f"of_{one}", lang), round(1000 * n / total)) for one, n in found.decided.items()]
    heads = [_say("who_head", lang), _say("cases_head", lang)]
    yield table(heads, rows, caption=_say("who", lang), numeric=(1,))
    if found.bill is not None:
        heads = [_say("cost_head", lang), _say("amount_head", lang)]
        costs = words.cascade_bill(found.bill, lang)
        yield table(heads, costs, caption=_say("costs", lang), numeric=(1,))
        yield Paragraph(text=words.cascade_energy(found.bill, lang), style="quiet")


def _routers(found: CascadeFinding, task: Task, lang: str) -> Iterator[Block]:
    yield Heading(text=_say("router", lang))
    yield Paragraph(text=_say("router_lead", lang), style="quiet")
    yield _router_table(found.routers, task, lang)


def _router_table(routers: tuple[RouterTold, ...], task: Task, lang: str) -> Table:
    heads = [_say(f"{h}_head", lang) for h in ("of", "n", "wrong", "auroc", "sureness", "used", "reads")]
    rows = [
        (
            _say(f"of_{r.of}", lang),
            r.n,
            r.wrong,
            figure_cell(r.auroc, lang),
            figure_cell(r.auroc_sureness, lang),
            cell(words.cascade_router(r, lang), quiet="" if r.reason else f"p {words.p_value(r.p_value)}"),
            words.join([words.cascade_reads(one, task, lang) for one in r.reasons[:3]], lang) or None,
        )
        for r in routers
    ]
    return table(heads, rows, caption=_say("router", lang), numeric=(1, 2, 3, 4), folded=True)


def _fusion(found: FusionTold, task: Task, lang: str) -> Iterator[Block]:
    yield Heading(text=_say("fusion", lang))
    for line in words.cascade_fusion(found, lang):
        yield Paragraph(text=line)
    rows: list[tuple[str, str]] = [(_say("of_small", lang), words.fixed(found.small, 3))]
    if len(found.large) == 1:
        rows.append((_say("of_large", lang), words.fixed(found.large[0], 3)))
        rows.append((_say("intercept", lang), words.fixed(found.intercept, 3)))
    else:
        for name, weight in zip(found.classes, found.large, strict=True):
            named = _say("label_weight", lang, label=words.class_name(name, task, lang))
            rows.append((named, words.fixed(weight, 3)))
    heads = [_say("of_head", lang), _say("weight_head", lang)]
    yield table(heads, rows, caption=_say("fusion", lang), numeric=(1,), folded=True)
