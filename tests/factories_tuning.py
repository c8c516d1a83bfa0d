"""Evidence of a search, an average, a blend and a teacher, made by hand."""

from __future__ import annotations

from typing import Any

from interpretable.records.evaluation import Figure
from interpretable.records.tuning import Averaging, Blend, Distillation, Search, Trial, TuningEvidence


def make_gain(value: float = 0.01, half: float = 0.005) -> Figure:
    return Figure(value=value, low=value - half, high=value + half, method="corrected t")


def make_search(**changes: Any) -> Search:
    trials = (
        Trial(index=0, loss=0.45, loss_sd=0.02, folds=5, seconds=1.2, folds_chosen=1),
        Trial(
            index=1,
            settings={"max_leaves": 3, "learning_rate": 0.0213},
            loss=0.44,
            loss_sd=0.03,
            folds=5,
            chosen=True,
            folds_chosen=4,
        ),
        Trial(index=2, settings={"max_leaves": 2}, loss=0.47, folds=2, status="dropped"),
    )
    given: dict[str, Any] = {
        "model": "ebm",
        "metric": "log_loss",
        "trials": trials,
        "default_loss": 0.45,
        "tuned_loss": 0.44,
        "gain": make_gain(),
    }
    return Search(**{**given, **changes})


def make_blend(**changes: Any) -> Blend:
    given: dict[str, Any] = {
        "members": ("ebm", "logistic"),
        "weights": (0.6, 0.4),
        "status": "used",
        "best_member": "ebm",
        "gain": make_gain(0.002, 0.004),
        "gap": 2e-15,
    }
    return Blend(**{**given, **changes})


def make_distillation(**changes: Any) -> Distillation:
    given: dict[str, Any] = {
        "teacher": "xgboost",
        "student": "ebm distilled",
        "verdict": "helps",
        "share": 0.5,
        "plain_loss": 0.45,
        "student_loss": 0.44,
        "teacher_loss": 0.43,
        "gain": make_gain(),
        "teacher_gain": make_gain(0.02),
    }
    return Distillation(**{**given, **changes})


def make_tuning(**changes: Any) -> TuningEvidence:
    averaging = Averaging(
        model="ebm", of="settings", members=3, single_loss=0.44, averaged_loss=0.436, gain=make_gain(0.004),
        gap=3e-15,
    )  # fmt: skip
    given: dict[str, Any] = {
        "searches": (make_search(),),
        "averages": (averaging,),
        "blend": make_blend(),
        "distillation": make_distillation(),
    }
    return TuningEvidence(**{**given, **changes})
