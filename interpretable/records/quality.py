"""What generated rows are like: near the real ones, of use instead of them, or too near single ones."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.evaluation import Figure


@dataclass(frozen=True, kw_only=True)
class ColumnLikeness:
    """Distance of a column's distribution from that of real rows that were not shown.

    kind : "ks" (largest distance of distribution functions, numbers) or "tv" (total variation, levels)
    generated : of the generated rows; real: of the training rows, as chance alone gives it
    """

    column: str
    kind: str
    generated: float
    real: float


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Generated rows against real rows that no prompt showed ("others").

    told_apart : AUROC of a classifier that tells generated rows from the others; 0.5 is wanted
    pairs : mean absolute difference of the correlations of all pairs of numbers; pairs_real by chance
    loss_real, loss_generated : on the others, of a student fitted on the training rows, or on generated rows
    loss_gap : their difference with a 95 % interval over the rows; positive: generated rows do worse
    copies_shown, copies_others : share of generated rows that are nearly a row shown, or one of the others
    attack_auc : the attack by distance; 0.5 is wanted
    attack_tpr : rows shown that are named with at most `attack_rate` false alarms
    resolution : 1 / number of others; above attack_rate the rate cannot be estimated
    closest : median distance of generated rows to the closest shown row, over that to the closest other: a
        screen only, never a proof of privacy
    """

    made: int
    shown: int
    others: int
    told_apart: Figure
    columns: tuple[ColumnLikeness, ...]
    pairs: float | None
    pairs_real: float | None
    loss_real: float | None
    loss_generated: float | None
    loss_gap: Figure | None
    copies_shown: Figure
    copies_others: Figure
    attack_auc: Figure
    attack_tpr: Figure
    attack_rate: float
    resolution: float
    closest: float | None
