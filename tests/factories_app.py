"""Explanations and views with full defaults, for panels and pages."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from interpretable.records.explanation import CaseExplanation, Domain, Reason, SimilarCase, Spread, TermPart
from interpretable.records.review import Case
from interpretable.records.task import Column, Task

MAIN = Path(__file__).parents[1] / "app" / "main.py"


def make_task(**changes: Any) -> Task:
    given = {
        "name": "pneumonia",
        "kind": "binary",
        "target": "died",
        "positive": "yes",
        "subject": "patient",
        "subject_plural": "patients",
        "subject_zh": "患者",
        "outcome": "die within 30 days",
        "outcome_zh": "在30天内死亡",
        "threshold": 0.1,
        "columns": (
            Column(name="age", kind="number", label="Age", label_zh="年龄", unit="years"),
            Column(name="asthma", kind="boolean", label="Asthma", label_zh="哮喘"),
        ),
    }
    return Task(**{**given, **changes})


def make_case_explanation(**changes: Any) -> CaseExplanation:
    age = Reason(feature="age", value=92.0, typical=63.0, effect=1.4, estimate=0.12, if_typical=0.04)
    asthma = Reason(feature="asthma", value="yes", typical="no", effect=-0.7, estimate=0.12, if_typical=0.2)
    given = {
        "row_id": "P-0042",
        "model": "ebm",
        "bundle_id": "b" * 64,
        "glass_box": True,
        "output": "yes",
        "estimate": 0.12,
        "probabilities": (0.88, 0.12),
        "average": 0.07,
        "score": -1.99,
        "constant": -2.69,
        "reasons": (age, asthma),
        "terms": (
            TermPart(term="age", features=("age",), contribution=1.4),
            TermPart(term="asthma", features=("asthma",), contribution=-0.7),
        ),
        "spread": Spread(low=0.09, high=0.16, refits=20),
        "domain": Domain(inside=True),
        "values": {"age": 92.0, "asthma": "yes"},
        "decision": "above",
        "cut": 0.1,
    }
    return CaseExplanation(**{**given, **changes})


def make_similar(**changes: Any) -> SimilarCase:
    given = {
        "row_id": "T-7",
        "distance": 0.4,
        "estimate": 0.1,
        "outcome": "no",
        "differences": (("age", 92.0, 88.0),),
    }
    return SimilarCase(**{**given, **changes})


def copy_study(study: Path, folder: Path, *, cases: int = 3) -> Path:
    """A study of one's own with the first sample cases in its list, ready to be decided."""
    from interpretable.review import intake, open_desk
    from interpretable.study import open_study

    mine = folder / "study"
    shutil.copytree(study, mine)
    opened = open_study(mine)
    made = []
    for case in opened.sample_cases(n=cases):
        row = intake.row_of(case.values, case.case_id, opened.task, read=opened.read_cases)
        made.append(intake.estimated(case, opened.explain(row), opened.task))
    if made:
        open_desk(mine, role="admin").add_cases(made, by="test")
    return mine


HOSTILE = (
    "<script>alert(1)</script> **FREE** \u202eevil txt [c](javascript:x) win\u200bner\n\n"
    "# h\n- </div> <img src=x onerror=alert(2)> call &lt;"
)
TEXTS = {
    "spam": "WINNER!! You have won a cash prize. Call now to claim, or txt CLAIM to 87121.",
    "hostile": HOSTILE,
    "long": "call now to claim your free prize. " * 60,
    "unknown": "call " + " ".join(f"zzgl{i}x" for i in range(30)),
    "folded": "free ﷺ prize \u1112\u1161\u11ab" + "x" * 21_000,
}


def copy_text_study(study: Path, folder: Path) -> Path:
    """A text study of one's own with made-up texts in its list, called by what is odd about them."""
    from interpretable.review import intake, open_desk
    from interpretable.study import open_study

    mine = folder / "texts"
    shutil.copytree(study, mine)
    opened = open_study(mine)
    made = []
    for name, text in TEXTS.items():
        row = intake.row_of({"text": text}, name, opened.task, read=opened.read_cases)
        case = Case(case_id=name, values={"text": text}, source="made up", added="2026-01-01T00:00:00+00:00")
        made.append(intake.estimated(case, opened.explain(row), opened.task))
    open_desk(mine, role="admin").add_cases(made, by="test")
    return mine
