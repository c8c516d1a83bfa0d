import itertools
import json

import pytest
from factories_evidence import make_curve, make_evidence, make_groups, make_level_curve, make_pair, make_whole
from factories_words import make_task

from interpretable import figures
from interpretable.figures import theme
from interpretable.records.explanation import Curve, CurvePoint
from interpretable.words import LANGUAGES

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "![t](http://evil.example/?q=1)",
    "[c](javascript:alert(1))",
    "{{7*7}}",
    "abc\u202edef",
    "datum['x']",
)


def every_drawing(lang="en", kind="binary"):
    """Chart, alternative text and table of each figure."""
    task, evidence, whole = make_task(kind), make_evidence(kind), make_whole(kind)
    one, levels, pair = whole.curves[0], whole.curves[-1], make_pair()
    yield (
        "curve",
        figures.curve(one, task, lang, here=61.0),
        figures.curve_alt(one, task, lang),
        figures.curve_table(one, task, lang),
    )
    yield (
        "levels",
        figures.curve(levels, task, lang),
        figures.curve_alt(levels, task, lang),
        figures.curve_table(levels, task, lang),
    )
    yield (
        "pair",
        figures.pair(pair, task, lang),
        figures.pair_alt(pair, task, lang),
        figures.pair_table(pair, task, lang),
    )
    for name in ("calibration", "decision_curve", "metrics"):
        draw, alt, table = (getattr(figures, name + e) for e in ("", "_alt", "_table"))
        yield (
            name,
            draw(evidence.models, task, lang),
            alt(evidence.models, task, lang),
            table(evidence.models, task, lang),
        )
    found = make_groups(kind)
    yield (
        "groups",
        figures.groups(found, task, lang),
        figures.groups_alt(found, task, lang),
        figures.groups_table(found, task, lang),
    )
    found = whole.importances
    yield (
        "importances",
        figures.importances(found, task, lang),
        figures.importances_alt(found, task, lang),
        figures.importances_table(found, task, lang),
    )
    found = whole.tokens
    yield (
        "tokens",
        figures.tokens(found, task, lang),
        figures.tokens_alt(found, task, lang),
        figures.tokens_table(found, task, lang),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_every_figure_has_a_long_alternative_text_and_a_twin_in_numbers(lang, kind):
    for name, _, alt, table in every_drawing(lang, kind):
        assert len(alt) >= 40, (name, alt)
        if name == "decision_curve" and kind != "binary":
            continue
        assert table, name
        heads = list(table[0])
        assert all(
            set(row) <= set(heads) and all(isinstance(c, str) for c in row.values()) for row in table
        ), name


def test_every_figure_holds_its_data_and_names_no_address():
    for name, chart, *_ in every_drawing():
        spec = json.dumps(chart.to_dict())
        assert '"url"' not in spec, name
        assert spec.replace("https://vega.github.io/schema/", "").count("http") == 0, name


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_every_figure_becomes_an_svg_without_the_network(kind):
    for name, chart, *_ in every_drawing("zh", kind):
        if name == "decision_curve" and kind != "binary":
            continue  # not defined there; the report leaves it out
        drawn = figures.svg(chart)
        assert drawn.startswith("<svg"), name
        assert "NaN" not in drawn and "undefined" not in drawn, name


def test_remote_data_in_a_chart_is_refused():
    import altair as alt

    chart = alt.Chart(alt.UrlData("https://example.org/a.csv")).mark_point().encode(x="a:Q")
    with pytest.raises(ValueError, match=r"example\.org|allowed"):
        figures.svg(chart)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_level_is_only_text_in_the_svg(payload):
    drawn = figures.svg(figures.curve(make_level_curve(levels=(payload, "b")), make_task()))
    assert "<img" not in drawn and "<script" not in drawn and "href" not in drawn
    assert "\u202e" not in drawn


def test_the_palette_can_be_read():
    for colour in (theme.TEXT, theme.QUIET):
        assert theme.contrast(colour, theme.PAPER) >= 4.5
    for colour in (*theme.MODEL_COLOURS, theme.RAISES, theme.LOWERS, theme.PRIMARY, theme.NEUTRAL):
        assert theme.contrast(colour, theme.PAPER) >= 3


def test_steps_with_few_past_cases_are_faded_and_the_ends_are_finite():
    rows = figures.curve(make_curve(), make_task()).to_dict()
    values = next(v["values"] if isinstance(v, dict) else v for v in _all_values(rows))
    closing = values[-1]  # the last step drawn to its end
    assert [r["few"] for r in values] == [True, False, False, False, False, False, False, True, True]
    assert closing["x"] == closing["x2"]
    assert values[0]["x"] == pytest.approx(35 - 39 / 20)
    assert all(r["low"] <= r["y"] <= r["high"] for r in values)


def test_fine_bins_with_many_cases_around_them_are_not_called_few():
    edges = [float(e) for e in range(101)]
    points = tuple(
        CurvePoint(
            kind="bin",
            label="",
            low=low,
            high=low + 1,
            effect=0.0,
            effect_low=None,
            effect_high=None,
            estimate=0.3,
            count=8 if low < 50 else 1,
        )
        for low in edges[:-1]
    )
    chart = figures.curve(Curve(feature="age", output="", points=points, kinks=0), make_task())
    values = next(_all_values(chart.to_dict()))
    assert not any(r["few"] for r in values if r["x"] < 45)
    assert all(r["few"] for r in values if r["x"] > 60)


def _all_values(node):
    if isinstance(node, dict):
        if isinstance(node.get("values"), list):
            yield node["values"]
        for child in node.values():
            yield from _all_values(child)
    elif isinstance(node, list):
        for child in node:
            yield from _all_values(child)


def test_the_case_at_hand_is_marked_on_its_step():
    spec = json.dumps(figures.curve(make_curve(), make_task(), here=61.0).to_dict())
    assert "this patient" in spec
    assert "this patient" not in json.dumps(figures.curve(make_curve(), make_task()).to_dict())


def test_a_small_group_gets_words_and_no_dot():
    rows = [r for values in _all_values(figures.groups(make_groups(), make_task()).to_dict()) for r in values]
    small = [r for r in rows if "Female" in r.get("label", "")]
    assert small and all(r["x"] is None and r["text"] == "too few to say" for r in small)


def test_labels_are_moved_apart_in_their_order():
    placed = theme.spread_out([90.0, 90.0, 10.0, 91.0], gap=5.0)
    ranked = sorted(placed)
    assert all(b - a >= 5.0 - 1e-9 for a, b in itertools.pairwise(ranked))
    assert placed[2] == min(placed)


def test_the_curve_table_says_the_same_as_the_picture():
    rows = figures.curve_table(make_curve(), make_task())
    assert rows[0] == {
        "Value": "below 35",
        "Estimate": "12 in 100",
        "Spread between refits": "9 in 100 to 16 in 100",
        "Past cases": "12",
    }
    assert rows[-1]["Value"] == "not known"
