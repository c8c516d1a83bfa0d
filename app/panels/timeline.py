"""What happened, newest first, and what the reviewer saw."""

from __future__ import annotations

from typing import Any

from interpretable_app.panels.decision import moment
from interpretable_app.panels.html import Safe, emit, join, tag
from interpretable_app.texts import t

from interpretable.records.review import Event, ReviewEntry


def draw_events(events: tuple[Event, ...], lang: str) -> None:
    emit(tag("ol", *(_event(event, lang) for event in events), cls="it-time", reversed="reversed"))


def _event(event: Event, lang: str) -> Safe:
    said = t(f"record.action.{event.action}", lang, subject=event.subject, n=event.payload.get("count", 1))
    who = t("record.by", lang, number=event.number, name=event.actor, time=moment(event.time))
    digest = tag("div", tag("code", event.digest[:16]), cls="when")
    acted = event.action in ("decided", "amended")
    body = (tag("div", tag("strong", said)), tag("div", who, cls="when"), digest)
    return tag("li", join(body), cls="act" if acted else None)


def draw_seen(entry: ReviewEntry, lang: str) -> None:
    """The screen as it was, from the record: in the language it was shown in."""
    shown: dict[str, Any] = entry.snapshot
    reasons = [reason["sentence"] for reason in shown.get("reasons", ())]
    lines = [*shown.get("estimate", ()), shown.get("spread"), shown.get("average"), shown.get("line")]
    emit(
        tag("p", tag("strong", shown.get("headline", "–"))),
        *(tag("p", line) for line in lines if line),
        *(tag("p", line) for line in shown.get("domain", ())),
        tag("p", shown["missing"]) if shown.get("missing") else Safe(""),
        tag("ol", *(tag("li", reason) for reason in reasons)),
        tag("p", shown.get("others", "")),
        tag("p", shown.get("similar_summary", "")),
        tag("p", t("record.made_by", lang), " ", tag("code", entry.bundle_id[:16]), cls="small soft"),
    )
