"""Where a model is weak: one drawing per question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.diagnostics import Conditions, DiagnosticsEvidence
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.words import weakness

Row = dict[str, Any]
_LINES = alt.Axis(labelLimit=420, labelExpr="split(datum.label, '\\n')")
MOST = 14  # rows of a drawing; the table has all


def _say(code: str, lang: str, **params: Any) -> str:
    return words.say(f"diagnostics.{code}", lang, **params)


def _axis(code: str, found: DiagnosticsEvidence, lang: str) -> str:
    return _say(f"axis.{code}", lang, loss=_say(f"loss.axis_{found.metric}", lang))


def _dot(
    label: str, figure: Figure | None, value: float | None = None, *, times: float = 1.0, solid: bool = True
) -> Row:
    """A named value with the ends of its interval, where there are any; hollow where it may be chance."""
    value = figure.value if figure is not None else value
    low, high = (None, None) if figure is None else (figure.low, figure.high)
    ends = [value if end is None else end for end in (low, high)]
    x, first, last = (None if v is None else times * v for v in (value, *ends))
    return {"label": label, "x": x, "low": first, "high": last, "solid": solid}


def _where(conditions: Conditions, task: Task, lang: str) -> str:
    """One line per condition."""
    return "\n".join(words.start(weakness.condition(one, task, lang)) for one in conditions)


def _dots(rows: Sequence[Row], title: str, *, reference: float | None) -> alt.LayerChart:
    """Values with intervals beneath each other, and a dashed line to read them against."""
    shown = [r for r in rows if r["x"] is not None][:MOST]
    order = [str(name) for name in dict.fromkeys(r["label"] for r in shown)]
    y = alt.Y("label:N", title=None, sort=order, axis=_LINES)
    x = alt.X("x:Q", title=title, scale=alt.Scale(zero=False, padding=12), axis=alt.Axis(tickCount=7))
    base = alt.Chart(theme.data(shown))
    fill = alt.when("datum.solid").then(alt.value(theme.PRIMARY)).otherwise(alt.value(theme.PAPER))
    layers = [
        base.mark_rule(color=theme.PRIMARY, strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(size=80, opacity=1, stroke=theme.PRIMARY, strokeWidth=2).encode(y=y, x=x, fill=fill),
    ]
    if reference is not None:
        rule = alt.Chart(theme.data([{"x": reference}])).mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3])
        layers.insert(0, rule.encode(x="x:Q"))
    lines = [line for label in order for line in label.split("\n")]
    return theme.finish(alt.layer(*layers), height=22 * max(len(lines), 2) + 16, labels=lines)


def _line(rows: Sequence[Row], x_title: str, y_title: str, *, whole: bool = True) -> alt.LayerChart:
    """Values over a number, with intervals; several lines have their names at the end."""
    names = list(dict.fromkeys(r["name"] for r in rows))
    axis = alt.Axis(tickCount=6, format="~s" if whole else "")
    x = alt.X("at:Q", title=x_title, axis=axis, scale=alt.Scale(nice=False, padding=14))
    y = alt.Y("x:Q", title=y_title, scale=alt.Scale(zero=False, padding=12))
    colour = alt.Color("name:N", scale=_scale(names, theme.MODEL_COLOURS), legend=None)
    dash = alt.StrokeDash("name:N", scale=_scale(names, theme.MODEL_DASHES), legend=None)
    base = alt.Chart(theme.data(list(rows)))
    layers = [
        base.mark_rule(strokeWidth=1.5, opacity=0.7).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour),
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=x, y=y, color=colour),
    ]
    if len(names) > 1:
        layers.append(_names(rows, names, x, colour))
    return theme.finish(alt.layer(*layers), ends=names if len(names) > 1 else ())


def _scale(names: Sequence[str], values: Sequence[Any]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=list(values[: len(names)]))


def _names(rows: Sequence[Row], names: Sequence[str], x: alt.X, colour: alt.Color) -> alt.Chart:
    last = [max((r for r in rows if r["name"] == name), key=lambda r: r["at"]) for name in names]
    spread = [v for r in rows for v in (r["low"], r["high"]) if v is not None]
    places = theme.spread_out([r["x"] for r in last], gap=0.07 * ((max(spread) - min(spread)) or 1.0))
    ends = [{**r, "x": place} for r, place in zip(last, places, strict=True)]
    text = alt.Chart(theme.data(ends)).mark_text(align="left", dx=8)
    return text.encode(x=x, y="x:Q", text="name:N", color=colour)


def _weak(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart | None:
    rows = [
        _dot(_where(s.conditions, task, lang), s.loss, solid=s.verdict == "confirmed")
        for s in found.weak.spots
        if s.loss
    ]
    return _dots(rows, _axis("loss", found, lang), reference=found.weak.overall.value) if rows else None


def _overfit(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart:
    rows = [
        _dot(_where(r.conditions, task, lang), None, r.gap, solid=r.p_value <= weakness.CHANCE)
        for r in found.overfit.regions
    ]
    return _dots(rows, _axis("gap", found, lang), reference=found.overfit.gap.value)


def _reliability(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart:
    whole = found.reliability
    rows = [_dot(_say("all_rows", lang), whole.coverage, times=100)]
    rows += [_dot(_where(s.conditions, task, lang), s.coverage, times=100) for s in whole.slices]
    return _dots(rows, _axis("coverage", found, lang), reference=100 * whole.level)


def _model_name(name: str, found: DiagnosticsEvidence, lang: str) -> str:
    named = words.model(name, lang)
    return _say("in_use", lang, name=named) if name == found.model else named


def _robustness(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart:
    rows = []
    for p in found.robustness.curve:
        base = p.loss - p.change.value
        edges = [base + (p.change.value if e is None else e) for e in (p.change.low, p.change.high)]
        name = _model_name(p.model, found, lang)
        rows.append({"name": name, "at": 100 * p.size, "x": p.loss, "low": edges[0], "high": edges[1]})
    return _line(rows, _axis("noise", found, lang), _axis("loss", found, lang))


def _resilience(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart | None:
    rows = [_dot(words.start(words.label(m.feature, task, lang)), m.change) for m in found.resilience.missing]
    return _dots(rows, _axis("change", found, lang), reference=0.0) if rows else None


def group_of(column: str, group: str, task: Task, lang: str) -> str:
    """'Hospital: Hungary'."""
    described = words.find_column(column, task)
    name = words.start(words.label(described, task, lang))
    return _say("level", lang, name=name, group=words.group_name(group, lang, column=described))


def _cohorts(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart | None:
    groups = [(c, g) for c in found.cohorts for g in c.groups if not g.too_few]
    rows = [_dot(group_of(c.column, g.group, task, lang), g.loss) for c, g in groups]
    reference = found.weak.overall.value if found.weak else None
    return _dots(rows, _axis("loss", found, lang), reference=reference) if rows else None


def _learning(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart:
    rows = [{**_dot("", p.loss), "at": p.rows, "name": ""} for p in found.learning.points]
    return _line(rows, _axis("rows", found, lang), _axis("loss", found, lang))


def _size(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart:
    rows = [{**_dot("", p.loss), "at": p.features, "name": ""} for p in found.size.points]
    return _line(rows, _axis("columns", found, lang), _axis("loss", found, lang))


def _drift(found: DiagnosticsEvidence, task: Task, lang: str) -> alt.LayerChart:
    table = found.drift.tables[-1]
    rows = [
        {"label": words.start(words.label(c.column, task, lang)), "x": c.psi, "floor": c.floor}
        for c in table.columns[:MOST]
    ]
    order = [str(r["label"]) for r in rows]
    y = alt.Y("label:N", title=None, sort=order, axis=alt.Axis(labelLimit=360))
    base = alt.Chart(theme.data(rows))
    x = alt.X("x:Q", title=_axis("psi", found, lang))
    layers = [
        base.mark_bar(color=theme.PRIMARY, height={"band": 0.5}, cornerRadiusEnd=2).encode(y=y, x=x),
        base.mark_tick(color=theme.RAISES, thickness=3, size=20).encode(y=y, x="floor:Q"),
    ]
    return theme.finish(alt.layer(*layers), height=26 * max(len(rows), 2) + 12, labels=order)


def diagnosis(name: str, found: DiagnosticsEvidence, task: Task, lang: str = "en") -> alt.LayerChart | None:
    """The drawing of one question of `words.weakness.QUESTIONS`; None where there is nothing to draw."""
    return _DRAWN[name](found, task, lang)


def diagnosis_alt(name: str, found: DiagnosticsEvidence, task: Task, lang: str = "en") -> str:
    """What the drawing shows, and the answer to the question."""
    return _say(f"alt.{name}", lang, answer=weakness.answer(name, found, task, lang))


def _row(lang: str, /, **cells: Any) -> dict[str, str]:
    """Cells by the code of their head; numbers are made text."""
    return {
        _say(f"head.{code}", lang): words.number(value) if isinstance(value, int) else str(value)
        for code, value in cells.items()
    }


def _p(value: float | None, lang: str) -> str:
    return "–" if value is None else words.fixed(value)


def _weak_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    rows, amount = [], "_amount" if task.kind == "regression" else ""
    for s in found.weak.spots:
        where = words.start(weakness.conditions(s.conditions, task, lang))
        cells = {"where": where, "verdict": _say(f"weak.{s.verdict}", lang), "rows": s.n}
        cells |= {"loss": weakness.interval(s.loss, lang), "rest": words.fixed(s.rest)}
        cells["gap"] = weakness.interval(s.gap, lang)
        cells[f"wrong{amount}"] = weakness.wrong(s.wrong.value if s.wrong else None, task, lang)
        cells[f"wrong_rest{amount}"] = weakness.wrong(s.wrong_rest, task, lang)
        cells["p"] = _p(s.p_value, lang)
        if task.kind == "binary":
            cells["oe"] = weakness.interval(s.oe, lang, digits=2)
        if task.kind != "regression":
            cells["expected"] = weakness.interval(s.excess, lang)
        row = _row(lang, **cells)
        if found.rival:
            rival = words.model(found.rival, lang)
            row[_say("head.rival", lang, rival=rival)] = weakness.interval(s.rival_loss, lang)
        rows.append(row)
    return rows


def _overfit_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    return [
        _row(
            lang, where=words.start(weakness.conditions(r.conditions, task, lang)), train_rows=r.n,
            fit=words.fixed(r.fit_loss), oof=words.fixed(r.oof_loss), gap=words.fixed(r.gap),
            gap_rest=words.fixed(r.rest_gap), p=_p(r.p_value, lang),
        )
        for r in found.overfit.regions
    ]  # fmt: skip


def _reliability_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    whole, width = found.reliability, "width_amount" if task.kind == "regression" else "width"
    rows = [(_say("all_rows", lang), whole, None)]
    rows += [(words.start(weakness.conditions(s.conditions, task, lang)), s, s.p_value) for s in whole.slices]
    return [
        _row(
            lang, where=where, rows=s.n, coverage=weakness.interval(s.coverage, lang),
            **{width: words.fixed(s.width, 2)}, p=_p(p, lang),
        )
        for where, s, p in rows
    ]  # fmt: skip


def _robustness_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    rows = []
    for p in found.robustness.curve:
        cells = {"model": _model_name(p.model, found, lang), "size": words.fixed(p.size, 2)}
        cells |= {"loss": words.fixed(p.loss), "change": weakness.interval(p.change, lang)}
        if p.auroc is not None:
            cells["auroc"] = words.fixed(p.auroc)
        if p.flips is not None:
            cells["flips"] = weakness.interval(p.flips, lang)
        rows.append(_row(lang, **cells, moved=words.fixed(p.moved)))
    return rows


def _resilience_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    rows = []
    for m in found.resilience.missing:
        cells = {"column": words.start(words.label(m.feature, task, lang))}
        cells |= {"missing": words.percent(m.missing_rate, lang), "change": weakness.interval(m.change, lang)}
        if m.flips is not None:
            cells["flips"] = words.percent(m.flips, lang)
        rows.append(_row(lang, **cells, flagged=words.percent(m.flagged, lang)))
    return rows


def _cohorts_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    rows, amount = [], "_amount" if task.kind == "regression" else ""
    few = words.say("draw.too_few", lang)
    for c in found.cohorts:
        described = words.find_column(c.column, task)
        for g in c.groups:
            cells: Row = {"column": words.start(words.label(described, task, lang))}
            cells |= {"group": words.group_name(g.group, lang, column=described), "rows": g.n}
            cells["loss"] = few if g.too_few else weakness.interval(g.loss, lang)
            cells[f"wrong{amount}"] = weakness.wrong(g.wrong.value if g.wrong else None, task, lang)
            if task.kind == "binary":
                cells["oe"] = weakness.interval(g.oe, lang, digits=2)
            rows.append(_row(lang, **cells, p=_p(c.p_value, lang)))
    return rows


def _learning_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    return [
        _row(lang, train_rows=p.rows, loss=weakness.interval(p.loss, lang), auroc=words.fixed(p.auroc))
        for p in found.learning.points
    ]


def _size_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    return [
        _row(
            lang, columns=p.features, added=words.start(words.label(p.added, task, lang)) if p.added else "–",
            loss=weakness.interval(p.loss, lang), auroc=words.fixed(p.auroc),
            behind=weakness.interval(p.behind, lang),
        )
        for p in found.size.points
    ]  # fmt: skip


def _drift_table(found: DiagnosticsEvidence, task: Task, lang: str) -> list[dict[str, str]]:
    """Every part, column by column; the outcome and the estimate come last."""
    rows = []
    for table in found.drift.tables:
        part = _say(f"part.{table.name}", lang)
        for c in (*table.columns, *(d for d in (table.target, table.estimate) if d is not None)):
            name = words.label(c.column, task, lang) if c.column else _say("estimate", lang)
            cells = {"part": part, "column": words.start(name), "psi": words.fixed(c.psi)}
            rows.append(_row(lang, **cells, floor=words.fixed(c.floor), p=_p(c.p_value, lang)))
    return rows


def diagnosis_table(
    name: str, found: DiagnosticsEvidence, task: Task, lang: str = "en"
) -> list[dict[str, str]]:
    """The numbers of one question."""
    return _TABLES[name](found, task, lang)


_DRAWN: dict[str, Callable[[DiagnosticsEvidence, Task, str], Any]] = {
    "weak": _weak,
    "overfit": _overfit,
    "reliability": _reliability,
    "robustness": _robustness,
    "resilience": _resilience,
    "cohorts": _cohorts,
    "learning": _learning,
    "size": _size,
    "drift": _drift,
}
_TABLES: dict[str, Callable[[DiagnosticsEvidence, Task, str], list[dict[str, str]]]] = {
    "weak": _weak_table,
    "overfit": _overfit_table,
    "reliability": _reliability_table,
    "robustness": _robustness_table,
    "resilience": _resilience_table,
    "cohorts": _cohorts_table,
    "learning": _learning_table,
    "size": _size_table,
    "drift": _drift_table,
}
