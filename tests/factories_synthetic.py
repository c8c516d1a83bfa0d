"""Generated rows whose truth a test knows (those of benchmarks/gate.py), and a finding made by hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from interpretable.collab.curate import REASONS
from interpretable.records.evaluation import Figure
from interpretable.records.gate import Arm, Curation, GateFinding, GroupChange

_PLACE = Path(__file__).resolve().parents[1] / "benchmarks" / "gate.py"
_spec = importlib.util.spec_from_file_location("simulated_gate", _PLACE)
assert _spec is not None and _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _module  # its dataclasses look their module up
_spec.loader.exec_module(_module)

Planted, Ridge, SLOPES, as_synthetic, line_rows = (
    _module.Planted, _module.Ridge, _module.SLOPES, _module.as_synthetic, _module.line_rows,
)  # fmt: skip
newton = _module.newton


def make_gate(**changes: Any) -> GateFinding:
    def gain(value: float) -> Figure:
        return Figure(value=value, low=value - 0.02, high=value + 0.02, method="corrected t")

    given = {
        "verdict": "helps", "reason": "better", "generator": "a <model>", "student": "logistic",
        "metric": "log_loss", "n": 60, "folds": 5, "repeats": 2, "seed": 0, "weight": 0.5,
        "arms": (
            Arm(name="real", loss=0.52),
            Arm(name="generated", loss=0.48, gain=gain(0.04), weights={"0": 1, "0.5": 9}),
            Arm(name="control", loss=0.53, gain=gain(-0.01), weights={"0": 10}),
            Arm(name="shuffled", loss=0.55, gain=gain(-0.03), weights={"0": 1, "0.5": 9}),
        ),
        "over_control": gain(0.05), "over_shuffled": gain(0.07), "smallest": 0.0052, "margin": 0.026,
        "groups": (GroupChange(column="sex", group="female", n=25, gain=0.013),),
        "slopes": {"real": gain(1.1), "generated": gain(1.05)},
        "curation": Curation(made=900, kept=800, dropped=dict.fromkeys(REASONS, 10)), "seconds": 12.0,
    }  # fmt: skip
    return GateFinding(**{**given, **changes})
