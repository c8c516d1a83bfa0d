"""Generated rows whose truth a test knows: those of the simulation in benchmarks/gate.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

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
