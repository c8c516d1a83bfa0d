"""Where a study came from: enough to run it again."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Provenance:
    version: str  # of this package
    created: str  # UTC, ISO 8601
    seed: int
    quick: bool
    level: str = "standard"
    python: str
    platform: str
    cpus: int
    packages: dict[str, str] = field(default_factory=dict)
    data_sha256: str = ""
    task_sha256: str = ""
    split_fingerprint: str = ""
    bundle_id: str = ""
    seconds: float = 0.0
