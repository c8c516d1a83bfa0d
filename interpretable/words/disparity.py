"""Sentences about differences between groups, for the report and the app alike."""

from __future__ import annotations

from collections.abc import Sequence

from interpretable.records.disparity import (
    Alternative,
    DisparityEvidence,
    GroupGap,
    Rebuilt,
    ScoreGap,
    UsedColumn,
)
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.doubt import group_name, metric, model, p_value
from interpretable.words.names import class_name, find_column, label, start, with_unit
from interpretable.words.numbers import fixed, number, percent

LEADING = ("selection_rate", "mean_estimate", "accuracy")  # the measure that is said first
SHARES = frozenset({"selection_rate", "sensitivity", "false_positive_rate", "ppv", "error_rate", "accuracy"})
CLEAR = 0.05


def named_group(column: str, group: str, task: Task, lang: str = "en") -> str:
    """'Sex: Female'."""
    described = find_column(column, task)
    name = group_name(group, lang, column=described)
    return say("disparity.group", lang, column=start(label(described, task, lang)), group=name)


def named_crossing(columns: Sequence[str], groups: Sequence[str], task: Task, lang: str = "en") -> str:
    """'Sex: Female and Age: 40 – 49'."""
    parts = [named_group(c, g, task, lang) for c, g in zip(columns, groups, strict=True)]
    text = parts[0]
    for part in parts[1:]:
        text = say("disparity.crossed", lang, first=text, second=part)
    return text


def named_pair(column: str, group: str, reference: str, task: Task, lang: str = "en") -> str:
    """'Sex: Female against Male'."""
    described = find_column(column, task)
    other = group_name(reference, lang, column=described)
    return say("disparity.pair", lang, group=named_group(column, group, task, lang), reference=other)


def ranged(found: Figure | None, *, lang: str = "en", digits: int = 3, factor: float = 1.0) -> str:
    """'0.12 (0.05 to 0.19)'; an en dash where there is no figure."""
    if found is None or found.value is None:
        return "–"
    value = fixed(found.value * factor, digits)
    if found.low is None or found.high is None:
        return say("disparity.alone", lang, value=value)
    low, high = fixed(found.low * factor, digits), fixed(found.high * factor, digits)
    return say("disparity.range", lang, value=value, low=low, high=high)


def leading_metric(gaps: Sequence[GroupGap]) -> str:
    """What the first sentence is about; '' where nothing was compared."""
    known = {gap.metric for gap in gaps}
    return next((name for name in LEADING if name in known), "")


def leading_gaps(gaps: Sequence[GroupGap]) -> list[GroupGap]:
    """Gaps on the leading measure, the largest first."""
    name = leading_metric(gaps)
    known = [gap for gap in gaps if gap.metric == name and gap.difference.low is not None]
    return sorted(known, key=lambda gap: -abs(gap.difference.value or 0.0))


def gap(found: GroupGap, task: Task, lang: str = "en") -> str:
    """Two groups in natural frequencies: 'Of 100 in ..., 34 ...; of 100 in ..., 61: a difference of 27'."""
    kind = {"binary": "mean_chance", "regression": "mean_amount"}.get(task.kind, "mean_amount")
    code = kind if found.metric == "mean_estimate" else found.metric
    values = _amounts(found, task, lang) if code == "mean_amount" else _hundredths(found)
    names = {
        "group": named_group(found.column, found.group, task, lang),
        "reference": named_group(found.column, found.reference, task, lang),
    }
    return say(f"disparity.gap.{code}", lang, **names, **values)


def _upward(found: GroupGap) -> tuple[float, float, float]:
    """The difference and its interval, turned so that the difference is not negative."""
    value, low, high = (
        x or 0.0 for x in (found.difference.value, found.difference.low, found.difference.high)
    )
    return (value, low, high) if value >= 0 else (-value, -high, -low)


def _hundredths(found: GroupGap) -> dict[str, str]:
    """Whole numbers, unless rounding would make the sum look wrong."""
    ours, other, edges = 100 * found.value, 100 * found.value_reference, _upward(found)
    plain = abs(abs(round(ours) - round(other)) - round(100 * edges[0])) < 0.5
    digits = 0 if plain else 1
    numbers = (ours, other, *(100 * e for e in edges))
    return dict(
        zip(("ours", "other", "gap", "low", "high"), (fixed(n, digits) for n in numbers), strict=True)
    )


def _amounts(found: GroupGap, task: Task, lang: str) -> dict[str, str]:
    numbers = (found.value, found.value_reference, *_upward(found))
    names = ("ours", "other", "gap", "low", "high")
    return {
        n: with_unit(float(f"{v:.3g}"), task.target_unit, lang) for n, v in zip(names, numbers, strict=True)
    }


