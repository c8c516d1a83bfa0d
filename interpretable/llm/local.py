"""The local engine: xllamacpp serving on loopback. The one file that touches it.

Its attributes move between releases, so each is set only where it exists, and the ones that matter for
privacy must exist. Everything else goes over HTTP, the same way as to any other endpoint.
"""

from __future__ import annotations

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from interpretable.errors import LLMError

CONTEXT = 4096  # tokens of the one slot: the longest prompt


def is_installed() -> bool:
    """Whether the engine can be imported."""
    return find_spec("xllamacpp") is not None


def threads() -> int:
    """Threads for the engine: INTERPRETABLE_LLM_THREADS, else the CPUs this process may use (4 at most).

    Threads that spin while they wait are slower by a factor of ten and more on a busy machine. With the
    passive policy set below they are not: two threads on two CPUs took 0.7 to 1.2 times the time of one at a
    load of 3.6, and 0.6 to 0.9 times at a load of 1.5.
    """
    chosen = os.environ.get("INTERPRETABLE_LLM_THREADS", "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    return max(1, min(4, _cpus()))


def _cpus() -> int:
    known = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = Path("/sys/fs/cgroup/cpu.max")
    if quota.is_file():
        share, period = quota.read_text().split()[:2]
        if share != "max":
            known = min(known, max(1, int(share) // int(period)))
    return known


class Engine:
    """A running server: `url` and `key` say how to reach it. Only this process knows the key."""

    def __init__(self, weights: Path):
        if not is_installed():
            raise LLMError(
                "The local engine (xllamacpp) is not installed. Run: pip install "
                "'interpretable-toolkit[llm-local]'",
                code="engine_missing",
            )
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle threads must sleep, not spin
        import xllamacpp

        self.key = secrets.token_hex(16)
        self.version = str(getattr(xllamacpp, "__version__", "") or getattr(xllamacpp, "BUILD_INFO", ""))
        params = xllamacpp.CommonParams()
        _configure(params, weights, self.key)
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError:
            raise LLMError("The local engine could not load the weights.", code="engine_failed") from None
        self.url = f"{str(self._server.listening_address).rstrip('/')}/v1"

    def close(self) -> None:
        """Stop the server."""
        self._server = None


def _configure(params: Any, weights: Path, key: str) -> None:
    _must_set(params, "hostnames" if hasattr(params, "hostnames") else "hostname", "127.0.0.1")
    _must_set(params, "api_keys", [key])
    _must_set(params, "port", 0)
    for name, value in {
        "ui": False,
        "webui": False,
        "offline": True,
        "warmup": False,
        "verbosity": -1,
    }.items():
        _set(params, name, value)
    for name, value in {"n_ctx": CONTEXT, "n_parallel": 1, "swa_full": True, "endpoint_slots": False}.items():
        _set(params, name, value)
    params.model.path = str(weights)
    for group in ("cpuparams", "cpuparams_batch"):
        if hasattr(params, group):
            _set(getattr(params, group), "n_threads", threads())


def _set(target: Any, name: str, value: Any) -> None:
    if hasattr(target, name):
        setattr(target, name, value)


def _must_set(target: Any, name: str, value: Any) -> None:
    if not hasattr(target, name):
        raise LLMError(
            f"This release of xllamacpp has no setting {name!r}, which keeps the engine to this machine. "
            "Install a release that pyproject.toml allows.",
            code="engine_unknown",
        )
    setattr(target, name, [value] if name == "hostnames" else value)
