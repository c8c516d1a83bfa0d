"""The reference scorer: every other engine has to agree with it bit for bit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from interpretable.records.additive import AdditiveModel, LinearTerm, RuleTerm, TableTerm, Term, TokenTerm
from interpretable.score import texts
from interpretable.score.coding import code

Columns = Mapping[str, np.ndarray]  # feature name -> normalised values; a pandas frame serves


def _table(term: TableTerm, columns: list[np.ndarray], scores: np.ndarray) -> np.ndarray:
    cells = tuple(code(axis, values) for axis, values in zip(term.axes, columns, strict=True))
    return scores[cells]


def _linear(
    term: LinearTerm, values: np.ndarray, slope: np.ndarray, offset: np.ndarray, missing: np.ndarray
) -> np.ndarray:
    x = np.clip(np.asarray(values, dtype=np.float64), term.low, term.high)
    scores = x[:, None] * slope + offset
    scores[np.isnan(x)] = missing
    return scores


def _tokens(term: TokenTerm, values: np.ndarray) -> np.ndarray:
    counted, parts = texts.token_parts(term, values)
    return texts.summed(counted.rows, parts, len(values))


def rule_holds(term: RuleTerm, columns: list[np.ndarray], rows: int) -> np.ndarray:
    """Where every clause holds: bool[n]. `columns` in the order of `term.features`."""
    places = {feature: place for place, feature in enumerate(term.features)}
    holds = np.ones(rows, dtype=bool)
    for clause in term.clauses:
        allowed = np.zeros(clause.axis.cells, dtype=bool)
        allowed[list(clause.cells)] = True
        holds &= allowed[code(clause.axis, columns[places[clause.feature]])]
    return holds


def term_scores(model: AdditiveModel, term: Term, columns: Columns) -> np.ndarray:
    """Contributions f8[n, K] of one term."""
    values = [np.asarray(columns[model.features[i].name]) for i in term.features]
    if isinstance(term, TableTerm):
        return _table(term, values, term.scores)
    if isinstance(term, LinearTerm):
        return _linear(term, values[0], term.slope, term.offset, term.missing)
    if isinstance(term, RuleTerm):
        return np.where(rule_holds(term, values, len(values[0]))[:, None], term.scores, 0.0)
    return _tokens(term, values[0])


def contributions(model: AdditiveModel, columns: Columns, rows: int) -> np.ndarray:
    """Contributions f8[n, T, K] of all terms, in summation order."""
    parts = np.empty((rows, len(model.terms), model.outputs))
    for position, term in enumerate(model.terms):
        parts[:, position] = term_scores(model, term, columns)
    return parts


def link_scores(model: AdditiveModel, columns: Columns, rows: int) -> np.ndarray:
    """Link scores f8[n, K]: the intercept, then each term added in order."""
    total = np.tile(model.intercept.astype(np.float64), (rows, 1))
    for term in model.terms:
        total += term_scores(model, term, columns)
    return total


def refit_term(term: Term, model: AdditiveModel, columns: Columns) -> np.ndarray:
    """Contributions f8[B, n, K] of one term in every refit, f8[n, K] where it has none.

    The rows fall into the same cells in every refit, so they are coded once.
    """
    values = [np.asarray(columns[model.features[i].name]) for i in term.features]
    if isinstance(term, TableTerm) and term.bags is not None:
        return np.moveaxis(_table(term, values, np.moveaxis(term.bags, 0, -1)), -1, 0)
    if isinstance(term, LinearTerm) and term.bags is not None:
        return np.stack([_linear(term, values[0], *bag) for bag in term.bags])
    if isinstance(term, RuleTerm) and term.bags is not None:
        holds = rule_holds(term, values, len(values[0]))
        return np.where(holds[:, None], term.bags[:, None, :], 0.0)
    return term_scores(model, term, columns)


def refit_scores(model: AdditiveModel, columns: Columns, rows: int) -> np.ndarray | None:
    """Link scores f8[B, n, K] of every refit; None where the model was fitted once."""
    if model.bag_intercept is None:
        return None
    totals = np.repeat(model.bag_intercept[:, None, :], rows, axis=1).astype(np.float64)
    for term in model.terms:
        totals += refit_term(term, model, columns)
    return totals


def refit_effects(model: AdditiveModel, columns: Columns, rows: int) -> np.ndarray | None:
    """Effects f8[B, n, F, K] in every refit, as `effects`; None where the model was fitted once."""
    if model.bag_intercept is None:
        return None
    result = np.zeros((len(model.bag_intercept), rows, len(model.features), model.outputs))
    for term in model.terms:
        own = refit_term(term, model, columns)
        for feature in term.features:
            replaced = _with_typical(model, feature, columns, rows)
            result[:, :, feature] += own - refit_term(term, model, replaced)
    return result


def effects(model: AdditiveModel, columns: Columns, rows: int) -> np.ndarray:
    """Effect f8[n, F, K] of each feature: the score minus the score with the feature at its typical value.

    Only the terms that hold the feature change, so no other term is computed again.
    """
    result = np.zeros((rows, len(model.features), model.outputs))
    for term in model.terms:
        own = term_scores(model, term, columns)
        for feature in term.features:
            replaced = _with_typical(model, feature, columns, rows)
            result[:, feature] += own - term_scores(model, term, replaced)
    return result


def _with_typical(model: AdditiveModel, feature: int, columns: Columns, rows: int) -> dict[str, np.ndarray]:
    spec = model.features[feature]
    changed = {f.name: np.asarray(columns[f.name]) for f in model.features}
    changed[spec.name] = typical_values(spec.kind, spec.typical, rows)
    return changed


def typical_values(kind: str, typical: float | str | None, rows: int) -> np.ndarray:
    """A column that holds the typical value in every row."""
    return np.full(rows, typical, dtype=np.float64 if kind == "number" else object)
