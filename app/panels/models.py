"""Models side by side: how good, what kind, what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from interpretable_app.panels.html import Safe, emit, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.evidence import Evidence, ModelEvidence
from interpretable.records.exchange import Ledger
from interpretable.records.task import Task

BY_KIND = {
    "binary": ("auroc", "brier", "log_loss", "calibration_slope"),
    "multiclass": ("auroc", "accuracy", "brier", "log_loss"),
    "regression": ("rmse", "mae", "r2", "calibration_slope"),
}


def draw_models(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """One row per model. Language models are measured on fewer rows: their row says so."""
    names = BY_KIND[evidence.task.kind] if specialist else (words.headline_metric(evidence.task),)
    if evidence.task.kind == "multiclass" and not specialist:
        names = (*names, "accuracy")
    heads = [t(f"evidence.head.{h}", lang) for h in ("model", "kind")]
    heads += [words.metric(name, lang) for name in names]
    heads += [t(f"evidence.head.{h}", lang) for h in ("rows", "speed", "money")]
    rows = [_row(model, names, lang, chosen=model.name == evidence.selected) for model in evidence.models]
    caption = t("evidence.models_caption", lang)
    head = tag("thead", tag("tr", *_heads(heads)))
    table = tag("table", tag("caption", caption), head, tag("tbody", *rows))
    emit(tag("div", table, cls="scroll", tabindex="0", role="region", aria_label=caption))
    _draw_same_rows(evidence, names[0], lang)
    emit(
        *(
            tag("p", words.metric(n, lang), ": ", words.metric_meaning(n, lang), cls="small soft")
            for n in names
        )
    )


def _draw_same_rows(evidence: Evidence, name: str, lang: str) -> None:
    """A language model is asked about fewer cases: how the others do on these, or the rows do not compare."""
    if all(model.ledger is None for model in evidence.models):
        return
    shared = [m for m in evidence.models if m.ledger is None and m.subsample and name in m.subsample.metrics]
    known = [(m, m.subsample) for m in shared if m.subsample is not None]
    if known:
        said = [f"{words.model(m.name, lang)} {words.figure(on.metrics[name], lang)}" for m, on in known]
        params = {"n": known[0][1].n, "metric": words.metric(name, lang), "figures": said}
        emit(tag("p", t("evidence.same_rows", lang, **params)))


def _heads(names: Sequence[str]) -> list[Safe]:
    """The last three columns hold numbers and stand to the right."""
    numbers = len(names) - 3
    return [
        tag("th", name, scope="col", cls="n" if place >= numbers else None)
        for place, name in enumerate(names)
    ]


def _row(model: ModelEvidence, names: Sequence[str], lang: str, *, chosen: bool) -> Safe:
    measured = model.subsample if model.ledger is not None and model.subsample is not None else model
    name = words.model(model.name, lang)
    said = tag(
        "th", name, tag("div", t("evidence.in_use", lang), cls="small") if chosen else None, scope="row"
    )
    cells = [tag("td", _kind(model, lang))]
    for metric in names:
        figure = measured.metrics.get(metric)
        cells.append(tag("td", "–" if figure is None else words.figure(figure, lang)))
    cells.append(tag("td", words.number(measured.n), cls="n"))
    cells.append(tag("td", _speed(model, lang), cls="n"))
    cells.append(tag("td", _money(model.ledger, lang), cls="n"))
    return tag("tr", said, *cells, cls="chosen" if chosen else None)


def _kind(model: ModelEvidence, lang: str) -> str:
    if model.ledger is not None:
        return words.say("box.language", lang)
    return words.say("box.glass" if model.glass_box else "box.black", lang)


def _speed(model: ModelEvidence, lang: str) -> str:
    seconds = model.seconds_per_1000
    if seconds < 0.01:
        return t("evidence.fast", lang)
    if seconds >= 120:
        return t("evidence.minutes", lang, n=round(seconds / 60))
    return t("evidence.seconds", lang, n=words.number(round(seconds, 2 if seconds < 1 else 1)))


def _money(ledger: Ledger | None, lang: str) -> str:
    if ledger is None or ledger.rows == 0:
        return "–"
    amount = 1000 * ledger.money / ledger.rows
    return f"{amount:.2f} {words.clean(ledger.currency)}"


def draw_at_line(model: ModelEvidence, task: Task, lang: str) -> None:
    """What the declared line does, in natural frequencies, with intervals."""
    if task.cut is None or "sensitivity" not in model.metrics:
        emit(tag("p", t("evidence.no_line", lang)))
        return
    subjects = words.subject(task, lang)
    lines = [t("evidence.line", lang, line=words.chance(task.cut, lang))]
    for name in ("sensitivity", "specificity", "ppv"):
        figure = model.metrics.get(name)
        if figure is not None and figure.value is not None:
            low, high = (words.counts(x, lang) if x is not None else "–" for x in (figure.low, figure.high))
            said = t(f"evidence.{name}", lang, n=words.counts(figure.value, lang), subjects=subjects)
            lines.append(f"{said} {t('evidence.interval', lang, low=low, high=high)}")
    emit(tag("ul", *(tag("li", line) for line in lines)))
