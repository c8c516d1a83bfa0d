"""Tasks and explained cases for tests of words, figures and reports, with full defaults."""

from __future__ import annotations

from typing import Any

from interpretable.records.explanation import CaseExplanation, Domain, Reason, Spread, TermPart
from interpretable.records.task import Column, Task

COLUMNS = (
    Column(name="age", kind="number", label="Age", label_zh="年龄", unit="years", sensitive=True),
    Column(name="lactate", kind="number", label="Lactate", label_zh="乳酸", unit="mmol/L"),
    Column(name="sex", kind="category", label="Sex", label_zh="性别", sensitive=True),
    Column(name="angina", kind="boolean", label="Chest pain on effort", label_zh="劳累时胸痛"),
    Column(name="note", kind="text", label="Note", label_zh="病历"),
)


def make_task(kind: str = "binary", **changes: Any) -> Task:
    fields: dict[str, Any] = {
        "name": "heart",
        "kind": kind,
        "target": "disease",
        "columns": COLUMNS,
        "positive": "yes" if kind == "binary" else "",
        "subject": "patient",
        "subject_plural": "patients",
        "subject_zh": "患者",
        "outcome": "have heart disease" if kind == "binary" else "",
        "outcome_zh": "患有心脏病" if kind == "binary" else "",
        "target_label": {"regression": "birth weight"}.get(kind, ""),
        "target_label_zh": {"regression": "出生体重"}.get(kind, ""),
        "target_unit": {"regression": "lb"}.get(kind, ""),
    }
    return Task(**(fields | changes))


def make_reason(feature: str = "lactate", **changes: Any) -> Reason:
    fields: dict[str, Any] = {
        "feature": feature,
        "value": 3.9,
        "typical": 1.7,
        "effect": 0.6,
        "estimate": 0.118,
        "if_typical": 0.07,
    }
    return Reason(**(fields | changes))


def make_case(kind: str = "binary", **changes: Any) -> CaseExplanation:
    estimate = 7.3 if kind == "regression" else 0.118
    fields: dict[str, Any] = {
        "row_id": "P-0042",
        "model": "ebm",
        "bundle_id": "b" * 64,
        "glass_box": True,
        "output": {"binary": "yes", "multiclass": "none", "regression": ""}[kind],
        "estimate": estimate,
        "probabilities": {"binary": (0.882, 0.118), "multiclass": (0.45, 0.2, 0.35), "regression": ()}[kind],
        "classes": {"binary": ("no", "yes"), "multiclass": ("none", "long", "short"), "regression": ()}[kind],
        "average": 7.1 if kind == "regression" else 0.45,
        "score": -2.01,
        "constant": -0.2,
        "reasons": (make_reason(),),
        "terms": (TermPart(term="lactate", features=("lactate",), contribution=0.6),),
        "spread": Spread(low=6.9, high=7.8, refits=20)
        if kind == "regression"
        else Spread(low=0.09, high=0.16, refits=20),
        "domain": Domain(inside=True),
    }
    return CaseExplanation(**(fields | changes))
