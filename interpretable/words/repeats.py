"""What repeated cross-validation says, in sentences: was the choice luck, and are the rows enough?"""

from __future__ import annotations

from typing import Any

from interpretable.records.resampling import (
    RepeatedLead,
    ResamplingEvidence,
    SampleSize,
    SizeReason,
    TestPower,
)
from interpretable.words.catalogs import say
from interpretable.words.doubt import metric, model
from interpretable.words.numbers import fixed, number


def _say(code: str, lang: str, **params: Any) -> str:
    return say(f"resampling.{code}", lang, **params)


def how(found: ResamplingEvidence, lang: str = "en") -> tuple[str, ...]:
    """How the rows were divided, and what that leaves open."""
    counts = {"repeats": found.repeats, "folds": found.folds, "rows": found.rows}
    lines = [_say(f"how_{found.scheme}", lang, **counts)]
    if found.scheme != "time" and found.repeats == 1:
        lines.append(_say("once", lang))
    elif found.lean:
        lines.append(_say("first", lang))
    if found.rows < found.available:
        lines.append(_say("sampled", lang, available=found.available))
    return tuple(lines)


def margin(found: ResamplingEvidence, lang: str = "en") -> str:
    """The difference that does not matter."""
    given = {"margin": fixed(found.margin), "metric": metric(found.metric, lang)}
    if found.relative_margin is None:
        return _say("margin", lang, **given)
    return _say("margin_share", lang, share=found.relative_margin, **given)


def answer(one: RepeatedLead, found: ResamplingEvidence, selected: str, lang: str = "en") -> str:
    """Whether the model in use is worse than another one by more than the margin."""
    lead = one.lead
    said = _say(
        f"answer.{one.verdict}",
        lang,
        selected=model(selected, lang),
        other=model(one.model, lang),
        margin=fixed(found.margin),
        metric=metric(found.metric, lang),
        lead=fixed(lead.value),
        low=fixed(lead.low),
        high=fixed(lead.high),
    )
    if found.repeats < 2 or one.verdict == "worse" or (one.verdict == "open" and not one.behind):
        return said  # two repeats that were not behind are no comfort where the interval says otherwise
    code = "sometimes" if one.behind else "never"
    more = _say(f"answer.{code}", lang, repeats=found.repeats, behind=one.behind)
    return f"{said}{'' if lang == 'zh' else ' '}{more}"


def chosen(found: ResamplingEvidence, selected: str, lang: str = "en") -> str:
    """How often the rule of choice would have taken the model in use; '' where nothing was repeated."""
    mine = next((one for one in found.models if one.model == selected), None)
    if found.repeats < 2 or mine is None:
        return ""
    if mine.won == found.repeats:
        return _say("answer.won_all", lang, selected=model(selected, lang), repeats=found.repeats)
    others = [model(one.model, lang) for one in found.models if one.won and one.model != selected]
    given = {"repeats": found.repeats, "won": mine.won, "others": others}
    return _say("answer.won", lang, selected=model(selected, lang), **given)


def power(one: TestPower, lang: str = "en") -> str:
    """The smallest difference that the test part would show."""
    given = {"other": model(one.model, lang), "metric": metric(one.metric, lang), "n": one.n}
    value = fixed(one.detectable)
    if one.events is None:
        return _say("note.power_rows", lang, value=value, **given)
    return _say("note.power_events", lang, value=value, events=one.events, **given)


def reason(one: SizeReason, lang: str = "en") -> str:
    """One reason against the verdict "enough"."""
    given = dict(one.parameters)
    if "metric" in given:
        given["metric"] = metric(given["metric"], lang)
    spoken = {k: number(round(v, 3)) if isinstance(v, float) else v for k, v in given.items()}
    return _say(f"reason.{one.code}", lang, **spoken)


def size(found: SampleSize, lang: str = "en") -> tuple[tuple[str, str], ...]:
    """Names and values of what there is."""
    rows = {"n": number(found.n)}
    if found.events is not None:
        rows["events"] = number(found.events)
    rows["parameters"] = number(found.parameters)
    rows["rows_per" if found.events is None else "events_per"] = number(round(found.per_parameter, 1))
    if found.r2 is not None:
        rows["r2"] = fixed(found.r2)
    if found.shrinkage is not None:
        rows["shrinkage"] = fixed(found.shrinkage)
    return tuple((_say(f"size.{name}", lang), text) for name, text in rows.items())
