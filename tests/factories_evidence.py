"""A whole Evidence with full defaults, made by hand: a test states only what it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from factories_words import make_case, make_reason, make_task

from interpretable.records.evaluation import (
    CalibrationBin,
    Comparison,
    Figure,
    GroupMeasures,
    Measures,
    NetBenefitPoint,
)
from interpretable.records.evidence import (
    ColumnSummary,
    DataEvidence,
    Evidence,
    ModelEvidence,
    NotComputed,
    PartEvidence,
    Selection,
    SplitEvidence,
)
from interpretable.records.exchange import Ledger, LLMEvidence, LLMInfo
from interpretable.records.explanation import (
    Curve,
    CurvePoint,
    Importance,
    PairSurface,
    Reason,
    TermPart,
    TokenWeight,
    WholeExplanation,
)
from interpretable.records.finding import Finding
from interpretable.records.provenance import Provenance

METRICS = {
    "binary": {
        "auroc": 0.91234,
        "auprc": 0.88,
        "prevalence": 0.4529,
        "log_loss": 0.388,
        "brier": 0.1213,
        "brier_skill": 0.511,
        "calibration_slope": 0.97,
        "calibration_intercept": -0.04,
        "oe_ratio": 1.02,
        "sensitivity": 0.88,
        "specificity": 0.79,
        "ppv": 0.77,
        "npv": 0.89,
        "net_benefit": 0.31,
        "selection_rate": 0.52,
    },
    "multiclass": {
        "auroc": 0.731,
        "log_loss": 0.92,
        "brier": 0.53,
        "brier_skill": 0.18,
        "accuracy": 0.56,
        "macro_f1": 0.53,
    },
    "regression": {
        "rmse": 1.104,
        "mae": 0.84,
        "r2": 0.28,
        "calibration_slope": 0.98,
        "calibration_intercept": 0.1,
        "bias": -0.02,
    },
}


def make_figures(kind: str = "binary", *, shift: float = 0.0) -> dict[str, Figure]:
    return {
        name: Figure(value=v + shift, low=v + shift - 0.04, high=v + shift + 0.035, method="bootstrap")
        for name, v in METRICS[kind].items()
    }


def make_measures(kind: str = "binary", *, n: int = 276, shift: float = 0.0) -> dict[str, Any]:
    """The fields of Measures, for the records that extend it."""
    if kind == "regression":
        bins = [5.5, 6.4, 7.1, 7.6, 8.3]
        calibration = tuple(
            CalibrationBin(predicted=p, observed=Figure(value=p + 0.1, low=p - 0.2, high=p + 0.4), n=40)
            for p in bins
        )
        curve: tuple[NetBenefitPoint, ...] = ()
    else:
        bins = [0.05, 0.2, 0.45, 0.7, 0.93]
        calibration = tuple(
            CalibrationBin(
                predicted=p,
                observed=Figure(
                    value=min(max(p * 0.95 + 0.02 + shift, 0.01), 0.99), low=p * 0.8, high=p * 0.9 + 0.1
                ),
                n=55,
            )
            for p in bins
        )
        curve = tuple(
            NetBenefitPoint(threshold=t / 100, model=0.45 - t / 260, treat_all=0.45 - t / 90)
            for t in range(1, 100, 2)
        )
    return {
        "n": n,
        "events": 125 if kind == "binary" else None,
        "metrics": make_figures(kind, shift=shift),
        "calibration": calibration,
        "decision_curve": curve if kind == "binary" else (),
    }


def make_model(name: str = "ebm", kind: str = "binary", **changes: Any) -> ModelEvidence:
    oof = {"auroc": 0.901, "log_loss": 0.4} if kind != "regression" else {"rmse": 1.12, "r2": 0.27}
    fields: dict[str, Any] = {
        **make_measures(kind),
        "name": name,
        "family": name,
        "glass_box": name != "xgboost",
        "oof": oof,
        "oof_folds": tuple({k: v + 0.01 * i for k, v in oof.items()} for i in range(5)),
        "subsample": Measures(**make_measures(kind, n=40, shift=-0.01)),
        "settings": {"learning_rate": 0.02, "interactions": 10},
        "recalibration": {"slope": 1.04, "intercept": -0.01},
        "terms": 20,
        "seconds_fit": 12.3,
        "seconds_per_1000": 0.004,
        "size_bytes": 120_000,
        "compile_gap": 3e-15,
    }
    return ModelEvidence(**(fields | changes))


def make_llm_row(kind: str = "binary", name: str = "llm zero-shot") -> ModelEvidence:
    return make_model(
        name,
        kind,
        family="llm",
        glass_box=False,
        oof={},
        oof_folds=(),
        subsample=Measures(**make_measures(kind, n=40, shift=-0.3)),
        settings={},
        recalibration={},
        terms=None,
        compile_gap=None,
        size_bytes=98_400_000,
        ledger=Ledger(rows=40, calls=40, failures=2, seconds=31.5, tokens_in=4560, tokens_out=40, money=0.0),
        **make_measures(kind, n=40, shift=-0.3),
    )


def make_curve(feature: str = "age", **changes: Any) -> Curve:
    cuts = [35.0, 42.0, 50.0, 55.0, 61.0, 68.0, 74.0]
    heights = [0.12, 0.18, 0.24, 0.41, 0.47, 0.58, 0.66, 0.62]
    counts = [12, 60, 80, 95, 90, 70, 30, 9]
    edges = [None, *cuts, None]
    points = [
        CurvePoint(
            kind="bin",
            label=f"bin {i}",
            low=edges[i],
            high=edges[i + 1],
            effect=h * 3 - 1,
            effect_low=h * 3 - 1.3,
            effect_high=h * 3 - 0.7,
            estimate=h,
            count=counts[i],
        )
        for i, h in enumerate(heights)
    ]
    missing = CurvePoint(
        kind="missing",
        label="",
        low=None,
        high=None,
        effect=0.0,
        effect_low=-0.1,
        effect_high=0.1,
        estimate=0.4,
        count=4,
    )
    return Curve(**({"feature": feature, "output": "", "points": (*points, missing), "kinks": 1} | changes))


def make_level_curve(feature: str = "sex", levels: tuple[str, ...] = ("Female", "Male")) -> Curve:
    points = tuple(
        CurvePoint(
            kind="level",
            label=level,
            low=None,
            high=None,
            effect=0.4 * i - 0.2,
            effect_low=0.4 * i - 0.3,
            effect_high=0.4 * i - 0.1,
            estimate=0.3 + 0.2 * (i % 3),
            count=100 + 50 * i,
        )
        for i, level in enumerate(levels)
    )
    return Curve(feature=feature, output="", points=points, kinks=0)


def make_pair(**changes: Any) -> PairSurface:
    fields: dict[str, Any] = {
        "features": ("age", "lactate"),
        "output": "",
        "x": ("below 50", "50 to 60", "60 and above"),
        "y": ("below 1", "1 to 3", "3 and above"),
        "effects": ((-0.3, 0.0, 0.1), (0.0, 0.1, 0.2), (0.1, 0.2, 0.5)),
        "counts": ((80.0, 40.0, 5.0), (60.0, 60.0, 22.0), (30.0, 50.0, 40.0)),
    }
    return PairSurface(**(fields | changes))


def make_whole(kind: str = "binary", **changes: Any) -> WholeExplanation:
    curves = (make_curve(), make_curve("lactate"), make_level_curve())
    if kind == "regression":
        scaled = [
            tuple(replace(p, estimate=None if p.estimate is None else p.estimate * 3 + 5.5) for p in c.points)
            for c in curves
        ]
        curves = tuple(replace(c, points=p) for c, p in zip(curves, scaled, strict=True))
    if kind == "multiclass":
        curves = tuple(replace(c, output=o) for c in curves for o in ("none", "long", "short"))
    fields: dict[str, Any] = {
        "model": "ebm",
        "glass_box": True,
        "importances": (
            Importance(feature="age", value=0.81),
            Importance(feature="lactate", value=0.44),
            Importance(feature="age & lactate", value=0.11),
            Importance(feature="sex", value=0.1),
        ),
        "curves": curves,
        "pairs": (make_pair(),),
        "tokens": (
            TokenWeight(feature="note", output="", token="chest pain", weight=1.2, rows=44),
            TokenWeight(feature="note", output="", token="well", weight=-0.9, rows=60),
        ),
    }
    return WholeExplanation(**(fields | changes))


def make_example(kind: str = "binary", row_id: str = "example 1"):
    estimate, then = (7.3, 7.1) if kind == "regression" else (0.118, 0.07)
    reasons: tuple[Reason, ...] = (
        make_reason("lactate", estimate=estimate, if_typical=then),
        make_reason("age", value=71.0, typical=54.0, estimate=estimate, if_typical=then, effect=0.3),
        make_reason("sex", value="Male", typical="Male", estimate=estimate, if_typical=estimate, effect=0.0),
        make_reason("angina", value=None, typical="no", estimate=estimate, if_typical=then, effect=0.2),
    )
    terms = (
        TermPart(term="age", features=("age",), contribution=0.3),
        TermPart(term="lactate", features=("lactate",), contribution=0.6),
        TermPart(term="age & lactate", features=("age", "lactate"), contribution=0.05),
    )
    values = {"age": 71.0, "lactate": 3.9, "sex": "Male", "angina": None}
    return make_case(
        kind,
        row_id=row_id,
        reasons=reasons,
        terms=terms,
        score=0.75,
        constant=-0.2,
        values=values,
        missing=("angina",),
    )


def make_comparison(kind: str = "binary", model: str = "xgboost", n: int = 276, **changes: Any) -> Comparison:
    fields: dict[str, Any] = {
        "model": model,
        "against": "ebm",
        "metric": "rmse" if kind == "regression" else "auroc",
        "difference": Figure(value=0.0061, low=-0.012, high=0.024, method="delong"),
        "p_value": 0.51,
        "method": "delong",
        "n": n,
    }
    return Comparison(**(fields | changes))


def make_groups(kind: str = "binary") -> tuple[GroupMeasures, ...]:
    events = 60 if kind == "binary" else None
    return (
        GroupMeasures(
            column="sex", group="Male", n=214, events=events, too_few=False, metrics=make_figures(kind)
        ),
        GroupMeasures(column="sex", group="Female", n=62, events=4 if events else None, too_few=True),
        GroupMeasures(
            column="age",
            group="≥ 60",
            n=90,
            events=events,
            too_few=False,
            metrics=make_figures(kind, shift=-0.02),
        ),
        GroupMeasures(column="age", group="not known", n=3, events=1 if events else None, too_few=True),
    )


def make_data(kind: str = "binary") -> DataEvidence:
    return DataEvidence(
        name="data.csv",
        sha256="a" * 64,
        rows_read=920,
        rows_dropped=0,
        rows_used=920,
        columns=(
            ColumnSummary(
                name="age", kind="number", used=True, missing=0, distinct=50, low=28, median=54, high=77
            ),
            ColumnSummary(
                name="lactate", kind="number", used=True, missing=14, distinct=80, low=0.4, median=1.7, high=9
            ),
            ColumnSummary(
                name="sex",
                kind="category",
                used=True,
                missing=0,
                distinct=2,
                top=(("Male", 726), ("Female", 194)),
            ),
            ColumnSummary(
                name="angina", kind="boolean", used=True, missing=55, distinct=2, top=(("no", 528),)
            ),
            ColumnSummary(
                name="note", kind="text", used=False, missing=0, distinct=910, exclude_reason="free text"
            ),
        ),
        classes={"binary": ("no", "yes"), "multiclass": ("none", "long", "short"), "regression": ()}[kind],
        class_counts={"binary": (411, 509), "multiclass": (300, 300, 320), "regression": ()}[kind],
        target_mean=7.2 if kind == "regression" else None,
        target_sd=1.3 if kind == "regression" else None,
    )


def make_findings() -> tuple[Finding, ...]:
    return (
        Finding(
            code="suspicious_code",
            severity="look",
            subject="lactate",
            parameters={"code": "0", "count": 172, "rows": 920, "low": "85", "high": "603"},
        ),
        Finding(
            code="sensitive_used",
            severity="look",
            subject="sex",
            parameters={"label": "Sex"},
            evidence={"rows": 920},
        ),
        Finding(
            code="mostly_missing",
            severity="note",
            subject="angina",
            parameters={"missing": 611, "rows": 920, "rate": 0.664},
        ),
    )


def make_llm(**changes: Any) -> LLMEvidence:
    info = LLMInfo(
        name="SmolLM2-135M-Instruct",
        where="local",
        parameters="135M",
        quantisation="Q4_1",
        size_bytes=98_400_000,
        licence="Apache-2.0",
        sha256="c" * 64,
        smoke_test_only=True,
        method="logprobs",
    )
    fields: dict[str, Any] = {
        "mode": "local",
        "status": "ran",
        "info": info,
        "rows_asked": 40,
        "rows_test": 276,
        "prompt_example": "Age: 61 years\nSex: Male\nAnswer yes or no:",
    }
    return LLMEvidence(**(fields | changes))


def make_evidence(kind: str = "binary", **changes: Any) -> Evidence:
    """Evidence of a finished study. `kind` is the kind of task; every field may be given."""
    fields: dict[str, Any] = {
        "schema_version": 1,
        "task": make_task(kind, title="Heart disease at angiography", **_texts(kind)),
        "data": make_data(kind),
        "findings": make_findings(),
        "split": SplitEvidence(
            method="stratified",
            seed=0,
            fingerprint="d" * 64,
            parts=tuple(
                PartEvidence(part=p, n=n, events=int(n * 0.55) if kind == "binary" else None, outcome=0.55)
                for p, n in (("train", 552), ("calibration", 92), ("test", 276))
            ),
        ),
        "models": (
            make_model("ebm", kind),
            make_model(
                "linear" if kind == "regression" else "logistic", kind, **make_measures(kind, shift=-0.012)
            ),
            make_model("xgboost", kind, compile_gap=None, terms=None, **make_measures(kind, shift=0.006)),
            *(() if kind == "regression" else (make_llm_row(kind),)),
        ),
        "selected": "ebm",
        "selection": Selection(
            selected="ebm",
            reason="glass_box_within_margin",
            metric="auroc",
            margin=0.01,
            parameters={
                "selected": "ebm",
                "selected_value": 0.901,
                "black_box": "xgboost",
                "black_box_gap": 0.006,
                "black_box_p": 0.31,
                "simpler_than": None,
            },
        ),
        "comparisons": (make_comparison(kind),),
        "comparisons_subsample": (make_comparison(kind, n=40),),
        "groups": make_groups(kind),
        "explanation": make_whole(kind),
        "examples": (make_example(kind), make_example(kind, "example 2")),
        "checks": {"additivity_gap": 2.2e-16, "reasons_gap": 0.0, "domain_false_alarms": 0.043},
        "llm": make_llm()
        if kind != "regression"
        else make_llm(status="not_defined", info=None, rows_asked=0),
        "not_computed": (NotComputed(what="external", reason="no_rows"),),
        "events": ({"time": "2026-11-22T10:00:00Z", "event": "test part opened"},),
        "provenance": Provenance(
            version="0.1.0",
            created="2026-11-22T10:00:00Z",
            seed=0,
            quick=True,
            python="3.11.7",
            platform="Linux",
            cpus=2,
            packages={"numpy": "2.4.6", "interpret-core": "0.7.8"},
            data_sha256="a" * 64,
            bundle_id="e" * 64,
        ),
    }
    return Evidence(**(fields | changes))


def _texts(kind: str) -> dict[str, Any]:
    return {
        "intended_use": "Help a cardiologist decide who should get an angiography first.",
        "decision": "Order of angiographies",
        "users": "Cardiologists",
        "out_of_scope": "Children; emergencies",
        "horizon": "at the time of the examination",
        "threshold": 0.3 if kind == "binary" else None,
    }
