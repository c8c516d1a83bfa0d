"""What an effect is measured from: the typical case, the average, the typical approved case, a named case.

The effect of a feature is the score minus the score with the feature at its reference, all of its terms
together. For a reference that is a row, the model is asked again with that row's value in place; for the
average, with every training row's value in turn, whose mean is exact without asking: the terms that hold the
feature are averaged over its cells once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas

from interpretable.errors import TaskError, UserError
from interpretable.records.additive import AdditiveModel, Clause, Feature, RuleTerm, TableTerm, Term
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import Value
from interpretable.score import additive
from interpretable.score.additive import Columns
from interpretable.score.coding import code
from interpretable.score.reasons import plain_value
from interpretable.score.scorer import AdditiveScorer, BoostedScorer, Scorer, columns_of, predict

Name = Literal["typical", "average", "approved", "case"]
Side = Literal["above", "below"]  # which side of the line is adverse
NAMES = ("typical", "average", "approved")


@dataclass(frozen=True, eq=False, kw_only=True)
class Reference:
    """A point to measure from, and the model that measures from there; its scores stay the same."""

    name: Name
    scorer: Scorer
    values: dict[str, Value] | None  # None: the average has no value per feature
    term_means: np.ndarray | None = None  # f8[T, K] of the average


class AverageScorer(AdditiveScorer):
    """A glass box whose effects are measured from the mean over given rows."""

    def __init__(self, model: AdditiveModel, columns: Columns):
        super().__init__(model)
        self._held = [
            {feature: averaged(model, term, feature, columns) for feature in term.features}
            for term in model.terms
        ]

    def effects(self, columns: Columns, rows: int) -> np.ndarray:
        result = np.zeros((rows, len(self.features), self.model.outputs))
        for term, held in zip(self.model.terms, self._held, strict=True):
            own = additive.term_scores(self.model, term, columns)
            for feature, other in held.items():
                result[:, feature] += own - _scores(self.model, other, columns, rows)
        return result

    def refit_effects(self, columns: Columns, rows: int) -> np.ndarray | None:
        if self.model.bag_intercept is None:
            return None
        shape = (len(self.model.bag_intercept), rows, len(self.features), self.model.outputs)
        result = np.zeros(shape)
        for term, held in zip(self.model.terms, self._held, strict=True):
            own = additive.refit_term(term, self.model, columns)
            for feature, other in held.items():
                result[:, :, feature] += own - _refits(self.model, other, columns, rows)
        return result


def averaged(model: AdditiveModel, term: Term, feature: int, columns: Columns) -> Term:
    """The term with one feature averaged over these rows: a term of its other features, or a constant.

    A constant is a rule without clauses: it holds for every row.
    """
    if isinstance(term, TableTerm) and len(term.features) == 2:
        place = term.features.index(feature)
        cells = code(term.axes[place], np.asarray(columns[model.features[feature].name]))
        share = np.bincount(cells, minlength=term.axes[place].cells) / len(cells)
        bags = None if term.bags is None else np.tensordot(share, term.bags, axes=(0, place + 1))
        return TableTerm(
            features=(term.features[1 - place],),
            axes=(term.axes[1 - place],),
            scores=np.tensordot(share, term.scores, axes=(0, place)),
            bags=bags,
        )
    if isinstance(term, RuleTerm):
        return _rule_without(model, term, feature, columns)
    refits = additive.refit_term(term, model, columns)
    bags = refits.mean(axis=1) if refits.ndim == 3 else None
    return RuleTerm(clauses=(), scores=additive.term_scores(model, term, columns).mean(axis=0), bags=bags)


def _rule_without(model: AdditiveModel, term: RuleTerm, feature: int, columns: Columns) -> RuleTerm:
    """The rule without its clauses on one feature, weighted by the share of rows where those hold."""
    own = RuleTerm(clauses=tuple(c for c in term.clauses if c.feature == feature), scores=term.scores)
    rest: tuple[Clause, ...] = tuple(c for c in term.clauses if c.feature != feature)
    values = np.asarray(columns[model.features[feature].name])
    share = float(additive.rule_holds(own, [values], len(values)).mean())
    bags = None if term.bags is None else term.bags * share
    return RuleTerm(clauses=rest, scores=term.scores * share, bags=bags)


def _scores(model: AdditiveModel, term: Term, columns: Columns, rows: int) -> np.ndarray:
    """Scores f8[n, K]; a term without features is a constant."""
    if not term.features:
        return np.tile(term.scores, (rows, 1))  # type: ignore[union-attr]  # only rules have no features
    return additive.term_scores(model, term, columns)


def _refits(model: AdditiveModel, term: Term, columns: Columns, rows: int) -> np.ndarray:
    if term.features:
        return additive.refit_term(term, model, columns)
    if term.bags is None:  # type: ignore[union-attr]  # only rules have no features
        return _scores(model, term, columns, rows)
    return np.repeat(term.bags[:, None, :], rows, axis=1)  # type: ignore[union-attr]  # as above


def measured_from(scorer: Scorer, values: Mapping[str, Value]) -> Scorer:
    """The same model with other typical values: effects, and nothing else, are measured from there."""
    features = tuple(replace(f, typical=_fit(f, values[f.name])) for f in scorer.features)
    if isinstance(scorer, AdditiveScorer):
        return AdditiveScorer(replace(scorer.model, features=features))
    assert isinstance(scorer, BoostedScorer)
    moved = BoostedScorer(replace(scorer.model, features=features))
    moved.booster = scorer.booster  # loaded once
    return moved


def _fit(feature: Feature, value: Value) -> float | str | None:
    if feature.kind == "number":
        return float("nan") if value is None else float(value)
    return value


def middle_values(scorer: Scorer, rows: Dataset) -> dict[str, Value]:
    """Median of each number and most frequent level of everything else; "" of a text."""
    found: dict[str, Value] = {}
    for feature in scorer.features:
        seen = pandas.Series(rows.frame[feature.name]).dropna()
        if feature.kind == "text":
            found[feature.name] = ""
        elif not len(seen):
            found[feature.name] = None
        elif feature.kind == "number":
            found[feature.name] = float(np.quantile(seen.to_numpy(dtype=float), 0.5, method="nearest"))
        else:
            counts = seen.value_counts()
            found[feature.name] = min(counts.index[counts == counts.max()])
    return found


def approved_values(scorer: Scorer, train: Dataset, *, cut: float | None, side: Side) -> dict[str, Value]:
    """The typical training case on the favourable side of the line.

    Raises TaskError without a line, for a task without two classes, and where no training case lies there.
    """
    if scorer.link != "logit" or cut is None:
        raise TaskError(
            "The reference 'approved' needs a task of two classes with a declared line. Set threshold or "
            f"harm_ratio in task.toml, or take one of: {', '.join(n for n in NAMES if n != 'approved')}."
        )
    estimates = predict(scorer, columns_of(scorer, train), len(train))
    good = estimates < cut if side == "above" else estimates >= cut
    if not good.any():
        raise TaskError(
            f"None of the {len(train):,} training cases lies on the favourable side of the line {cut:.4g}: "
            "there is no typical approved case. Take another reference."
        )
    return middle_values(scorer, train.take(np.flatnonzero(good)))


def case_values(scorer: Scorer, given: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a named reference case; UserError lists every column of the model that it lacks."""
    lacking = [f.name for f in scorer.features if f.name not in given]
    if lacking:
        raise UserError(
            f"The reference case has no value for {', '.join(map(repr, lacking))}. Give every column the "
            "model uses; None where a value is not known."
        )
    return {f.name: given[f.name] for f in scorer.features}


