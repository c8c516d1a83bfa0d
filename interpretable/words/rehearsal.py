"""Sentences on what a language model would be asked, before it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interpretable.records.exchange import Bound
from interpretable.words.catalogs import has, say
from interpretable.words.numbers import number


def masked_kinds(counts: Mapping[str, int], lang: str = "en") -> str:
    """What was masked, by kind."""
    if not counts:
        return say("rehearsal.nothing_masked", lang)
    kinds = [say(f"identifier.{kind}", lang, count=count) for kind, count in counts.items()]
    return say("rehearsal.masked", lang, kinds=kinds)


def call_bounds(found: Sequence[Bound], currency: str, lang: str = "en") -> tuple[str, ...]:
    """The most that questions cost, one sentence per way of answering; and what is not in it."""
    lines = [say("rehearsal.bounds", lang)]
    for bound in found:
        way = f"rehearsal.way.{bound.method}{'_thinks' if bound.thinks else ''}"
        lines.append(
            say(
                "rehearsal.bound", lang, way=say(way, lang), calls=bound.calls, tokens_in=bound.tokens_in,
                tokens_out=bound.tokens_out,
            )
        )  # fmt: skip
        if bound.money:
            lines[-1] += ("" if lang == "zh" else " ") + say(
                "rehearsal.money", lang, money=number(bound.money), currency=currency
            )
    return (*lines, say("rehearsal.priced" if any(b.money for b in found) else "rehearsal.unpriced", lang))


def unasked_kinds(skipped: Mapping[str, str], lang: str = "en") -> tuple[str, ...]:
    """Kinds of questions that would not be asked, and why."""
    return tuple(
        say(f"rehearsal.skipped.{code}", lang, kind=kind)
        for kind, code in skipped.items()
        if has(f"rehearsal.skipped.{code}", lang)
    )
