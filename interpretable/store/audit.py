"""The hash chain: each event's digest covers the event and the digest before it.

An edited, removed or reordered event breaks the chain at its number. A chain alone cannot show that its tail
was cut off, or that all of it was written anew; a checkpoint (count and head, kept outside the table) can.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from interpretable.records import codec
from interpretable.records.review import ChainReport, Event

GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """How long the record was, and the digest of its last entry, when it was last written."""

    count: int
    head: str


def digest_of(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of a value."""
    return hashlib.sha256(codec.canonical(value)).hexdigest()


def make_event(
    previous: Event | None, *, time: str, actor: str, action: str, subject: str, payload: dict[str, Any]
) -> Event:
    """The next link of the chain. A clock that ran backwards is written down, not corrected."""
    if previous is not None and time < previous.time:
        payload = {**payload, "clock_behind": previous.time}
    draft = Event(
        number=1 if previous is None else previous.number + 1,
        time=time,
        actor=actor,
        action=action,
        subject=subject,
        payload=codec.to_plain(payload),
        previous=GENESIS if previous is None else previous.digest,
        digest="",
    )
    return replace(draft, digest=_seal(draft))


def _seal(event: Event) -> str:
    body = asdict(event)
    del body["digest"]
    return digest_of(body)


def walk(events: Iterable[Event]) -> Iterator[tuple[Event, str]]:
    """Each event with the problem found at it: "" while the chain holds, then "missing" or "changed"."""
    head = GENESIS
    for number, event in enumerate(events, start=1):
        if event.number != number:
            yield replace(event, number=number), "missing"
            return
        if event.previous != head or event.digest != _seal(event):
            yield event, "changed"
            return
        head = event.digest
        yield event, ""


def against_checkpoint(
    report: ChainReport, checkpoint: Checkpoint | None, head_then: str | None
) -> ChainReport:
    """The report, corrected by the checkpoint. `head_then`: digest of entry `checkpoint.count`."""
    if checkpoint is None or not report.whole:
        return report
    if report.entries < checkpoint.count:
        return replace(report, whole=False, first_bad=report.entries + 1, problem="cut_off")
    if checkpoint.count and head_then != checkpoint.head:
        return replace(report, whole=False, first_bad=checkpoint.count, problem="rewritten")
    return report


def read_checkpoint(path: Path | None) -> Checkpoint | None:
    """The checkpoint in this file; None when there is none. An unreadable one counts as count 0, head ""."""
    if path is None or not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Checkpoint(count=int(found["count"]), head=str(found["head"]))
    except (ValueError, KeyError, TypeError):
        return Checkpoint(count=0, head="")


def write_checkpoint(path: Path | None, event: Event) -> None:
    """Writes count and head after the commit. A slower writer never puts an older head over a newer one."""
    if path is None:
        return
    known = read_checkpoint(path)
    if known is not None and known.count >= event.number:
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{event.number}")
    fresh.write_text(json.dumps({"count": event.number, "head": event.digest}) + "\n", encoding="utf-8")
    fresh.replace(path)
