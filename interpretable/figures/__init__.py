"""Records in, Altair charts out: the app and the report draw the same figure from the same line.

Every figure `x` has a twin in words, `x_alt`, and a twin in numbers, `x_table` (a list of rows).
"""

from interpretable.figures.curves import (
    curve,
    curve_alt,
    curve_reading,
    curve_support,
    curve_table,
    pair,
    pair_alt,
    pair_table,
)
from interpretable.figures.results import (
    groups,
    groups_alt,
    groups_table,
    metrics,
    metrics_alt,
    metrics_table,
)
from interpretable.figures.risk import (
    calibration,
    calibration_alt,
    calibration_table,
    decision_curve,
    decision_curve_alt,
    decision_curve_table,
)
from interpretable.figures.theme import svg
from interpretable.figures.weights import (
    importances,
    importances_alt,
    importances_table,
    tokens,
    tokens_alt,
    tokens_table,
)

__all__ = [
    "calibration",
    "calibration_alt",
    "calibration_table",
    "curve",
    "curve_alt",
    "curve_reading",
    "curve_support",
    "curve_table",
    "decision_curve",
    "decision_curve_alt",
    "decision_curve_table",
    "groups",
    "groups_alt",
    "groups_table",
    "importances",
    "importances_alt",
    "importances_table",
    "metrics",
    "metrics_alt",
    "metrics_table",
    "pair",
    "pair_alt",
    "pair_table",
    "svg",
    "tokens",
    "tokens_alt",
    "tokens_table",
]
