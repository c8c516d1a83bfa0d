"""Passages of the institution's guidelines beside a case: with their source, and how they were found."""

from __future__ import annotations

from interpretable_app.panels.html import Safe, emit, tag

from interpretable import words
from interpretable.collab.guidelines import Found, Guidelines


def draw_guidelines(guidelines: Guidelines, found: tuple[Found, ...], lang: str) -> None:
    """The passages, and the fingerprint of the files they are from."""
    if found:
        emit(tag("p", words.say("guidelines.lead", lang)), *(_passage(one, lang) for one in found))
    else:
        emit(tag("p", words.say("guidelines.none", lang)))
    counted = {"files": len(guidelines.files), "passages": len(guidelines.passages)}
    line = words.say("guidelines.files", lang, digest=guidelines.digest[:16], **counted)
    emit(tag("p", line, cls="small soft"))


def _passage(found: Found, lang: str) -> Safe:
    held = words.say("guidelines.found_by", lang, words=list(found.words))
    said = tag("p", found.passage.text, cls="quote")
    return tag("div", tag("p", tag("strong", source(found, lang))), said, tag("p", held, cls="small soft"))


def source(found: Found, lang: str) -> str:
    """File and headings of a passage."""
    place = found.passage
    return (
        words.say("guidelines.source", lang, file=place.file, heading=place.heading)
        if place.heading
        else place.file
    )
