"""Sentences about calibration: what was told and what happened, promises about ranges, corrections."""

from __future__ import annotations

from interpretable.records.calibrators import CalibratorsEvidence, MapTrials, PredictionRange, SmoothCurve
from interpretable.records.task import Task
from interpretable.words.case import amount
from interpretable.words.catalogs import say
from interpretable.words.doubt import missing_figure, model
from interpretable.words.names import class_name, subject
from interpretable.words.numbers import chance, counts, fixed, hundredth, join


def calibrated(curve: SmoothCurve, task: Task, lang: str = "en") -> tuple[str, ...]:
    """The plain answer: what happened among cases told the same, and how far off that is on average."""
    if not curve.points:
        return (say("calibrators.curve_lacking", lang, reason=missing_figure(curve.reason, lang)),)
    return (*_told(curve, task, lang), _distance(curve, task, lang))


def _told(curve: SmoothCurve, task: Task, lang: str) -> list[str]:
    """Up to three places of the curve: low, middle and high among the estimates of these rows."""
    lines, last = [], len(curve.points) - 1
    for place in (0.1, 0.5, 0.9):
        point = curve.points[round(place * last)]
        if task.kind == "regression":
            shown = {k: amount(getattr(point, k), task, lang) for k in ("said", "happened", "low", "high")}
            lines.append(say("calibrators.told_amount", lang, **shown))
            continue
        shown = {k: counts(getattr(point, k), lang) for k in ("happened", "low", "high")}
        shown |= {"said": chance(point.said, lang), "subjects": subject(task, lang)}
        named = {"name": class_name(curve.output, task, lang)} if curve.output else {}
        lines.append(say(f"calibrators.told{'_class' if named else ''}", lang, **shown, **named))
    return lines


def _distance(curve: SmoothCurve, task: Task, lang: str) -> str:
    ici = curve.figures["ici"].value or 0.0
    if task.kind == "regression":
        return say("calibrators.distance_amount", lang, ici=amount(ici, task, lang))
    if curve.ici_by_chance is None:
        return say("calibrators.distance_plain", lang, ici=fixed(100 * ici, 1))
    kept = "in" if ici <= curve.ici_by_chance else "out"
    shown = {"ici": fixed(100 * ici, 1), "chance": fixed(100 * curve.ici_by_chance, 1)}
    return say(f"calibrators.distance_{kept}", lang, **shown)


def coverage(found: CalibratorsEvidence, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What the ranges of single cases promise and what they held, for the method that is shown."""
    lines = []
    for one in found.sets:
        if one.by or one.method != found.set_method or one.level != 0.9:
            continue
        level, kept = hundredth(one.level), one.coverage
        if one.quantile is None:
            lines.append(say("calibrators.sets_none", lang, level=level, n=one.n))
        elif kept is not None and kept.value is not None and kept.low is not None and kept.high is not None:
            told = {"level": level, "coverage": counts(kept.value, lang)}
            told |= {"low": counts(kept.low, lang), "high": counts(kept.high, lang)}
            if task.kind == "regression":
                lines.append(
                    say("calibrators.ranges_answer", lang, size=amount(one.size or 0.0, task, lang), **told)
                )
            else:
                lines.append(
                    say("calibrators.sets_answer", lang, single=counts(one.single or 0.0, lang), **told)
                )
    return tuple(lines)


def output_map(tried: MapTrials, lang: str = "en") -> str:
    """Which correction of one model was taken."""
    names = {"standing": say(f"calibrators.map.{tried.standing}", lang), "model": model(tried.model, lang)}
    if tried.chosen == tried.standing:
        return say("calibrators.maps_stays", lang, **names)
    return say("calibrators.maps_changed", lang, chosen=say(f"calibrators.map.{tried.chosen}", lang), **names)


def prediction_range(found: PredictionRange, task: Task, lang: str = "en") -> str:
    """The range or the answers of one case, as a promise about many."""
    level = hundredth(found.level)
    if found.low is not None and found.high is not None:
        low, high = amount(found.low, task, lang), amount(found.high, task, lang)
        return say("calibrators.case", lang, level=level, low=low, high=high)
    answers = join([class_name(a, task, lang) for a in found.answers], lang)
    code = "one" if len(found.answers) == 1 else "many"
    return say(f"calibrators.case_{code}", lang, level=level, answers=answers)