def gap_doubt(found: GroupGap, compared: int, lang: str = "en") -> str:
    """Whether chance could make a difference like this; '' where there is no p-value."""
    if found.p_adjusted is None:
        return ""
    code = "clear" if found.p_adjusted < CLEAR else "unclear"
    return say(f"disparity.gap.{code}", lang, m=compared, p=p_value(found.p_adjusted))


def used(found: UsedColumn, task: Task, lang: str = "en") -> str:
    """A sensitive column that the model reads, with its share."""
    name = start(label(found.column, task, lang))
    shares = {"alone": percent(found.alone, lang), "joint": percent(found.with_others, lang)}
    return say(
        f"disparity.used.{'joint' if found.with_others > 0.0005 else 'yes'}", lang, name=name, **shares
    )


def all_used(evidence: DisparityEvidence, task: Task, lang: str = "en") -> list[str]:
    """One sentence per sensitive column, used or not."""
    known = {one.column: one for one in evidence.used}
    return [
        used(known[c.name], task, lang)
        if c.name in known
        else say("disparity.used.no", lang, name=start(label(c, task, lang)))
        for c in task.sensitive_columns
    ]


def rebuilt(found: Rebuilt, task: Task, lang: str = "en") -> str:
    """Whether the other columns give this one away."""
    name = label(found.column, task, lang)
    value, low, high = found.linear.value, found.linear.low, found.linear.high
    if value is None or found.floor is None or value <= found.floor:
        return say("disparity.rebuilt.none", lang, name=name)
    ends = (value if low is None else low, value if high is None else high)
    if found.measure == "r2":
        shares = [percent(max(x, 0.0), lang) for x in (value, *ends)]
        return say(
            "disparity.rebuilt.amount", lang, name=name, share=shares[0], low=shares[1], high=shares[2]
        )
    times = [fixed(100 * x, 0) for x in (value, *ends, found.floor)]
    return say(
        "disparity.rebuilt.found", lang, name=name, n=times[0], low=times[1], high=times[2], floor=times[3]
    )


def part_name(features: Sequence[str], task: Task, lang: str = "en") -> str:
    """The plain name of a term."""
    return start(label(" & ".join(features), task, lang))


def score_gap(found: ScoreGap, task: Task, lang: str = "en") -> str:
    """The difference of two mean scores and its largest parts."""
    value = found.whole.value or 0.0
    ends = (found.whole.low or value, found.whole.high or value)
    low, high = sorted(abs(e) if e * value >= 0 else -abs(e) for e in ends)
    said = say(
        f"disparity.score.{'higher' if value >= 0 else 'lower'}", lang,
        group=named_group(found.column, found.group, task, lang),
        reference=named_group(found.column, found.reference, task, lang),
        gap=fixed(abs(value), 2), low=fixed(low, 2), high=fixed(high, 2),
    )  # fmt: skip
    parts = [
        say(
            "disparity.score.part", lang, name=part_name(p.features, task, lang), value=fixed(p.part.value, 2)
        )
        for p in found.parts[:3]
    ]
    lines = [said, say("disparity.score.parts", lang, parts=parts)]
    if found.output:
        lines.insert(0, say("disparity.score.output", lang, name=class_name(found.output, task, lang)))
    return ("" if lang == "zh" else " ").join(lines)


def other(found: Alternative, task: Task, lang: str = "en") -> str:
    """What an alternative is."""
    names = [label(name, task, lang) for name in found.without]
    return say(
        f"disparity.other.{found.kind}", lang, model=model(found.model, lang), names=names, seed=found.seed
    )


def scaled(value: float, name: str, task: Task) -> str:
    """A figure of a measure as a person reads it: shares per 100, amounts as they are."""
    if name in SHARES or (name == "mean_estimate" and task.kind == "binary"):
        return fixed(100 * value, 1)
    return fixed(value)


def alternative(found: Alternative, task: Task, lang: str = "en") -> str:
    """A near-equal model with a smaller leading gap, and whether the test part agrees."""
    lead = found.gaps[0]
    factor = 100.0 if scaled(1.0, lead.metric, task) == "100.0" else 1.0
    said = say(
        "disparity.other.found", lang, name=other(found, task, lang), metric=metric(found.metric, lang),
        value=fixed(found.value), group=named_group(lead.column, lead.group, task, lang),
        reference=named_group(lead.column, lead.reference, task, lang), measure=metric(lead.metric, lang),
        ours=scaled(lead.searched, lead.metric, task), own=scaled(lead.searched_in_use, lead.metric, task),
    )  # fmt: skip
    digits = 1 if factor > 1 else 3
    after: list[str] = []
    if _seen(found):
        shown = [
            ranged(figure, lang=lang, digits=digits, factor=factor)
            for figure in (lead.confirmed, lead.confirmed_in_use, lead.change)
        ]
        params = {"metric": metric(found.metric, lang), "performance": ranged(found.performance, lang=lang)}
        given = dict(zip(("ours", "own", "change"), shown, strict=True))
        after = [say("disparity.other.confirmed", lang, **params, **given)]
        after += [say(f"disparity.other.{_borne_out(lead.change)}", lang)]
    return ("" if lang == "zh" else " ").join((said, *after))


