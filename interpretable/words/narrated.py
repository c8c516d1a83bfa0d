"""Sentences on rephrased explanations: what passed, what the checker is worth, and codes in words."""

from __future__ import annotations

from interpretable.records.narrated import Narrated
from interpretable.words.catalogs import has, say


def narrated(found: Narrated, lang: str = "en") -> tuple[str, ...]:
    """How many texts passed, how right their claims were, and what the checker itself is worth."""
    lines = []
    if found.asked:
        lines.append(say("narrate.lead", lang, cases=found.cases))
        lines.append(say("narrate.accepted", lang, accepted=found.accepted, asked=found.asked))
    parts = [
        say("narrate.part", lang, name=say(f"narrate.agreement.{kind}", lang), count=share.count, of=share.of)
        for kind, share in found.agreement.items()
        if share.of
    ]
    if parts:
        joined = ("，" if lang == "zh" else ", ").join(parts)
        lines.append(say("narrate.right", lang, parts=joined))
    caught, made = (sum(getattr(share, of) for share in found.planted.values()) for of in ("count", "of"))
    lines.append(say("narrate.checker", lang, caught=caught, made=made))
    code = "checker_false" if found.false_alarms else "checker_clear"
    lines.append(say(f"narrate.{code}", lang, refused=found.false_alarms, cases=found.cases))
    return (*lines, say("narrate.limits", lang))


def narrate_failure(code: str, lang: str = "en") -> str:
    """Why a text was refused, or why there is none; a code without words is shown as it is."""
    return say(f"narrate.failure.{code}", lang) if has(f"narrate.failure.{code}", lang) else code
