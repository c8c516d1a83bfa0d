"""What every finding on small and large models shows alike: the bill. And where each mechanism's panel is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interpretable_app.panels import (
    beside_augment,
    beside_cascade,
    beside_curve,
    beside_narrate,
    beside_shift,
)
from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.beside import Told
from interpretable.records.evidence import Evidence

PANELS: dict[str, Callable[[Any, Evidence, str], None]] = {
    "narrate": beside_narrate.draw,
    "cascade": beside_cascade.draw,
    "augment": beside_augment.draw,
    "curve": beside_curve.draw,
    "shift": beside_shift.draw,
}


def draw_bill(told: Told, lang: str) -> None:
    """What the language model cost."""
    rows = [
        tag("tr", tag("th", name, scope="row"), tag("td", text, cls="n"))
        for name, text in words.bill(told, lang)
    ]
    if rows:
        emit(tag("table", tag("caption", words.say("beside.bill_caption", lang)), tag("tbody", *rows)))
