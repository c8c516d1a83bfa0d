"""Generated rows whose truth a test knows: those of the simulation in benchmarks/gate.py."""

from __future__ import annotations

from benchmarks.gate import Planted, Ridge, as_synthetic, line_rows, line_task

__all__ = ["Planted", "Ridge", "as_synthetic", "line_rows", "line_task"]
