"""The section and the sentences about calibration in depth, in both languages, for every kind of task."""

from dataclasses import replace

import numpy as np
import pytest
from factories_evidence import make_evidence

from interpretable import figures, words
from interpretable.models.output_map import choose_map
from interpretable.records.calibrators import (
    CalibratorsEvidence,
    ChanceRange,
    PredictionRange,
    SetResult,
    SmoothCurve,
    SmoothPoint,
)
from interpretable.records.document import Picture, Table
from interpretable.records.evaluation import Figure, NetBenefitPoint
from interpretable.report.calibrators import calibrators
from interpretable.report.results import decision_curve


def make_curve(kind="binary", **changes):
    scale = 1.0 if kind != "regression" else 10.0
    points = tuple(
        SmoothPoint(
            said=s / 20 * scale,
            happened=s / 20 * scale,
            low=(s / 20 - 0.03) * scale,
            high=(s / 20 + 0.03) * scale,
        )
        for s in range(1, 20)
    )
    names = ("calibration_slope", "ici", "e50", "e90", "bin_error", "spiegelhalter_z")
    given = {
        "output": "long" if kind == "multiclass" else "",
        "part": "test",
        "n": 276,
        "events": 100,
        "knots": 4,
        "points": points,
        "figures": {name: Figure(value=0.02) for name in names},
        "ici_by_chance": 0.03,
        "p_value": 0.4,
    }
    return SmoothCurve(**(given | changes))


def make_found(kind="binary", **changes):
    method = "absolute" if kind == "regression" else "lac"
    whole = SetResult(
        method=method, level=0.9, n=92, quantile=0.6, promised_low=0.83, promised_high=0.95, n_test=276,
        coverage=Figure(value=0.91, low=0.87, high=0.94), size=1.3, single=0.7,
    )  # fmt: skip
    few = SetResult(method=method, level=0.9, by="sex", group="Female", n=7, reason="too_few_for_level")
    rng = np.random.default_rng(0)
    link = rng.normal(size=(120, 1))
    tried = choose_map(
        "logit", link, (rng.random(120) < 0.5).astype(int), rng.integers(0, 3, 120), name="ebm"
    )
    given = {
        "model": "ebm",
        "curves": (make_curve(kind), make_curve(kind, part="out_of_fold", ici_by_chance=None)),
        "maps": (tried.trials,),
        "sets": (whole, few),
        "set_method": method,
        "chance_ranges": (ChanceRange(said=0.2, low=0.16, high=0.24),),
        "rows": {"calibration": 92, "test": 276},
    }
    return CalibratorsEvidence(**(given | changes))


def text_of(blocks):
    return "\n".join(repr(replace(b, svg="") if isinstance(b, Picture) else b) for b in blocks)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_section_says_its_answer_first_and_holds_a_chart_and_tables(kind, lang):
    blocks = list(calibrators(make_evidence(kind, calibrators=make_found(kind)), lang))
    assert blocks[0].style == "lead"
    assert sum(isinstance(b, Picture) for b in blocks) == 1
    assert sum(isinstance(b, Table) for b in blocks) >= 3
    assert words.say("calibrators.too_few", lang, n=7) in text_of(blocks)


def test_the_plain_answer_counts_out_of_100():
    task = make_evidence().task
    lines = words.calibrated(make_curve(), task)
    assert "told 50 in 100, it happened to 50 (47 to 53)." in lines[1]
    assert "no error beyond chance is seen" in lines[-1] and "would not be seen either" in lines[-1]
    off = words.calibrated(make_curve(ici_by_chance=0.01), task)
    assert "somewhat off" in off[-1]


def test_a_curve_that_cannot_be_drawn_says_why():
    lacking = make_curve(points=(), reason="separation", figures={})
    blocks = list(calibrators(make_evidence(calibrators=make_found(curves=(lacking,))), "en"))
    assert "perfectly" in blocks[0].text
    assert not any(isinstance(b, Picture) for b in blocks)


def test_without_the_evidence_there_is_no_section():
    assert list(calibrators(make_evidence(), "en")) == []


def test_the_range_of_a_case_is_a_promise_about_many():
    task = make_evidence("regression").task
    one = PredictionRange(level=0.9, method="absolute", low=2.6, high=4.1)
    said = words.prediction_range(one, task)
    assert said.startswith("In 90 of 100 cases like those the model was checked on") and "2.60" in said
    both = PredictionRange(level=0.9, method="lac", answers=("no", "yes"))
    assert "no and yes" in words.prediction_range(both, make_evidence().task)


def make_points(gain):
    return tuple(
        NetBenefitPoint(
            threshold=t / 100, model=0.3, treat_all=0.2, low=0.25, high=0.35, gain_low=gain, gain_high=0.2
        )
        for t in range(1, 100)
    )


def test_the_decision_curve_tells_ahead_beyond_chance_from_ahead_at_all():
    evidence = make_evidence()
    model = replace(evidence.models[0], decision_curve=make_points(0.05))
    assert "1 in 100 to 99 in 100" in figures.decision_curve_sure(model, evidence.task)
    model = replace(model, decision_curve=make_points(-0.05))
    assert "At no line" in figures.decision_curve_sure(model, evidence.task)
    rows = figures.decision_curve_table([model], evidence.task)
    assert "0.300 (0.250 to 0.350)" in rows[0].values()
    assert rows[0][words.say("calibrators.gain_all")] == "0.100 (−0.050 to 0.200)"


def test_the_report_says_that_the_line_was_fixed_before_the_test_part_was_opened():
    events = (
        {"action": "line_fixed", "time": "2026-01-01T10:00:00+00:00", "cut": 0.25},
        {"action": "test_part_opened", "time": "2026-01-01T10:05:00+00:00"},
    )
    said = text_of(decision_curve(make_evidence(events=events), "en"))
    assert "fixed at 2026-01-01 10:00:00 UTC, before the test part was opened at 2026-01-01 10:05:00" in said
