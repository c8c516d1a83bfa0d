"""What may leave the machine, what is masked before it does, and the record that it did."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from interpretable.errors import LLMError
from interpretable.records.exchange import Egress
from interpretable.records.task import Task

# Order matters: the longer forms first. These rules catch identifiers with a form. They do not find names,
# places or dates written in words, so a masked text is not an anonymous text.
_RULES = (
    ("[URL]", re.compile(r"(?i)\b(?:https?://|www\.)\S+")),
    ("[EMAIL]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[IP]", re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")),
    ("[IP]", re.compile(r"(?i)\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b")),
    ("[ID]", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("[DATE]", re.compile(r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b")),
    ("[DATE]", re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")),
    (
        "[DATE]",
        re.compile(
            r"(?i)\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
            r"\.?,?(?:\s+\d{4})?\b"
        ),
    ),
    ("[PHONE]", re.compile(r"(?<!\w)(?:\+|00)\d[\d ()./-]{6,16}\d(?!\w)")),
    ("[PHONE]", re.compile(r"(?<!\w)\(?\d{3,5}\)?[ ./-]\d{3,4}[ ./-]?\d{3,4}(?!\w)")),
    ("[NUMBER]", re.compile(r"\d{5,}")),
)


def redact(text: str) -> tuple[str, int]:
    """Mask e-mail, URL, IP, social security, date, phone and long digit runs; return the text and how many.

    >>> redact("write to jo@example.org or 555-867-5309")
    ('write to [EMAIL] or [PHONE]', 2)
    """
    total = 0
    for mask, pattern in _RULES:
        text, found = pattern.subn(mask, text)
        total += found
    return text, total


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
    """Adds up what one client sent. The payload is hashed, never kept."""

    def __init__(self, *, endpoint: str, model: str):
        self._endpoint, self._model = endpoint, model
        self._started = datetime.now(UTC).isoformat(timespec="microseconds")
        self._columns: dict[str, None] = {}
        self._calls = self._bytes = self._redactions = 0
        self._digest = hashlib.sha256()

    def add(self, payload: bytes, *, columns: tuple[str, ...], redactions: int, times: int = 1) -> int:
        """Note one payload that was sent `times` times; returns the bytes."""
        self._columns.update(dict.fromkeys(columns))
        self._calls += times
        self._bytes += len(payload) * times
        self._redactions += redactions
        self._digest.update(hashlib.sha256(payload).digest())
        return len(payload) * times

    def records(self) -> tuple[Egress, ...]:
        """One record for all sendings so far; none where nothing was sent."""
        if not self._calls:
            return ()
        return (
            Egress(
                time=self._started,
                endpoint=self._endpoint,
                model=self._model,
                columns=tuple(self._columns),
                calls=self._calls,
                bytes=self._bytes,
                payload_sha256=self._digest.hexdigest(),
                redactions=self._redactions,
            ),
        )