def refer(
    scorer: Scorer, reference: str | Mapping[str, Value], train: Dataset, *, cut: float | None = None,
    side: Side = "above",
) -> Reference:  # fmt: skip
    """The reference point of this name, or these values, ready to measure from.

    Parameters
    ----------
    reference : "typical", "average", "approved", or a value per feature of the model
    train : the training part: what average and approved are taken from
    side : which side of the line is adverse; the other one is "approved"

    Raises
    ------
    UserError : an unknown name; the average of a black box; a reference case that lacks columns
    TaskError : "approved" without a line
    """
    if not isinstance(reference, str):
        values = case_values(scorer, reference)
        return Reference(name="case", scorer=measured_from(scorer, values), values=values)
    if reference == "typical":
        usual = {f.name: plain_value(f.typical) for f in scorer.features}
        return Reference(name="typical", scorer=scorer, values=usual)
    if reference == "approved":
        values = approved_values(scorer, train, cut=cut, side=side)
        return Reference(name="approved", scorer=measured_from(scorer, values), values=values)
    if reference == "average":
        return _average(scorer, train)
    raise UserError(f"There is no reference {reference!r}. Possible: {', '.join(NAMES)}, or a case's values.")


def _average(scorer: Scorer, train: Dataset) -> Reference:
    if not isinstance(scorer, AdditiveScorer):
        raise UserError(
            "Effects from the average are exact for glass boxes only. For this model take typical, approved "
            "or a reference case."
        )
    columns = columns_of(scorer, train)
    means = additive.contributions(scorer.model, columns, len(train)).mean(axis=0)
    return Reference(
        name="average", scorer=AverageScorer(scorer.model, columns), values=None, term_means=means
    )


def reference_parts(reference: Reference) -> np.ndarray:
    """What each term adds at the reference, f8[T, K]; of a glass box."""
    if reference.term_means is not None:
        return reference.term_means
    scorer = reference.scorer
    assert isinstance(scorer, AdditiveScorer) and reference.values is not None
    row = {f.name: additive.typical_values(f.kind, f.typical, 1) for f in scorer.features}
    return additive.contributions(scorer.model, row, 1)[0]
