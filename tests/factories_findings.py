"""Findings on small and large models, made by hand."""

from __future__ import annotations

from dataclasses import replace

from factories_selective import figure, make_level

from interpretable.records.beside import Told
from interpretable.records.cascade import (
    CascadeBill,
    CascadeFinding,
    CascadePlan,
    FrontierPoint,
    FusionTold,
    RouterReason,
    RouterTold,
    StageTrial,
)

PLAN = CascadePlan(
    max_error=0.1, delta=0.1, rows={"train": 500, "calibration": 184, "calibration_inside": 179, "test": 184},
    needed=22, base_error=figure(0.2), least_left=0.11, hand_on_below=(0.8, 0.8), handed_on=figure(0.4),
    handed_on_error=figure(0.4), possible=True, most_calls={"train": 60, "calibration": 70, "test": 60},
)  # fmt: skip
TRIAL = StageTrial(
    status="used", reason="helps", n=60, unread=2, small_right=figure(0.6), both_right=figure(0.8),
    alone_right=figure(0.7), gained=14, lost=2, p_right=0.002, gain=figure(0.2), p_loss=0.01,
)  # fmt: skip
ROUTER = RouterTold(
    of="small", n=500, wrong=100, used=False, auroc=figure(0.7), auroc_sureness=figure(0.72),
    gain=figure(0.0), p_value=0.8,
    reasons=(
        RouterReason(kind="sureness", feature="", effect=1.0),
        RouterReason(kind="column", feature="age", effect=0.2),
    ),
)  # fmt: skip


def make_cascade(how: str = "used") -> CascadeFinding:
    """`how`: the stage was used, skipped, off, or used without a promise that could be shown."""
    level = replace(make_level(0.1, ("no", "yes"), shown=True, groups=True, by_answer=False))
    small = replace(level, held=replace(level.held, coverage=figure(0.5)))
    both = replace(level, held=replace(level.held, coverage=figure(0.7)))
    verdicts = {
        "used": ("helps", "decides_more"), "skipped": ("cannot_tell", "open"), "off": ("told", "off"),
        "not_shown": ("cannot_tell", "not_shown"),
    }  # fmt: skip
    verdict, reason = verdicts[how]
    told = Told(
        mechanism="cascade", bundle_id="b", created="2026-01-01", seed=0, verdict=verdict, reason=reason
    )
    points = (
        FrontierPoint(level=0.05, small=figure(0.3), cascade=None, small_error=figure(0.03)),
        FrontierPoint(
            level=0.1, small=figure(0.5), cascade=figure(0.7) if how == "used" else None,
            small_error=figure(0.08), cascade_error=figure(0.07) if how == "used" else None,
        ),
    )  # fmt: skip
    stage = {"off": StageTrial(status="not_asked", reason="off"), "skipped": replace(TRIAL, status="skipped")}
    bill = CascadeBill(
        small=500, large=200, person=300, calls=400, tokens=80_000, seconds=200, money=2.0, currency="USD",
        more=200, watts=15.0, watt_hours=200 * 15 / 3600,
    )  # fmt: skip
    fusion = FusionTold(
        small=0.8, classes=("no", "yes"), large=(1.2,), intercept=0.1, rows=58, test_rows=60,
        loss_small=figure(0.6), loss_both=figure(0.4), gain=figure(0.2), verdict="helps",
    )  # fmt: skip
    return CascadeFinding(
        told=told,
        plan=PLAN,
        stage=stage.get(how, TRIAL),
        small=small,
        cascade={"used": both, "not_shown": replace(both, shown=False)}.get(how),
        routers=(ROUTER,),
        fusion=None if how == "off" else fusion,
        decided={"small": 92, "large": 36 if how == "used" else 0, "person": 56},
        bill=bill if how == "used" else None,
        frontier=points,
    )
