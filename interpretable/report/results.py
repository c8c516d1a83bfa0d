"""Sections on how well models do: development, performance, calibration, decision curve, groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from interpretable import figures, words
from interpretable.records.document import Block, Cell, Heading, Paragraph
from interpretable.records.evaluation import Comparison, Measures
from interpretable.records.evidence import Evidence, ModelEvidence
from interpretable.report.blocks import cell, figure_cell, picture, size, table

_GROUP_METRICS = {
    "binary": (
        "prevalence",
        "selection_rate",
        "sensitivity",
        "false_positive_rate",
        "ppv",
        "auroc",
        "calibration_slope",
        "oe_ratio",
    ),
    "multiclass": ("auroc", "accuracy", "macro_f1", "brier"),
    "regression": ("mean_estimate", "rmse", "mae", "bias", "calibration_slope"),
}


def box(model: ModelEvidence, lang: str) -> str:
    """Glass box, black box or language model."""
    kind = "language" if model.ledger is not None else "glass" if model.glass_box else "black"
    return words.say(f"box.{kind}", lang)


def named(model: ModelEvidence, evidence: Evidence, lang: str) -> str:
    """The model's name, marked where it is the one in use."""
    name = words.model(model.name, lang)
    return (
        words.say("report.development.selected", lang, name=name) if model.name == evidence.selected else name
    )


