"""Records in, Altair charts out: the app and the report draw the same figure from the same line.

Every figure `x` has a twin in words, `x_alt`, and a twin in numbers, `x_table` (a list of rows).
"""

from interpretable.figures.calibrators import smooth_curve, smooth_curve_alt, smooth_curve_table
from interpretable.figures.cascade import (
    cascade_frontier,
    cascade_frontier_alt,
    cascade_frontier_table,
)
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
from interpretable.figures.disparity import (
    disparity_gaps,
    disparity_gaps_alt,
    disparity_gaps_table,
    disparity_parts,
    disparity_parts_alt,
    disparity_parts_table,
    disparity_ratios,
    disparity_ratios_alt,
    disparity_ratios_table,
)
from interpretable.figures.leads import leads, leads_alt, leads_table
from interpretable.figures.learning_curves import (
    learning_curves,
    learning_curves_alt,
    learning_curves_table,
)
from interpretable.figures.notes import notes, notes_alt, notes_table
from interpretable.figures.prior import prior_gains, prior_gains_alt, prior_gains_table
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
    decision_curve_sure,
    decision_curve_table,
)
from interpretable.figures.selective import selective_curve, selective_curve_alt, selective_curve_table
from interpretable.figures.simple import card, card_alt, card_table, tree, tree_alt, tree_table
from interpretable.figures.stability import (
    stability,
    stability_alt,
    stability_marks_table,
    stability_table,
)
from interpretable.figures.theme import svg
from interpretable.figures.trials import (
    directions_table,
    pair_trials,
    pair_trials_alt,
    pair_trials_table,
    prices_table,
)
from interpretable.figures.weakness import diagnosis, diagnosis_alt, diagnosis_table
from interpretable.figures.weights import (
    importances,
    importances_alt,
    importances_table,
    token_kinds,
    tokens,
    tokens_alt,
    tokens_table,
)

__all__ = [
    "calibration",
    "calibration_alt",
    "calibration_table",
    "card",
    "card_alt",
    "card_table",
    "cascade_frontier",
    "cascade_frontier_alt",
    "cascade_frontier_table",
    "curve",
    "curve_alt",
    "curve_reading",
    "curve_support",
    "curve_table",
    "decision_curve",
    "decision_curve_alt",
    "decision_curve_sure",
    "decision_curve_table",
    "diagnosis",
    "diagnosis_alt",
    "diagnosis_table",
    "directions_table",
    "disparity_gaps",
    "disparity_gaps_alt",
    "disparity_gaps_table",
    "disparity_parts",
    "disparity_parts_alt",
    "disparity_parts_table",
    "disparity_ratios",
    "disparity_ratios_alt",
    "disparity_ratios_table",
    "groups",
    "groups_alt",
    "groups_table",
    "importances",
    "importances_alt",
    "importances_table",
    "leads",
    "leads_alt",
    "leads_table",
    "learning_curves",
    "learning_curves_alt",
    "learning_curves_table",
    "metrics",
    "metrics_alt",
    "metrics_table",
    "notes",
    "notes_alt",
    "notes_table",
    "pair",
    "pair_alt",
    "pair_table",
    "pair_trials",
    "pair_trials_alt",
    "pair_trials_table",
    "prices_table",
    "prior_gains",
    "prior_gains_alt",
    "prior_gains_table",
    "selective_curve",
    "selective_curve_alt",
    "selective_curve_table",
    "smooth_curve",
    "smooth_curve_alt",
    "smooth_curve_table",
    "stability",
    "stability_alt",
    "stability_marks_table",
    "stability_table",
    "svg",
    "token_kinds",
    "tokens",
    "tokens_alt",
    "tokens_table",
    "tree",
    "tree_alt",
    "tree_table",
]
