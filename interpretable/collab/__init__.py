"""People and language models at the same cases."""

from __future__ import annotations

from interpretable.collab.baseline import Baseline, run_baseline

__all__ = ["Baseline", "run_baseline"]
