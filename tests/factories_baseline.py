"""A finding of a language model beside the small models, made by hand."""

from __future__ import annotations

from dataclasses import replace

from interpretable.records.beside import Told
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.exchange import Cost, Ledger, LLMInfo
from interpretable.records.llm_baseline import (
    BaselineFinding,
    Completion,
    Condition,
    Gain,
    Kind,
    Kinds,
    ModeResult,
    MoreCorrect,
    Overrides,
    Reading,
    Renamed,
    SmallResult,
    Steadiness,
)

SHOWN = {"binary": ("auroc", "log_loss", "brier", "accuracy"), "regression": ("mae", "rmse")}


def figure(value: float, half: float = 0.1) -> Figure:
    return Figure(value=value, low=value - half, high=value + half, method="t")


def reading(name: str, value: float, metrics: tuple[str, ...]) -> Reading:
    gaps = tuple(
        Comparison(
            model=name, against="small", metric=m, difference=figure(value - 0.8), p_value=0.1, method="t",
            n=40,
        )
        for m in metrics
    )  # fmt: skip
    return Reading(name=name, metrics={m: figure(value) for m in metrics}, comparisons=gaps)


def make_mode(mode: str, value: float, metrics: tuple[str, ...], **changes) -> ModeResult:
    names = ("raw", "contextual", "batch", "fitted") if "auroc" in metrics else ("raw", "fitted")
    given = {
        "mode": mode,
        "way": "logprobs" if "auroc" in metrics else "numbers",
        "fit": {"slope": 1.0, "intercept": 0.0, "rows": 40.0, "signal": 1.0},
        "readings": tuple(reading(name, value, metrics) for name in names),
        "gain": Gain(metric=metrics[0], figure=figure(value - 0.8), lower=value - 0.95, upper=value - 0.7),
        "ledger": Ledger(rows=40, calls=40),
        "cost": Cost(
            decisions=1000, seconds=500.0, tokens=90_000, bytes_sent=400_000, money=2.0, watts=15.0,
            watt_hours=2.1,
        ),
        "more": MoreCorrect(
            more=figure(50.0, 90.0), seconds=10.0, tokens=1800.0, money=0.04, seconds_least=3.6,
            tokens_least=640.0, money_least=0.014,
        ),
    }  # fmt: skip
    return ModeResult(**{**given, **changes})


def make_baseline(kind: str = "binary", **changes) -> BaselineFinding:
    metrics, classes = SHOWN[kind], kind == "binary"
    overrides = Overrides(n=40, changed=figure(0.25), changes=10, right=3, small_right=7, p_value=0.9)
    modes = (
        make_mode("zero", 0.6, metrics, unread=3, failures={"no_label": 3}),
        make_mode("shots", 0.85, metrics, fit={"slope": 0.001, "signal": 0.0}),
        make_mode("hint", 0.75, metrics, overrides=overrides if classes else None),
        ModeResult(mode="card", skipped="target_not_allowed"),
    )
    if not classes:
        modes = tuple(replace(m, more=None) for m in modes)
    cheap = Cost(decisions=1000, seconds=0.002, watts=15.0, watt_hours=8e-6)
    given = {
        "told": Told(
            mechanism="baseline", bundle_id="b", created="2026-01-01", seed=3, verdict="cannot_tell",
            reason="open", info=LLMInfo(name="tiny", where="local", smoke_test_only=True, method="logprobs"),
            ledger=Ledger(rows=300, calls=300),
        ),
        "rows": 40, "rows_test": 184, "calibration_rows": 40, "shots": 8, "draws": 3, "columns": ("age",),
        "small": (
            SmallResult(model="ebm", used=False, metrics=dict.fromkeys(metrics, figure(0.7)), cost=cheap),
            SmallResult(model="logistic", used=True, metrics=dict.fromkeys(metrics, figure(0.8)), cost=cheap),
        ),
        "modes": modes,
        "steadiness": (
            Steadiness(change="shots", n=10, changed=figure(0.5) if classes else None, moved=figure(0.3)),
            Steadiness(change="columns", skipped="one_column"),
            Steadiness(change="again", n=10, changed=figure(0.0) if classes else None, moved=figure(0.0)),
        ),
        "completion": Completion(
            rows=10, cells=50, unread=4, exact=figure(0.5), guess=figure(0.4), gain=figure(0.1, 0.2),
            rare_cells=17, rare_exact=figure(0.2), whole_rows=figure(0.1),
        ),
        "renamed": Renamed(
            n=40, metric=metrics[0], named=figure(0.6), bare=figure(0.4), difference=figure(0.2)
        ),
        "kinds": Kinds(
            mode="zero", fitted=80, needed=60, loss=0.03, loss_low=0.01,
            kinds=(
                Kind(path=(Condition(column="age", low=60.0),), n=30, says=0.9, right=figure(0.62)),
                Kind(
                    path=(
                        Condition(column="age", low=60.0, negated=True),
                        Condition(column="sex", level="Male", negated=True),
                    ),
                    n=0, says=0.0, right=Figure(value=None, reason="no_rows"),
                ),
            ),
        ) if classes else None,
        "card": "What 500 past cases showed: Higher age speaks for yes.",
        "prompt_example": "[system]",
    }  # fmt: skip
    return BaselineFinding(**{**given, **changes})
