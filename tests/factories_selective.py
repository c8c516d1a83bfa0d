"""Evidence of what could be decided alone, made by hand."""

from __future__ import annotations

from typing import Any

from interpretable.records.evaluation import Figure
from interpretable.records.selective import (
    Certificate,
    Held,
    ScopeLevel,
    ScopeTrial,
    SelectiveEvidence,
    SelectiveLevel,
    SelectivePoint,
)


def figure(value: float, *, by: float = 0.02) -> Figure:
    return Figure(value=value, low=max(value - by, 0.0), high=min(value + by, 1.0), method="clopper-pearson")


def make_level(
    level: float, classes: tuple[str, ...], *, shown: bool, groups: bool, by_answer: bool
) -> SelectiveLevel:
    own = tuple(classes) if by_answer else ("",)
    certificates = tuple(
        Certificate(
            by="answer" if name else "", group=name, alpha=level, delta=0.1 / len(own), n=179, needed=45,
            decided=122 if shown else 28, wrong=2 if shown else 0, p_value=0.07 if shown else 0.2,
            threshold=0.875 if shown and place == 0 else None, holds=shown and place == 0,
        )
        for place, name in enumerate(own)
    )  # fmt: skip
    none = Figure(value=None, reason="no_rows")
    held = {
        "decided": 124 if shown else 0,
        "coverage": figure(0.67),
        "error": figure(0.04) if shown else none,
    }
    sexes = ("Female", "Male") if groups else ()
    return SelectiveLevel(
        level=level,
        shown=shown,
        thresholds=tuple(
            0.875 if shown and (place == 0 or not by_answer) else None for place in range(len(classes))
        ),
        certificates=certificates,
        least_left=0.18,
        held=Held(n=184, **held),
        answers=tuple(Held(by="answer", group=name, n=90, **held) for name in classes),
        groups=tuple(
            Certificate(
                by="sex", group=name, alpha=level, delta=0.05, n=80, needed=59, decided=20, wrong=0,
                p_value=0.3, holds=name == "Male",
            )
            for name in sexes
            if shown and not by_answer
        ),
        group_held=tuple(Held(by="sex", group=name, n=90, **held) for name in sexes),
        missed=figure(0.03) if len(classes) == 2 else None,
    )  # fmt: skip


def make_selective(
    kind: str = "binary", *, classes: tuple[str, ...] = (), by_answer: bool = False, **changes: Any
) -> SelectiveEvidence:
    names = classes or (("no", "yes") if kind == "binary" else ("none", "short_term", "long_term"))
    how = {"groups": kind == "binary", "by_answer": by_answer}
    levels = tuple(make_level(a, names, shown=a > 0.02, **how) for a in (0.02, 0.05))
    trial = ScopeTrial(
        kind="file" if kind == "binary" else "class", name="" if kind == "binary" else names[-1], n=60,
        caught=figure(0.4), auroc=Figure(value=0.71, low=0.6, high=0.8, method="delong"),
        levels=(ScopeLevel(level=0.05, decided=figure(0.12)),),
    )  # fmt: skip
    points = tuple(
        SelectivePoint(threshold=1 - s / 20, coverage=s / 10, error=s / 100, low=s / 200, high=s / 50)
        for s in range(1, 11)
    )
    given = {
        "model": "ebm",
        "delta": 0.1,
        "by_answer": by_answer,
        "rows": {"calibration": 184, "calibration_inside": 179, "test": 184, "test_inside": 178},
        "base_error": figure(0.16),
        "levels": levels,
        "curve": points,
        "scope": (trial,),
    }
    return SelectiveEvidence(**(given | changes))
