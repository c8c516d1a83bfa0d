"""What came of rows of a language model, made by hand."""

from __future__ import annotations

from typing import Any

from interpretable.records.augmented import Account, Augmented
from interpretable.records.beside import Told
from interpretable.records.evaluation import Figure
from interpretable.records.gate import Arm, Curation, GateFinding
from interpretable.records.quality import ColumnLikeness, Quality


def make_quality() -> Quality:
    def figure(value: float) -> Figure:
        return Figure(value=value, low=value - 0.1, high=value + 0.1, method="exact")

    return Quality(
        made=20, shown=30, others=30, told_apart=figure(0.84), pairs=0.21, pairs_real=0.12, loss_real=0.51,
        loss_generated=0.66, loss_gap=figure(0.15), copies_shown=figure(0.35), copies_others=figure(0.05),
        columns=(ColumnLikeness(column="age", kind="ks", generated=0.31, real=0.11),),
        attack_auc=figure(0.62), attack_tpr=figure(0.13), attack_rate=0.001, resolution=1 / 30, closest=0.8,
    )  # fmt: skip


def make_augmented(bundle_id: str = "x", **changes: Any) -> Augmented:
    """Rows that do not help, a third of which could not be used."""

    def gain(value: float) -> Figure:
        return Figure(value=value, low=value - 0.02, high=value + 0.02, method="corrected t")

    gate = GateFinding(
        verdict="cannot_tell", reason="uncertain", generator="tiny", student="logistic", metric="log_loss",
        n=60, folds=2, repeats=1, seed=0, smallest=0.005, over_control=gain(-0.004),
        curation=Curation(made=40, kept=31, dropped={"copy": 9}),
        arms=(
            Arm(name="real", loss=0.52),
            Arm(name="generated", loss=0.53, gain=gain(-0.01), weights={"0.1": 2}),
            Arm(name="control", loss=0.526, gain=gain(-0.006), weights={"0.1": 2}),
            Arm(name="shuffled", loss=0.56, gain=gain(-0.04), weights={"0.1": 2}),
        ),
    )  # fmt: skip
    told = Told(
        mechanism="augment", bundle_id=bundle_id, created="2026-01-01T00:00:00", seed=0, verdict=gate.verdict,
        reason=gate.reason,
    )  # fmt: skip
    given = {
        "told": told, "kind": "row", "rows": 30, "gate": gate, "quality": make_quality(),
        "account": Account(asked=60, usable=40, refused={"out_of_range": 15, "cut": 5}),
    }  # fmt: skip
    return Augmented(**{**given, **changes})
