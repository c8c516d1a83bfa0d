"""What the study proves about its own explanations, on the test rows, with figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.records.dataset import Dataset
from interpretable.score import additive
from interpretable.score.additive import typical_values
from interpretable.score.domain import DomainCheck
from interpretable.score.rounding import rounding_unit
from interpretable.score.scorer import AdditiveScorer, Scorer, columns_of

ROWS = 200
ALLOWED = {True: 1e-9, False: 1e-4}


def sum_gap(scorer: AdditiveScorer, rows: Dataset) -> float:
    """Largest |constant + sum of term contributions - score|."""
    columns = columns_of(scorer, rows)
    parts = additive.contributions(scorer.model, columns, len(rows))
    total = scorer.model.intercept + parts.sum(axis=1)
    return float(np.abs(total - scorer.link_scores(columns, len(rows))).max())


def reason_gap(scorer: Scorer, rows: Dataset) -> float:
    """Largest difference between a reason's effect and re-scoring the row with the typical value."""
    columns, n = columns_of(scorer, rows), len(rows)
    base, effects = scorer.link_scores(columns, n), scorer.effects(columns, n)
    worst = 0.0
    for position, spec in enumerate(scorer.features):
        changed = {**columns, spec.name: typical_values(spec.kind, spec.typical, n)}
        rescored = base - scorer.link_scores(changed, n)
        worst = max(worst, float(np.abs(rescored - effects[:, position]).max()))
    return worst


def _shuffled_share(check: DomainCheck, test: Dataset, seed: int) -> float:
    """Share flagged of rows put together from different persons' values: mostly possible, often odd."""
    random = np.random.default_rng(seed)
    columns = {name: random.permutation(test.frame[name].to_numpy()) for name in test.frame}
    return float(1 - check.inside(columns, len(test)).mean())


def prove(scorer: Scorer, test: Dataset, check: DomainCheck, *, seed: int) -> dict[str, Any]:
    """Figures of every proof; BrokenPromise where one fails."""
    rows = test.take(np.arange(len(test))[:ROWS])
    found: dict[str, Any] = {"rows": len(rows), "reason_gap": reason_gap(scorer, rows)}
    if isinstance(scorer, AdditiveScorer):
        found["sum_gap"] = sum_gap(scorer, rows)
    scores = scorer.link_scores(columns_of(scorer, rows), len(rows))
    allowed = ALLOWED[isinstance(scorer, AdditiveScorer)] * rounding_unit(scorer.link, scores)
    for name in ("reason_gap", "sum_gap"):
        if not found.get(name, 0.0) <= allowed:
            raise BrokenPromise(f"{name} is {found[name]:.3g}: explanations do not match the score.")
    flagged = 1 - check.inside({n: test.frame[n].to_numpy() for n in test.frame}, len(test)).mean()
    found["domain_false_alarms"] = float(flagged)
    found["domain_shuffled_flagged"] = _shuffled_share(check, test, seed)
    return found
