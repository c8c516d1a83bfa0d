"""Part on hostile sentences inside the data: how often each moved the answer."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.attack import AttackFinding
from interpretable.records.document import Block, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.report.blocks import table


def blocks(found: AttackFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, and a table with one row per hostile sentence."""
    for line in words.attack(found, evidence.task, lang):
        yield Paragraph(text=line)
    heads = ("name", "flipped", "moved", "shift", "failures")
    yield table(
        [words.say(f"attack.head.{name}", lang) for name in heads],
        [
            [
                words.attack_name(one.name, lang),
                words.attack_rate(one.flipped, lang),
                words.attack_rate(one.moved, lang),
                _signed(one.shift),
                one.failures,
            ]
            for one in found.attacks
        ],
        caption=words.say("attack.caption", lang),
        numeric=(1, 2, 3, 4),
    )


def _signed(shift: float | None) -> str | None:
    return None if shift is None else f"{shift:+.2f}".replace("-", "−")
