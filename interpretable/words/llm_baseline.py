"""Sentences about a language model on the rows of the small models: modes, bill, probes, kinds."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.evaluation import Figure
from interpretable.records.llm_baseline import (
    BaselineFinding,
    Completion,
    Condition,
    Kinds,
    ModeResult,
    MoreCorrect,
    Overrides,
    Renamed,
)
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.doubt import metric, p_value
from interpretable.words.names import find_column, label, start, value
from interpretable.words.numbers import clean, fixed, number

LEVEL = 0.05


def _say(code: str, lang: str, **params: object) -> str:
    return say(f"llmbase.{code}", lang, **params)


def mode(name: str, lang: str = "en") -> str:
    """The plain name of a way of asking."""
    return _say(f"mode.{name}", lang)


def reading(name: str, lang: str = "en") -> str:
    """The plain name of a way of reading answers."""
    return _say(f"reading.{name}", lang)


def _why(code: str, lang: str, **params: object) -> str:
    return _say(f"why.{code}", lang, **params)


def lines(found: BaselineFinding, lang: str = "en") -> tuple[str, ...]:
    """Which rows were asked about, and how each way of asking did against the small model."""
    amounts = "accuracy" not in found.small[0].metrics
    drawn = "drawn_amounts" if amounts else "drawn"
    said = [
        _say(drawn, lang, rows=found.rows, total=found.rows_test, seed=found.told.seed),
        _say("fitted_on", lang, n=found.calibration_rows),
    ]
    ran = [m for m in found.modes if not m.skipped]
    if ran:
        said.append(_say(f"way_{ran[0].way}", lang, draws=found.draws))
    if any(m.mode == "shots" for m in ran):
        said.append(_say("shots_told", lang, shots=found.shots))
    for one in found.modes:
        said += _mode(one, lang)
    return tuple(said)


def _mode(found: ModeResult, lang: str) -> Iterator[str]:
    name = mode(found.mode, lang)
    if found.skipped:
        yield _say("skipped", lang, mode=name, reason=_why(found.skipped, lang))
        return
    if found.gain is not None:
        own = found.readings[-1].metrics[found.gain.metric]
        told = {"mode": name, "metric": metric(found.gain.metric, lang), "own": fixed(own.value)}
        gain = found.gain.figure
        if gain.low is None or gain.high is None:
            yield _say("gain_open", lang, **told)
        else:
            ends = _ends(own) | {"gain": fixed(gain.value), **_ends(gain, "gain_")}
            yield _say("gain", lang, **told, **ends)
    if not found.fit.get("signal", 1.0):
        yield _say("no_signal", lang, mode=name)
    if found.unread:
        yield _say("unread", lang, mode=name, n=found.unread)
    if found.overrides is not None:
        yield overrides(found.overrides, lang)


def _ends(found: Figure, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}low": fixed(found.low), f"{prefix}high": fixed(found.high)}


def overrides(found: Overrides, lang: str = "en") -> str:
    """How often the language model left the small model's answer, and who was right."""
    if not found.changes:
        return _say("overrides_none", lang, n=found.n)
    told = {"changed": found.changes, "n": found.n, "right": found.right, "small": found.small_right}
    shown = "overrides_p_shown" if found.p_value <= LEVEL else "overrides_p"
    parts = _say("overrides", lang, **told), _say(shown, lang, p=p_value(found.p_value))
    return ("" if lang == "zh" else " ").join(parts)


def each(found: MoreCorrect, currency: str, lang: str = "en") -> str:
    """What one more right decision costs; where there are none more, at least how much."""

    def told(suffix: str) -> dict[str, str]:
        seconds, tokens, money = (getattr(found, f"{n}{suffix}") for n in ("seconds", "tokens", "money"))
        paid = _say("each_money", lang, money=number(_two(money)), currency=clean(currency)) if money else ""
        return {"seconds": number(_two(seconds)), "tokens": number(round(tokens)), "money": paid}

    if found.seconds is not None and found.seconds_least is not None:
        ends = {"point": _say("each", lang, **told("")), "least": number(_two(found.seconds_least))}
        if found.seconds_most is None:
            return _say("each_maybe", lang, **ends)
        return _say("each_range", lang, most=number(_two(found.seconds_most)), **ends)
    if found.seconds_least is not None:
        return _say("each_least", lang, **told("_least"))
    return _say("each_none", lang)


