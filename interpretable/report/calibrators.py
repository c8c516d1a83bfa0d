"""Section: does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interpretable import figures, words
from interpretable.records.calibrators import CalibratorsEvidence, MapTrial, MapTrials, SetResult, SmoothCurve
from interpretable.records.document import Block, Cell, Heading, Paragraph
from interpretable.records.evaluation import Figure
from interpretable.records.evidence import Evidence
from interpretable.records.task import Task
from interpretable.report.blocks import figure_cell, picture, table

FIGURES = (
    "calibration_slope", "calibration_intercept", "oe_ratio", "ici", "e50", "e90", "bin_error",
    "bin_error_debiased", "spiegelhalter_z",
)  # fmt: skip


def calibrators(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""
    found = evidence.calibrators
    if found is None:
        return
    yield from _curves(found, evidence.task, lang)
    yield from details(found, evidence.task, lang)


def details(found: CalibratorsEvidence, task: Task, lang: str) -> Iterator[Block]:
    """Everything but the curve: figures, ranges, corrections."""
    yield from _figures(found.curves, task, lang)
    yield from _spreads(found.curves, task, lang)
    yield from _ranges(found, task, lang)
    yield from _chance_ranges(found, task, lang)
    yield from _maps(found.maps, task, lang)


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"calibrators.{code}", lang, **params)


def _curves(found: CalibratorsEvidence, task: Task, lang: str) -> Iterator[Block]:
    tested = [c for c in found.curves if c.part == "test"]
    for curve in tested:
        for line in words.calibrated(curve, task, lang):
            yield Paragraph(text=line, style="lead" if curve is tested[0] else "")
        if not curve.points:
            continue
        yield picture(
            figures.smooth_curve(curve, task, lang),
            figures.smooth_curve_alt(curve, task, lang),
            figures.smooth_curve_table(curve, task, lang),
            caption=words.class_name(curve.output, task, lang) if curve.output else "",
        )
    if any(c.points for c in tested):
        yield Paragraph(text=_say("band", lang), style="quiet")


def _figures(curves: Sequence[SmoothCurve], task: Task, lang: str) -> Iterator[Block]:
    """Every figure on the test part, beside it out of fold."""
    yield Heading(text=_say("figures", lang))
    for output in dict.fromkeys(c.output for c in curves):
        own = [c for c in curves if c.output == output]
        head = [_say("figure_head", lang), *(_say(f"part.{c.part}", lang) for c in own)]
        rows = []
        for name in FIGURES:
            if any(name in c.figures for c in own):
                rows.append((_say(f"figure.{name}", lang), *(_figure(c, name, lang) for c in own)))
        caption = words.class_name(output, task, lang) if output else ""
        yield table(head, rows, caption=caption, numeric=tuple(range(1, len(head))))
    if task.kind != "regression" and any(c.part == "out_of_fold" for c in curves):
        yield Paragraph(text=_say("out_of_fold", lang), style="quiet")


def _figure(curve: SmoothCurve, name: str, lang: str) -> Cell:
    made = figure_cell(curve.figures.get(name), lang)
    if name == "ici" and curve.ici_by_chance is not None and curve.figures[name].value is not None:
        return Cell(text=made.text, quiet=_say("up_to", lang, chance=words.fixed(curve.ici_by_chance)))
    if name == "spiegelhalter_z" and curve.p_value is not None:
        return Cell(text=made.text, quiet=_p(curve.p_value, lang))
    return made


def _p(value: float, lang: str) -> str:
    return _say("p_small", lang) if value < 0.001 else _say("p_value", lang, p=words.fixed(value))


def _spreads(curves: Sequence[SmoothCurve], task: Task, lang: str) -> Iterator[Block]:
    for curve in curves:
        if curve.part == "test" and curve.spreads:
            yield Heading(text=_say("spreads", lang))
            heads = (words.say("draw.head.said", lang), words.say("draw.head.rows", lang))
            rows = [
                (words.amount(s.said, task, lang), s.n, figure_cell(s.spread, lang)) for s in curve.spreads
            ]
            yield table((*heads, _say("spread_head", lang)), rows, numeric=(0, 1, 2))


def _ranges(found: CalibratorsEvidence, task: Task, lang: str) -> Iterator[Block]:
    yield Heading(text=_say("ranges", lang))
    n, subject = found.rows.get("calibration", 0), words.subject(task, lang, many=False)
    yield Paragraph(text=_say("ranges_lead", lang, n=n, subject=subject))
    for line in words.coverage(found, task, lang):
        yield Paragraph(text=line)
    whole = [s for s in found.sets if not s.by]
    yield _set_table(whole, task, lang, name=_say("method_head", lang))
    split = [s for s in found.sets if s.by]
    if split:
        yield Paragraph(text=_say("by_lead", lang), style="quiet")
    for by in dict.fromkeys(s.by for s in split):
        own = [s for s in split if s.by == by]
        title = _say("by_class", lang)
        if by != "class":
            title = _say("by_column", lang, name=words.label(by, task, lang))
        yield _set_table(own, task, lang, name=words.say("draw.head.group", lang), caption=title)


def _set_table(sets: Sequence[SetResult], task: Task, lang: str, *, name: str, caption: str = "") -> Block:
    amounts = task.kind == "regression"
    heads = ["level", "rows", "promise", "kept"]
    heads += [*(["common"] if caption else []), "width" if amounts else "size"]
    heads += [] if amounts else ["single"]
    rows = [_set_row(s, task, lang, split=bool(caption)) for s in sets]
    return table(
        [name, *(_say(f"{h}_head", lang) for h in heads)],
        rows, caption=caption, numeric=tuple(range(1, len(heads) + 1)), folded=bool(caption),
    )  # fmt: skip


def _set_row(found: SetResult, task: Task, lang: str, *, split: bool) -> list[Cell | str | int | None]:
    promise = "–"
    if found.promised_low is not None and found.promised_high is not None:
        edges = {"low": found.promised_low, "high": found.promised_high}
        promise = _say("between", lang, **{k: words.percent(v, lang) for k, v in edges.items()})
    kept = _share(found.coverage, lang, n=found.n_test)
    if found.quantile is None:
        kept = Cell(text="–", quiet=_say("too_few", lang, n=found.n))
    row: list[Cell | str | int | None] = [
        _named(found, task, lang), words.percent(found.level, lang), found.n, promise, kept,
    ]  # fmt: skip
    if split:
        row.append(_share(found.common_coverage, lang))
    if task.kind == "regression":
        return [*row, None if found.size is None else words.amount(found.size, task, lang)]
    single = None if found.single is None else words.percent(found.single, lang)
    return [*row, words.fixed(found.size, 2), single]


def _named(found: SetResult, task: Task, lang: str) -> str:
    if not found.by:
        return _say(f"method.{found.method}", lang)
    if found.by == "class":
        return words.class_name(found.group, task, lang)
    return words.group_name(found.group, lang, column=words.find_column(found.by, task))


def _share(found: Figure | None, lang: str, *, n: int = 0) -> Cell:
    if found is None or found.value is None:
        return Cell(text="–", quiet="" if found is None else words.missing_figure(found.reason, lang))
    told = [] if found.low is None or found.high is None else [
        _say("between", lang, low=words.percent(found.low, lang), high=words.percent(found.high, lang))
    ]  # fmt: skip
    told += [_say("test_rows", lang, n=n)] if n else []
    return Cell(
        text=words.percent(found.value, lang), quiet="; ".join(told) if lang == "en" else "；".join(told)
    )


def _chance_ranges(found: CalibratorsEvidence, task: Task, lang: str) -> Iterator[Block]:
    if not found.chance_ranges:
        return
    yield Heading(text=_say("chance_ranges", lang))
    yield Paragraph(text=_say("chance_ranges_lead", lang, n=found.rows.get("calibration", 0)))
    rows = [
        (
            words.chance(r.said, lang),
            _say("between", lang, low=words.chance(r.low, lang), high=words.chance(r.high, lang)),
        )
        for r in found.chance_ranges
    ]
    heads = (words.say("draw.head.said", lang), _say("chance_range_head", lang))
    yield table(heads, rows, folded=len(rows) > 10, caption=_say("chance_ranges", lang))


def _maps(maps: Sequence[MapTrials], task: Task, lang: str) -> Iterator[Block]:
    if not maps:
        return
    yield Heading(text=_say("maps", lang))
    if task.kind == "regression":
        yield Paragraph(text=_say("maps_none", lang))
        return
    yield Paragraph(text=_say("maps_lead", lang, standing=_map(maps[0].standing, lang)))
    for tried in maps:
        yield Paragraph(text=words.output_map(tried, lang))
        head = [_say(f"{h}_head", lang) for h in ("map", "log_loss", "brier", "gain")]
        rows = [_trial(t, lang) for t in tried.trials]
        yield table(
            head, rows, numeric=(1, 2, 3), caption=words.model(tried.model, lang), folded=tried is not maps[0]
        )


def _map(name: str, lang: str) -> str:
    return _say(f"map.{name}", lang)


def _trial(trial: MapTrial, lang: str) -> list[Cell | str]:
    name = _map(trial.name, lang)
    if trial.log_loss is None:
        why = _say("not_tried", lang, reason=words.missing_figure(trial.reason, lang))
        return [Cell(text=name, quiet=why), "–", "–", "–"]
    gain = Cell(text="–") if trial.gain is None else figure_cell(trial.gain, lang, digits=4)
    return [name, words.fixed(trial.log_loss, 4), words.fixed(trial.brier, 4), gain]
