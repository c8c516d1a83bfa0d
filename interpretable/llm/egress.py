"""What may leave the machine, and the record that it did. What is masked before: collab/masking.py."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import threading
from bisect import insort
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from interpretable.errors import LLMError
from interpretable.llm.purse import Purse
from interpretable.records.exchange import Egress
from interpretable.records.task import LLMConsent, Task

MOST_CALLS, MONEY = "INTERPRETABLE_LLM_MOST_CALLS", "INTERPRETABLE_LLM_BUDGET"


def check_consent(task: Task) -> None:
    """Raise unless the task says what may go where, and why. All that is missing is listed at once."""
    consent = task.llm
    if consent is None:
        raise LLMError(
            "The task has no [llm] table, so nothing may leave this machine. To use an endpoint, add to the "
            "task file: [llm] with endpoint (base URL), model, purpose (why rows are sent) and columns (the "
            "names of the columns that may be sent; with the target among them, examples are sent too).",
            code="no_consent",
        )
    given = {"endpoint": consent.endpoint, "model": consent.model, "purpose": consent.purpose}
    problems = [
        f"[llm] {name} is empty in the task file: say it."
        for name, value in given.items()
        if not value.strip()
    ]
    if not consent.columns:
        problems.append("[llm] columns is empty in the task file: list the columns that may be sent.")
    known = {c.name for c in (*task.features, *task.inputs)} | {task.target}
    unknown = [name for name in consent.columns if name not in known]
    if unknown:
        problems.append(
            f"[llm] columns names what is not a used column of the task: {', '.join(map(repr, unknown))}."
        )
    if problems:
        raise LLMError(problems, code="no_consent")
    check_url(consent.endpoint)


def open_purse(consent: LLMConsent) -> Purse:
    """The caps of the task; INTERPRETABLE_LLM_MOST_CALLS and INTERPRETABLE_LLM_BUDGET stand above them.

    Raises
    ------
    LLMError
        A cap that cannot be, or one on money without prices (`.code` bad_cap).
    """
    calls, budget = os.environ.get(MOST_CALLS, ""), os.environ.get(MONEY, "")
    try:
        purse = Purse(
            most_calls=int(calls) if calls else consent.most_calls,
            budget=float(budget) if budget else consent.budget,
            price_in=consent.price_in,
            price_out=consent.price_out,
        )
        fine = (purse.most_calls or 0) >= 1 and (purse.budget is None or 0 < purse.budget < float("inf"))
    except ValueError:
        fine = False
    if not fine:
        raise LLMError(
            f"{MOST_CALLS} can be 1 or more, {MONEY} above 0; got {calls!r} and {budget!r}.", code="bad_cap"
        )
    if purse.budget is not None and not (consent.price_in > 0 and consent.price_out > 0):
        raise LLMError(
            "A cap on money needs price_in and price_out in [llm] of the task: money per million tokens.",
            code="bad_cap",
        )
    return purse


def check_url(url: str) -> str:
    """The host of a base URL that may be used.

    https everywhere; http only to this machine, or to hosts named in INTERPRETABLE_LLM_ALLOW_HTTP (comma
    separated), because http sends the rows and the key readable to everyone on the way.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise LLMError("[llm] endpoint must be a base URL such as https://host/v1.", code="bad_endpoint")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise LLMError(
            "[llm] endpoint must not carry a user, password, query or fragment. A key belongs in "
            "the environment variable INTERPRETABLE_LLM_KEY.",
            code="bad_endpoint",
        )
    allowed = {h.strip() for h in os.environ.get("INTERPRETABLE_LLM_ALLOW_HTTP", "").split(",")}
    if parts.scheme == "http" and not is_loopback(host) and host not in allowed:
        raise LLMError(
            f"[llm] endpoint uses http to {host!r}, another machine: rows and key would travel "
            "unencrypted. Use "
            f"https, or, inside a network you trust, set INTERPRETABLE_LLM_ALLOW_HTTP={host}.",
            code="plain_http",
        )
    return host


def is_loopback(host: str) -> bool:
    """Whether this name means the machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class EgressLog:
    """Adds up what one client sent, from any thread. The payload is hashed, never kept.

    Questions under way at once arrive in no fixed order, so the hash is one over the sorted hashes of all.
    """

    def __init__(self, *, endpoint: str, model: str):
        self._endpoint, self._model = endpoint, model
        self._started = datetime.now(UTC).isoformat(timespec="microseconds")
        self._columns: dict[str, None] = {}
        self._calls = self._bytes = 0
        self._masked: Counter[str] = Counter()
        self._digests: list[bytes] = []  # sorted
        self._lock = threading.Lock()

    def add(
        self, payload: bytes, *, columns: tuple[str, ...], redactions: Mapping[str, int], times: int = 1
    ) -> int:
        """Note one payload that was sent `times` times; returns the bytes."""
        with self._lock:
            self._columns.update(dict.fromkeys(columns))
            self._calls += times
            self._bytes += len(payload) * times
            self._masked.update({kind: count * times for kind, count in redactions.items()})
            for _ in range(times):
                insort(self._digests, hashlib.sha256(payload).digest())
        return len(payload) * times

    def records(self) -> tuple[Egress, ...]:
        """One record for all sendings so far; none where nothing was sent."""
        with self._lock:
            if not self._calls:
                return ()
            return (
                Egress(
                    time=self._started,
                    endpoint=self._endpoint,
                    model=self._model,
                    columns=tuple(sorted(self._columns)),
                    calls=self._calls,
                    bytes=self._bytes,
                    payload_sha256=hashlib.sha256(b"".join(self._digests)).hexdigest(),
                    redactions=self._masked.total(),
                    masked=dict(sorted(self._masked.items())),
                ),
            )
