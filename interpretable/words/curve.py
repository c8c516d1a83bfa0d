"""Sentences about two learning curves and where they cross."""

from __future__ import annotations

from interpretable.records.curve import Crossing, CurveFinding
from interpretable.records.evaluation import Figure
from interpretable.words.catalogs import say
from interpretable.words.numbers import fixed, number


def _say(code: str, lang: str, **params: object) -> str:
    return say(f"curve.{code}", lang, **params)


def curve(found: CurveFinding, lang: str = "en") -> tuple[str, ...]:
    """Who is ahead with all rows, and from how many labelled rows on the small model stays ahead."""
    lines = [_say("asked", lang, asked=found.asked, of=found.test_rows, pool=found.pool)]
    for name, one in found.crossings.items():
        lines.append(_crossing(one, found, curve_way(name, lang), lang))
    last = found.points[-1]
    for name, lead in last.lead.items():
        amounts = dict(zip(("lead", "low", "high"), _three(lead), strict=True))
        lines.append(_say("last", lang, rows=last.rows, way=curve_way(name, lang), **amounts))
    for name, code in found.skipped.items():
        lines.append(_say(f"skipped_{code}", lang, way=curve_way(name, lang)))
    return tuple(lines)


def curve_way(name: str, lang: str = "en") -> str:
    """A way of asking in words."""
    return _say("few" if "few" in name else "zero", lang)


def _crossing(one: Crossing, found: CurveFinding, way: str, lang: str) -> str:
    low = _say("from_first", lang) if one.low is None else number(round(one.low))
    high = _say("beyond", lang, rows=found.train_rows) if one.high is None else number(round(one.high))
    at = {"rows": round(one.rows)} if one.rows is not None else {"rows": found.train_rows}
    return _say(one.status, lang, way=way, low=low, high=high, **at)


def _three(lead: Figure) -> tuple[str, ...]:
    return tuple("–" if v is None else fixed(v, 3) for v in (lead.value, lead.low, lead.high))
