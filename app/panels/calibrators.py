"""Does 30 % mean 30 in 100: the plain answer and the smooth curve; for specialists the figures."""

from __future__ import annotations

from interpretable_app.frame import draw_section
from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.calibrators import CalibratorsEvidence, SmoothCurve
from interpretable.records.document import Heading, Table
from interpretable.records.evidence import Evidence
from interpretable.report.calibrators import details


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.calibrators
    if found is None:
        return
    tested = [c for c in found.curves if c.part == "test"]
    for curve in tested[: None if specialist else 1]:
        _draw_curve(curve, evidence, lang)
    if specialist:
        _draw_tables(found, evidence, lang)
    else:
        _draw_ranges(found, evidence, lang)


def _draw_curve(curve: SmoothCurve, evidence: Evidence, lang: str) -> None:
    lines = words.calibrated(curve, evidence.task, lang)
    emit(*(tag("p", line, cls=None if place else "lead") for place, line in enumerate(lines)))
    if not curve.points:
        return
    chart = figures.smooth_curve(curve, evidence.task, lang)
    alt = figures.smooth_curve_alt(curve, evidence.task, lang)
    rows = figures.smooth_curve_table(curve, evidence.task, lang)
    draw_chart(chart, alt, rows, lang, key=f"smooth curve {curve.output}")


def _draw_ranges(found: CalibratorsEvidence, evidence: Evidence, lang: str) -> None:
    lines = words.coverage(found, evidence.task, lang)
    if lines:
        draw_section(words.say("calibrators.ranges", lang))
        emit(*(tag("p", line) for line in lines))


def _draw_tables(found: CalibratorsEvidence, evidence: Evidence, lang: str) -> None:
    """The tables of the report, one below the other, under its headings."""
    for block in details(found, evidence.task, lang):
        if isinstance(block, Heading):
            draw_section(block.text)
        if isinstance(block, Table):
            rows = [
                dict(zip(block.head, (_cell(c.text, c.quiet, lang) for c in row), strict=True))
                for row in block.rows
            ]
            draw_rows(rows, caption=block.caption or block.head[0])


def _cell(text: str, quiet: str, lang: str) -> str:
    if not quiet:
        return text
    return f"{text}（{quiet}）" if lang == "zh" else f"{text} ({quiet})"
