"""Colours, type and the two ways out of a chart: to the screen, or to an SVG text without network."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt

RAISES = "#B8460E"
LOWERS = "#0072B2"
PRIMARY = "#0B5CAD"
NEUTRAL = "#5B6770"
TEXT = "#1F2933"
QUIET = "#4A5560"  # axis labels: the grammar's own grey is too light to read
GRID = "#E6EAEE"
PAPER = "#FFFFFF"
MODEL_COLOURS = (PRIMARY, RAISES, "#00735C", "#8A3FA0", "#7A5C00", NEUTRAL)
MODEL_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])
FEW = 20  # below this many rows a step is drawn faded
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two #RRGGBB colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def data(rows: Sequence[dict[str, Any]]) -> alt.Data:
    """Rows embedded in the chart. Never an address."""
    return alt.Data(values=[dict(r) for r in rows])


def finish(
    chart: Any, *, width: int = 620, height: int = 260, labels: Sequence[str] = (), ends: Sequence[str] = ()
) -> Any:
    """The house style on a chart. Width may be overruled: `chart.properties(width="container")`.

    Readers' fonts run up to a sixth wider than the one the SVG is measured with, so the longest of the
    `labels` at the left and of the names at the `ends` of lines get that much room.
    """
    left, right = (8 + 1.2 * max((len(t) for t in texts), default=0) for texts in (labels, ends))
    sized = chart.properties(width=width, height=height)
    return (
        sized.configure(
            background=PAPER, font=FONT, padding={"left": left, "right": right, "top": 6, "bottom": 6}
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET,
            titleColor=TEXT,
            gridColor=GRID,
            domainColor=NEUTRAL,
            tickColor=NEUTRAL,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=8,
            labelLimit=220,
        )
        .configure_legend(labelColor=TEXT, titleColor=TEXT, labelFontSize=12, titleFontSize=12)
        .configure_text(fontSize=12, color=TEXT)
    )


def svg(chart: Any, *, background: str = PAPER) -> str:
    """The chart as SVG text. Nothing is fetched: remote data in the chart is an error of the converter."""
    spec = chart.to_dict()
    spec.setdefault("config", {})["background"] = background
    return _converted(json.dumps(spec, sort_keys=True))


@lru_cache(maxsize=256)
def _converted(spec: str) -> str:
    """The drawing of a specification; kept, since English and Chinese reports and tests draw many twice."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def spread_out(positions: Sequence[float], *, gap: float) -> list[float]:
    """Positions moved apart, in their order, so that no two labels are closer than `gap`."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = list(positions)
    for before, after in itertools.pairwise(order):
        placed[after] = max(placed[after], placed[before] + gap)
    shift = (sum(placed) - sum(positions)) / len(placed) if placed else 0.0
    return [p - shift for p in placed]


def shifted(probability: float, by: float) -> float:
    """The probability after its log-odds moved by `by`."""
    p = min(max(probability, 1e-12), 1 - 1e-12)
    return 1 / (1 + math.exp(-(math.log(p / (1 - p)) + by)))
