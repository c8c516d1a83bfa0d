"""Does 30 % mean 30 in 100: the plain answer and the smooth curve; for specialists the figures."""

from __future__ import annotations

from interpretable_app.frame import draw_section
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.calibrators import CalibratorsEvidence, SmoothCurve
from interpretable.records.document import Paragraph
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
        # Without the explanations between the tables: those are in the report.
        tables = (b for b in details(found, evidence.task, lang) if not isinstance(b, Paragraph))
        draw_blocks(tables, lang)
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
