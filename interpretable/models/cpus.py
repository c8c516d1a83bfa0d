"""How many processors there really are: what the container grants, not what the machine has."""

from __future__ import annotations

import math
import os
from pathlib import Path

WORTH = 4_000_000  # cells (rows x columns x bags) from which starting other processes pays


def _quota(root: Path = Path("/sys/fs/cgroup")) -> float:
    """CPUs that the control group grants (v2, then v1); infinite where nothing is set."""
    try:
        most, period = (root / "cpu.max").read_text().split()[:2]
    except (OSError, ValueError):
        try:
            most = (root / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (root / "cpu" / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return math.inf
    try:
        granted, of = float(most), float(period)
    except ValueError:  # "max"
        return math.inf
    return granted / of if granted > 0 and of > 0 else math.inf


def available_cpus() -> int:
    """Processors this process may use at once: its affinity, capped by the control group's quota; at least 1.

    Examples
    --------
    >>> available_cpus() >= 1
    True
    """
    try:
        own = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        own = os.cpu_count() or 1
    return max(1, min(own, math.floor(_quota())) if math.isfinite(_quota()) else own)


def workers(wanted: int, *, cells: int, parts: int) -> int:
    """Processes for `parts` independent fits of so many cells: never more than wanted, there or useful.

    The result of a fit does not depend on it. `wanted` below 1 asks for all there are.
    """
    most = available_cpus() if wanted < 1 else min(wanted, available_cpus())
    return min(most, parts) if cells * parts >= WORTH else 1
