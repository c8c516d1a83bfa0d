"""Evidence to document: which sections a report has, in which order, and its cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from interpretable import words
from interpretable.records.document import Block, Cover, Document, Headline, Section
from interpretable.records.evidence import Evidence
from interpretable.report import (
    beside_prior,
    calibrators,
    concepts,
    diagnostics,
    disparity,
    labels,
    notes,
    origin,
    proofs,
    reasons,
    recourse,
    resampling,
    results,
    selective,
    shape,
    simple,
    small_large,
    stability,
    tuning,
)

HEADLINES = {
    "binary": (
        "auroc",
        "brier_skill",
        "calibration_slope",
        "oe_ratio",
        "net_benefit",
        "auprc",
        "log_loss",
        "brier",
    ),
    "multiclass": ("auroc", "accuracy", "macro_f1", "brier_skill", "log_loss"),
    "regression": ("rmse", "mae", "r2", "calibration_slope", "bias"),
}
SECTIONS: dict[str, Callable[[Evidence, str], Iterator[Block]]] = {
    "purpose": origin.purpose,
    "data": origin.data,
    "findings": origin.findings,
    "split": origin.split,
    "concepts": concepts.concepts,
    "development": results.development,
    "tuning": tuning.tuning,
    "prior": beside_prior.use,
    "performance": results.performance,
    "notes": notes.notes,
    "resampling": resampling.resampling,
    "calibration": results.calibration,
    "calibrators": calibrators.calibrators,
    "selective": selective.selective,
    "decision_curve": results.decision_curve,
    "diagnostics": diagnostics.diagnostics,
    "labels": labels.labels,
    "groups": results.groups,
    "disparity": disparity.disparity,
    "model": reasons.model,
    "shape": shape.shape,
    "simple": simple.simple,
    "stability": stability.stability,
    "recourse": recourse.recourse,
    "examples": reasons.examples,
    "checks": proofs.checks,
    "llm": proofs.llm,
    "not_computed": proofs.not_computed,
    "provenance": origin.provenance,
    "glossary": origin.glossary,
}


_LLM = list(SECTIONS).index("llm") + 1
ORDER = (*list(SECTIONS)[:_LLM], "beside", *list(SECTIONS)[_LLM:])


def build(evidence: Evidence, *, lang: str = "en", beside: Mapping[str, Any] | None = None) -> Document:
    """The audit report of a study, before any format.

    Parameters
    ----------
    evidence : Evidence
        The one source of every figure: nothing is measured here.
    lang : {"en", "zh"}
    beside : findings on small models and language models, by mechanism

    Returns
    -------
    Document
        Sections in reading order; a section with nothing to say is left out, and what is lacking is listed in
        the section "Not computed".
    """
    named = words.said(evidence.task, "title", lang) or words.readable(evidence.task.name)
    title = words.say("report.title", lang, name=named)
    sections = []
    made_of: dict[str, Callable[[Evidence, str], Iterator[Block]]] = {
        **SECTIONS,
        "beside": partial(small_large.beside, beside or {}),
    }
    for name in ORDER:
        blocks = tuple(made_of[name](evidence, lang))
        if blocks:
            sections.append(Section(id=name, title=words.say(f"report.section.{name}", lang), blocks=blocks))
    made = {"bundle": evidence.provenance.bundle_id[:12] or "–", "created": evidence.provenance.created}
    return Document(
        lang=lang,
        title=title,
        subtitle=words.say("report.subtitle", lang),
        contents_title=words.say("report.contents", lang),
        numbers_title=words.say("report.numbers", lang),
        cover=cover(evidence, lang),
        sections=tuple(sections),
        footer=words.say("report.footer", lang, title=title, **made),
        closing=(
            words.say("report.not_compliance", lang),
            words.say("report.made", lang, created=made["created"], version=evidence.provenance.version),
        ),
    )


def cover(evidence: Evidence, lang: str) -> Cover:
    """One page: what it is for, five figures with intervals, open doubts, what is lacking."""
    used = evidence.model(evidence.selected)
    warnings = [words.say("report.quick", lang)] if evidence.provenance.quick else []
    return Cover(
        status=words.say("report.status", lang),
        facts=tuple(
            (words.say(f"report.cover.{k}", lang), v) for k, v in _cover_facts(evidence, lang).items()
        ),
        headline_title=words.say("report.cover.headline", lang, n=used.n),
        headlines=_headlines(evidence, lang),
        warnings=tuple(warnings),
    )


def _cover_facts(evidence: Evidence, lang: str) -> dict[str, str]:
    task, used, unsaid = (
        evidence.task,
        evidence.model(evidence.selected),
        words.say("report.not_stated", lang),
    )
    boxed = {"model": words.model(used.name, lang), "box": results.box(used, lang)}
    rows = {"used": evidence.data.rows_used, "test": used.n}
    facts = {
        "use": words.clean(task.intended_use) or unsaid,
        "decision": words.clean(task.decision) or unsaid,
        "horizon": words.said(task, "horizon", lang) or unsaid,
        "model": words.say("report.cover.model_text", lang, **boxed),
        "rows": words.say("report.cover.rows_text", lang, **rows),
        "line": origin.line_text(task, lang) if task.kind == "binary" else "",
        "findings": words.say("report.cover.findings_text", lang, **origin.tally(evidence)),
        "missing": words.say("report.cover.missing_text", lang, n=len(proofs.lacking(evidence, lang))),
        "bundle": evidence.provenance.bundle_id,
    }
    return {key: text for key, text in facts.items() if text}


def _headlines(evidence: Evidence, lang: str) -> tuple[Headline, ...]:
    used = evidence.model(evidence.selected)
    known = [(n, used.metrics[n]) for n in HEADLINES[evidence.task.kind] if n in used.metrics]
    shown = []
    for name, figure in known[:5]:
        interval = words.say("report.cover.no_interval", lang)
        if figure.low is not None and figure.high is not None:
            ends = {"low": words.fixed(figure.low), "high": words.fixed(figure.high)}
            interval = words.say("report.cover.interval", lang, **ends)
        if figure.value is None:
            interval = words.missing_figure(figure.reason, lang)
        shown.append(
            Headline(
                name=words.metric(name, lang),
                value=words.fixed(figure.value),
                interval=interval,
                meaning=words.metric_meaning(name, lang),
                figure=f"{used.name}.{name}",
            )
        )
    return tuple(shown)