def development(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The candidates, what they reached out of fold, and why one was taken."""
    chosen = evidence.selection
    yield Paragraph(text=words.say("report.development.lead", lang), style="lead")
    metric = words.metric(chosen.metric, lang)
    head = [words.say(f"report.development.{h}", lang) for h in ("candidate", "kind")]
    head += [words.say("report.development.oof", lang, metric=metric)]
    head += [words.say(f"report.development.{h}", lang) for h in ("folds", "terms")]
    candidates = [m for m in evidence.models if m.ledger is None]
    rows = []
    for model in candidates:
        first = Cell(text=named(model, evidence, lang), quiet=_about(model, lang))
        value = words.fixed(model.oof.get(chosen.metric))
        rows.append((first, box(model, lang), value, _folds(model, chosen.metric, lang), model.terms))
    yield table(head, rows, numeric=(2, 3, 4))
    yield Heading(text=words.say("report.development.reason", lang))
    yield Paragraph(text=words.selection(chosen, lang))
    margin = words.fixed(chosen.margin)
    yield Paragraph(
        text=words.say("report.development.margin", lang, margin=margin, metric=metric), style="quiet"
    )
    settings = [
        (words.model(m.name, lang), _settings(m, lang)) for m in candidates if m.settings or m.recalibration
    ]
    if settings:
        heads = (
            words.say("report.development.candidate", lang),
            words.say("report.development.settings", lang),
        )
        yield table(heads, settings, caption=heads[1], folded=True)


def _about(model: ModelEvidence, lang: str) -> str:
    return (
        words.say(f"model_about.{model.name}", lang) if words.has(f"model_about.{model.name}", lang) else ""
    )


def _folds(model: ModelEvidence, metric: str, lang: str) -> str:
    values = [fold[metric] for fold in model.oof_folds if fold.get(metric) is not None]
    if not values:
        return "–"
    return words.say(
        "report.development.folds_text", lang, low=words.fixed(min(values)), high=words.fixed(max(values))
    )


def _settings(model: ModelEvidence, lang: str) -> str:
    told = {**model.settings}
    if model.recalibration:
        told[words.say("report.development.recalibration", lang)] = model.recalibration
    return "; ".join(f"{words.readable(str(k))}: {_setting(v)}" for k, v in told.items())


def _setting(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{words.readable(str(k))} {_setting(v)}" for k, v in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(_setting(v) for v in value)
    return words.number(value) if isinstance(value, (int, float)) else words.clean(value)


def performance(evidence: Evidence, lang: str) -> Iterator[Block]:
    """All models side by side: on the whole test part, on the language model's rows, paired, with costs."""
    whole = [m for m in evidence.models if m.ledger is None]
    headline = words.headline_metric(evidence.task)
    yield Paragraph(text=words.say("report.performance.lead", lang, n=whole[0].n), style="lead")
    yield from _side_by_side(
        whole, evidence, lang, subsample=False, caption=words.say("report.performance.figure", lang)
    )
    caption = words.say("report.performance.table", lang)
    yield _measure_table(whole, whole, evidence, lang, caption=caption)
    yield from _comparisons(evidence.comparisons, lang)
    yield from _subsample(evidence, lang, headline=headline)
    yield from _details(evidence, lang)
    yield Heading(text=words.say("report.performance.cost", lang))
    yield _costs(evidence, lang)


def _side_by_side(
    models: Sequence[ModelEvidence], evidence: Evidence, lang: str, *, subsample: bool, caption: str = ""
) -> Iterator[Block]:
    chart = figures.metrics(models, evidence.task, lang, subsample=subsample)
    alt = figures.metrics_alt(models, evidence.task, lang, subsample=subsample)
    rows = figures.metrics_table(models, evidence.task, lang, subsample=subsample)
    if rows:
        yield picture(chart, alt, rows, caption=caption)


def _measure_table(
    models: Sequence[ModelEvidence],
    measures: Sequence[Measures],
    evidence: Evidence,
    lang: str,
    *,
    caption: str,
    source: str = "",
) -> Block:
    """Metrics as rows, models as columns; each figure says where in the evidence it stands."""
    head = [words.say("report.performance.metric", lang), *(named(m, evidence, lang) for m in models)]
    rows = []
    for name in dict.fromkeys(key for m in measures for key in m.metrics):
        cells = [
            figure_cell(found.metrics.get(name), lang, source=f"{model.name}.{source}{name}")
            for model, found in zip(models, measures, strict=True)
        ]
        rows.append((Cell(text=words.metric(name, lang), quiet=words.metric_meaning(name, lang)), *cells))
    return table(head, rows, caption=caption, numeric=tuple(range(1, len(head))))


def _comparisons(found: Sequence[Comparison], lang: str) -> Iterator[Block]:
    if not found:
        return
    yield Heading(text=words.say("report.performance.comparisons", lang))
    yield Paragraph(text=words.say("report.performance.comparison_lead", lang), style="quiet")
    heads = ("compared", "metric", "difference", "p", "n", "verdict")
    rows = []
    for c in found:
        method = words.method(c.method, lang)
        p = Cell(text="–" if c.p_value is None else _p_value(c.p_value), quiet=method)
        name, metric = words.model(c.model, lang), words.metric(c.metric, lang)
        rows.append((name, metric, figure_cell(c.difference, lang), p, c.n, words.comparison(c, lang)))
    yield table([words.say(f"report.performance.{h}", lang) for h in heads], rows, numeric=(2, 3, 4))


def _p_value(p: float) -> str:
    return "< 0.001" if p < 0.001 else words.fixed(p)


def _subsample(evidence: Evidence, lang: str, *, headline: str) -> Iterator[Block]:
    if not any(m.ledger is not None for m in evidence.models):
        return
    pairs = [(m, m.subsample or (m if m.ledger is not None else None)) for m in evidence.models]
    known = [(m, found) for m, found in pairs if found is not None]
    n = known[-1][1].n
    title = words.say("report.performance.subsample_figure", lang)
    yield Heading(text=title)
    yield Paragraph(text=words.say("report.performance.subsample_lead", lang, n=n))
    models = [m for m, _ in known]
    yield from _side_by_side(models, evidence, lang, subsample=True)
    caption = words.say("report.performance.subsample_table", lang, n=n)
    yield _measure_table(models, [f for _, f in known], evidence, lang, caption=caption, source="subsample.")
    yield from _comparisons(evidence.comparisons_subsample, lang)


def _details(evidence: Evidence, lang: str) -> Iterator[Block]:
    """One answer against the rest, and what was said against what happened, for the model in use."""
    model = evidence.model(evidence.selected)
    if model.per_class:
        yield Heading(text=words.say("report.performance.per_class", lang))
        names = list(dict.fromkeys(name for found in model.per_class.values() for name in found))
        rows = [
            (words.clean(c), *(figure_cell(f.get(n), lang) for n in names))
            for c, f in model.per_class.items()
        ]
        head = (words.say("report.data.outcome", lang), *(words.metric(n, lang) for n in names))
        yield table(head, rows, numeric=tuple(range(1, len(head))))
    classes = evidence.data.classes
    if model.confusion and len(classes) == len(model.confusion):
        yield Heading(text=words.say("report.performance.confusion", lang))
        head = ("", *(words.clean(c) for c in classes))
        rows = [
            (words.say("report.performance.observed", lang, name=c), *counts)
            for c, counts in zip(classes, model.confusion, strict=True)
        ]
        yield table(head, rows, numeric=tuple(range(1, len(head))))


def _costs(evidence: Evidence, lang: str) -> Block:
    heads = ("seconds_fit", "seconds_1000", "size", "tokens_1000", "money_1000", "unreadable")
    head = [words.say("report.development.candidate", lang), words.say("report.development.kind", lang)]
    head += [words.say(f"report.performance.{h}", lang) for h in heads]
    rows = [(words.model(m.name, lang), box(m, lang), *_cost_cells(m, lang)) for m in evidence.models]
    return table(head, rows, numeric=tuple(range(2, len(head))))


def _cost_cells(model: ModelEvidence, lang: str) -> list[Cell]:
    held = size(model.size_bytes, lang)
    bill = model.ledger
    if bill is None:
        fit = float(f"{model.seconds_fit:.3g}")
        return [cell(x) for x in (fit, float(f"{model.seconds_per_1000:.2g}"), held, None, 0, None)]
    rows = bill.rows or 1
    seconds = model.seconds_per_1000 or bill.seconds / rows * 1000
    tokens = round((bill.tokens_in + bill.tokens_out) / rows * 1000)
    money = words.say(
        "report.performance.money_text",
        lang,
        money=words.number(round(bill.money / rows * 1000, 4)),
        currency=bill.currency,
    )
    failed = words.say("report.performance.failures_text", lang, failures=bill.failures, rows=bill.rows)
    return [cell(x) for x in (None, float(f"{seconds:.3g}"), held, tokens, money, failed)]


def calibration(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Whether what is said is what happens."""
    models = _selected_first([m for m in evidence.models if m.calibration and m.ledger is None], evidence)
    if not models:
        return
    yield Paragraph(text=words.say("report.calibration.lead", lang), style="lead")
    rows = figures.calibration_table(models, evidence.task, lang)
    yield picture(
        figures.calibration(models, evidence.task, lang),
        figures.calibration_alt(models, evidence.task, lang),
        rows,
    )


def _selected_first(models: Sequence[ModelEvidence], evidence: Evidence) -> list[ModelEvidence]:
    return sorted(models, key=lambda m: m.name != evidence.selected)


def decision_curve(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Over which lines acting on a model beats acting on all or on nobody."""
    models = _selected_first([m for m in evidence.models if m.decision_curve and m.ledger is None], evidence)
    if not models:
        return
    yield Paragraph(text=words.say("report.decision_curve.lead", lang), style="lead")
    alt = figures.decision_curve_alt(models, evidence.task, lang)
    rows = figures.decision_curve_table(models, evidence.task, lang)
    yield picture(figures.decision_curve(models, evidence.task, lang), alt, rows)
    yield Paragraph(text=alt)
    sure = figures.decision_curve_sure(models[0], evidence.task, lang)
    if sure:
        yield Paragraph(text=sure)
        yield Paragraph(text=words.say("calibrators.benefit_band", lang), style="quiet")
    times = {event["action"]: event.get("time") for event in evidence.events if "action" in event}
    if {"line_fixed", "test_part_opened"} <= set(times):
        fixed, opened = (
            words.clean(times[k]).replace("T", " ").replace("+00:00", " UTC")
            for k in ("line_fixed", "test_part_opened")
        )
        yield Paragraph(
            text=words.say("calibrators.line_first", lang, fixed=fixed, opened=opened), style="quiet"
        )


def groups(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The model in use, group by group, with intervals or 'too few to say'."""
    if not evidence.groups:
        yield Paragraph(text=words.say("report.groups.none", lang))
        return
    task, found = evidence.task, evidence.groups
    yield Paragraph(text=words.say("report.groups.lead", lang), style="lead")
    metric = words.headline_metric(task)
    overall = evidence.model(evidence.selected).metrics.get(metric)
    chart = figures.groups(found, task, lang, metric=metric, overall=overall)
    caption = words.say("report.groups.title", lang, metric=words.metric(metric, lang))
    alt = figures.groups_alt(found, task, lang, metric=metric)
    yield picture(chart, alt, figures.groups_table(found, task, lang, metric=metric), caption=caption)
    yield Paragraph(text=words.say("report.groups.floor", lang), style="quiet")
    names = [n for n in _GROUP_METRICS[task.kind] if any(n in g.metrics for g in found)]
    head = [words.say(f"draw.head.{h}", lang) for h in ("column", "group", "rows", "events")]
    rows = []
    for group in found:
        cells = [figure_cell(group.metrics.get(n), lang) for n in names]
        if group.too_few:
            cells = [Cell(text="–", quiet=words.say("draw.too_few", lang))] * len(names)
        described = words.find_column(group.column, task)
        column = words.start(words.label(described, task, lang))
        rows.append(
            (column, words.group_name(group.group, lang, column=described), group.n, group.events, *cells)
        )
    head += [words.metric(n, lang) for n in names]
    caption = words.say("report.groups.measures", lang)
    yield table(head, rows, caption=caption, numeric=tuple(range(2, len(head))))