def _seen(found: Alternative) -> bool:
    """Whether the groups of the test part are large enough to look at the difference."""
    change = found.gaps[0].change
    return change is not None and change.value is not None and found.performance is not None


def _borne_out(change: Figure) -> str:
    """Whether the interval of a change lies below zero, above it, or on both sides."""
    if change.low is None or change.high is None or change.low <= 0.0 <= change.high:
        return "unclear"
    return "held" if change.high < 0.0 else "reversed"


def alternatives(evidence: DisparityEvidence, task: Task, lang: str = "en") -> list[str]:
    """What the search found, in sentences; () where it was not made."""
    if not evidence.alternatives:
        return []
    smaller = [one for one in evidence.alternatives if one.smaller]
    found = [alternative(one, task, lang) for one in smaller]
    if not all(_seen(one) for one in smaller):
        found.append(say("disparity.other.not_confirmed", lang))
    none = say("disparity.other.none", lang, n=len(evidence.alternatives))
    return [*(found or [none]), say("disparity.other.decide", lang)]


def impossible(gaps: Sequence[GroupGap], task: Task, lang: str = "en") -> str:
    """That calibration and equal error rates exclude each other, where outcomes clearly differ; else ''."""
    known = [gap for gap in gaps if gap.metric == "prevalence" and gap.difference.low is not None]
    clear = [g for g in known if (g.difference.low or 0.0) > 0 or (g.difference.high or 0.0) < 0]
    if not clear:
        return ""
    most = max(clear, key=lambda g: abs(g.difference.value or 0.0))
    return say(
        "disparity.note.impossible", lang, ours=fixed(100 * most.value, 0),
        other=fixed(100 * most.value_reference, 0), group=named_group(most.column, most.group, task, lang),
        reference=named_group(most.column, most.reference, task, lang),
    )  # fmt: skip


def _row(heads: Sequence[str], cells: Sequence[str], lang: str) -> dict[str, str]:
    return dict(zip((say(f"disparity.head.{h}", lang) for h in heads), cells, strict=True))


def p_text(found: float | None) -> str:
    """An adjusted p-value in a table."""
    return "–" if found is None else "< 0.001" if found < 0.001 else fixed(found)


def gap_rows(evidence: DisparityEvidence, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """Every comparison as a row."""
    heads = ("groups", "measure", "ours", "other", "difference", "ratio", "p")
    return [
        _row(
            heads,
            (
                named_pair(g.column, g.group, g.reference, task, lang), metric(g.metric, lang),
                fixed(g.value), fixed(g.value_reference), ranged(g.difference, lang=lang),
                ranged(g.ratio, lang=lang), p_text(g.p_adjusted),
            ),
            lang,
        )
        for g in evidence.gaps
    ]  # fmt: skip


def crossing_rows(evidence: DisparityEvidence, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """Every measured crossing as a row."""
    heads = ("groups", "measure", "ours", "difference", "drawn_in", "p", "rows")
    return [
        _row(
            heads,
            (
                named_crossing(c.columns, c.groups, task, lang), metric(c.metric, lang),
                ranged(c.value, lang=lang), ranged(c.difference, lang=lang), fixed(c.drawn_in),
                p_text(c.p_adjusted), number(c.n),
            ),
            lang,
        )
        for c in evidence.crossings
        if not c.too_few
    ]  # fmt: skip


def tell_rows(evidence: DisparityEvidence, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """How well the estimate alone tells each group from everybody else."""
    heads = ("group", "overall", "with_event", "without_event", "rows")
    return [
        _row(
            heads,
            (
                named_group(one.column, one.group, task, lang),
                *(ranged(f, lang=lang) for f in (one.overall, one.with_event, one.without_event)),
                number(one.n),
            ),
            lang,
        )
        for one in evidence.tells
    ]


def other_rows(evidence: DisparityEvidence, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """Every alternative and each of its gaps as a row."""
    heads = ("model", "groups", "measure", "ours", "other", "change")
    return [
        _row(
            heads,
            (
                other(one, task, lang), named_pair(g.column, g.group, g.reference, task, lang),
                metric(g.metric, lang), fixed(g.searched), fixed(g.searched_in_use),
                ranged(g.change, lang=lang),
            ),
            lang,
        )
        for one in evidence.alternatives
        for g in one.gaps
    ]  # fmt: skip
