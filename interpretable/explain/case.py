"""One case: the estimate, a reason per feature, the exact sum behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas

from interpretable.explain.context import Context
from interpretable.explain.purify import purified
from interpretable.explain.reference import Reference, reference_parts
from interpretable.explain.text import centred, read_texts, read_tokens
from interpretable.explain.treeshap import Sum, background_digest, shap_case
from interpretable.records.additive import RuleTerm, TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import (
    CaseExplanation,
    Outlook,
    Reason,
    Spread,
    TermPart,
)
from interpretable.score import additive
from interpretable.score.domain import DomainCheck
from interpretable.score.reasons import estimate_of, explained_outputs, plain_value, stable_reasons
from interpretable.score.repeats import Repeated, repeat
from interpretable.score.scorer import AdditiveScorer, BoostedScorer, Scorer, columns_of, predict, predicted

Row = dict[str, np.ndarray]


def _additive_terms(
    scorer: AdditiveScorer, row: Row, output: int, reference: Reference | None
) -> tuple[float, tuple[TermPart, ...]]:
    """Constant and parts; from a reference, the constant is its score and each part the way from there."""
    model = purified(scorer.model) if reference is None else scorer.model
    parts = additive.contributions(model, row, 1)[0]
    start = model.intercept
    if reference is not None:
        base = reference_parts(reference)
        parts, start = parts - base, start + base.sum(axis=0)
    parts = centred(parts, output)
    terms = tuple(
        TermPart(
            term=model.term_name(term),
            features=tuple(model.features[i].name for i in term.features),
            contribution=float(part),
            units=term.rule.units if isinstance(term, TokenTerm) else "",
        )
        for term, part in zip(model.terms, parts, strict=True)
        if part or not isinstance(term, RuleTerm)  # a rule that does not hold is no part of the sum
    )
    return float(centred(start, output)), terms


def _terms(
    scorer: Scorer, row: Row, output: int, background: Row | None, *, reference: Reference | None
) -> Sum:
    if isinstance(scorer, AdditiveScorer):
        constant, terms = _additive_terms(scorer, row, output, reference)
        return constant, terms, read_tokens(scorer, row, output)
    if isinstance(scorer, BoostedScorer) and background is not None:
        return shap_case(scorer, row, background, output)
    return 0.0, (), ()


def _spreads(scorer: Scorer, columns: Row, outputs: np.ndarray) -> list[Spread | None]:
    """The spread of each row's estimate between the refits."""
    rows = len(outputs)
    refits = scorer.refit_scores(columns, rows)
    if refits is None or len(refits) < 2:
        return [None] * rows
    predictions = np.stack([predicted(scorer, scores) for scores in refits])
    own = predictions if predictions.ndim == 2 else predictions[:, np.arange(rows), outputs]
    low, high = own.min(axis=0), own.max(axis=0)
    kind = "refits_table" if _holds_text(scorer) else "refits"
    return [Spread(low=float(low[i]), high=float(high[i]), refits=len(own), kind=kind) for i in range(rows)]


def _holds_text(scorer: Scorer) -> bool:
    """Tokens have no refits of their own: in every refit of such a model they weigh the same."""
    return isinstance(scorer, AdditiveScorer) and any(isinstance(t, TokenTerm) for t in scorer.model.terms)


def look_over(scorer: Scorer, rows: Dataset, context: Context) -> tuple[Outlook, ...]:
    """Estimate, spread, domain and missing values of many rows at once, without reasons."""
    columns = columns_of(scorer, rows)
    n = len(rows)
    prediction = predict(scorer, columns, n)
    outputs = explained_outputs(scorer, prediction)
    own = prediction if prediction.ndim == 1 else prediction[np.arange(n), outputs]
    spreads = _spreads(scorer, columns, outputs)
    domains = DomainCheck(context.domain).explain(rows.frame, n)
    absent = {name: pandas.isna(values) for name, values in columns.items()}
    return tuple(
        Outlook(
            estimate=float(own[i]),
            output=_name(scorer, int(outputs[i])),
            bundle_id=context.bundle_id,
            spread=spreads[i],
            domain=domains[i],
            missing=tuple(name for name, hit in absent.items() if hit[i]),
        )
        for i in range(n)
    )


def _name(scorer: Scorer, output: int) -> str:
    """The class an estimate is for: the positive one, the most likely one, or none for a value."""
    if not scorer.classes:
        return ""
    return scorer.classes[1 if scorer.link == "logit" else output]


def _decision(context: Context, scorer: Scorer, estimate: float) -> str:
    cut = context.task.cut
    if cut is None or scorer.link != "logit":
        return ""
    return "above" if estimate >= cut else "below"


def _reasons(
    scorer: Scorer, columns: Row, link: np.ndarray, repeated: Repeated | None, reference: Reference | None
) -> tuple[Reason, ...]:
    """One reason per feature, measured from the reference; the average has no value to name."""
    if reference is None:
        return tuple(stable_reasons(scorer, columns, link, repeated)[0])
    found = stable_reasons(reference.scorer, columns, link, repeated)[0]
    blank = {"typical": None} if reference.values is None else {}
    return tuple(replace(reason, reference=reference.name, **blank) for reason in found)


def explain_case(
    scorer: Scorer, row: Dataset, context: Context, *, background: Row | None = None,
    reference: Reference | None = None,
) -> CaseExplanation:  # fmt: skip
    """Everything about one case, before words.

    Parameters
    ----------
    scorer : the model
    row : a dataset of exactly one row
    background : columns of stored training rows; needed for the SHAP terms of boosted trees
    reference : what reasons and terms are measured from; by default the typical case. SHAP terms are always
        measured from the background.

    Notes
    -----
    constant + sum of term contributions = the score towards the explained output. With several classes that
    sum is the link score minus its mean over the classes, which gives the same probabilities.
    """
    columns = columns_of(scorer, row)
    link = scorer.link_scores(columns, 1)
    prediction = predicted(scorer, link)
    output = int(explained_outputs(scorer, prediction)[0])
    estimate = float(estimate_of(prediction, output)[0])
    if reference is not None and reference.name == "typical":
        reference = None
    constant, terms, tokens = _terms(scorer, columns, output, background, reference=reference)
    measured = scorer if reference is None else reference.scorer
    repeated = repeat(measured, columns, np.array([output]))
    binary = scorer.link == "logit"
    return CaseExplanation(
        row_id=str(row.row_ids[0]),
        model=scorer.family,
        bundle_id=context.bundle_id,
        glass_box=scorer.glass_box,
        output=_name(scorer, output),
        estimate=estimate,
        probabilities=(1 - estimate, estimate)
        if binary
        else tuple(np.atleast_2d(prediction)[0].tolist())
        if scorer.classes
        else (),
        classes=scorer.classes,
        average=context.averages[output],
        score=float(centred(link[0], output)),
        constant=constant,
        reasons=_reasons(scorer, columns, link, repeated, reference),
        terms=terms,
        tokens=tokens,
        texts=read_texts(scorer, columns, output),
        spread=_spreads(scorer, columns, np.array([output]))[0],
        domain=DomainCheck(context.domain).explain(row.frame, 1)[0],
        missing=tuple(f.name for f in scorer.features if plain_value(columns[f.name][0]) is None),
        values={name: plain_value(value[0]) for name, value in columns.items()},
        decision=_decision(context, scorer, estimate),
        cut=context.task.cut,
        reference="typical" if reference is None else reference.name,
        stable=None if repeated is None else bool(repeated.stable[0]),
        basis="" if repeated is None else repeated.basis,
        background_sha256=""
        if scorer.glass_box or background is None
        else background_digest(scorer.features, background),
    )