def _two(amount: float) -> float:
    """Two digits: these amounts rest on few rows."""
    return float(f"{amount:.2g}")


def completion(found: Completion, lang: str = "en") -> tuple[str, ...]:
    """What came of rows to be continued."""
    if found.skipped or found.exact is None or found.guess is None:
        return (_why(found.skipped or "nothing_known", lang),)
    told = [_say("completed", lang, rows=found.rows, cells=found.cells, guess=found.guess.value,
                 exact=found.exact.value, low=found.exact.low, high=found.exact.high)]  # fmt: skip
    if found.unread:
        told.append(_say("completed_unread", lang, n=found.unread))
    gain, sign = found.gain, False
    if gain is not None and gain.low is not None:
        told.append(_say("completed_gain", lang, gain=fixed(gain.value), **_ends(gain)))
        sign = gain.low > 0
    if found.rare_exact is not None:
        rare = found.rare_exact
        shown = {"exact": rare.value, "low": rare.low, "high": rare.high}
        told.append(_say("completed_rare", lang, n=found.rare_cells, **shown))
    if found.whole_rows is not None:
        every = found.whole_rows
        told.append(_say("completed_rows", lang, rows=every.value, low=every.low, high=every.high))
    return (*told, _say("completed_sign" if sign else "completed_no_sign", lang))


def renamed(found: Renamed, lang: str = "en") -> tuple[str, ...]:
    """What the names of the columns are worth to the language model."""
    gain = found.difference
    if found.skipped or found.named is None or found.bare is None or gain is None:
        return (_why(found.skipped or "one_column", lang),)
    told = _say("renamed", lang, metric=metric(found.metric, lang), named=fixed(found.named.value),
                bare=fixed(found.bare.value), n=found.n, gain=fixed(gain.value), **_ends(gain))  # fmt: skip
    sign = gain.low is not None and gain.low > 0
    return told, _say("renamed_sign" if sign else "renamed_no_sign", lang)


def kinds(found: Kinds, task: Task, lang: str = "en") -> tuple[str, ...]:
    """On which kinds of rows its sureness is off, shown on the test answers."""
    if found.skipped:
        return (_why(found.skipped, lang, needed=found.needed, fitted=found.fitted),)
    told = [_say("kinds_note", lang, fitted=found.fitted, mode=mode(found.mode, lang))]
    for one in found.kinds:
        name = kind(one.path, task, lang)
        if one.right.value is None:
            told.append(_say("kind_few", lang, kind=name))
            continue
        shown = {"right": one.right.value, "low": one.right.low, "high": one.right.high}
        told.append(_say("kind", lang, says=one.says, kind=name, n=one.n, **shown))
    shown_loss = found.loss_low is not None and found.loss_low > 0
    code = "kinds_loss" if shown_loss else "kinds_loss_none"
    return (*told, _say(code, lang, loss=fixed(found.loss, 4), low=fixed(found.loss_low, 4)))


def kind(path: tuple[Condition, ...], task: Task, lang: str = "en") -> str:
    """The conditions of a kind, one after the other."""
    parts = [_condition(one, task, lang) for one in path]
    said = parts[0]
    for more in parts[1:]:
        said = _say("and_", lang, first=said, second=more)
    return said


def _condition(found: Condition, task: Task, lang: str) -> str:
    column = find_column(found.column, task)
    name = start(label(found.column, task, lang))
    if found.low is not None:
        code = "below" if found.negated else "at_least"
        return _say(code, lang, name=name, low=value(found.low, column, lang))
    code = "level_not" if found.negated else "level_is"
    return _say(code, lang, name=name, level=value(found.level, column, lang))
