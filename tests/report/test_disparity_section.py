"""The section on differences between groups: sentences, tables, drawings."""

import re
from dataclasses import replace

import pytest
from factories_disparity import LEADING, figure, make_disparity, make_gap
from factories_evidence import make_evidence
from factories_words import make_task

from interpretable import figures, report, words
from interpretable.records.disparity import DisparityEvidence
from interpretable.records.document import Listing, Paragraph, Table
from interpretable.report.disparity import disparity
from interpretable.words import disparity as said

BANNED = re.compile(
    r"\bfair|unfair|unbiased|compliant|certified|because of|violat|discriminat", re.IGNORECASE
)
KINDS = ("binary", "multiclass", "regression")


def evidence(kind="binary", **changes):
    found = make_disparity(kind, **changes)
    return replace(make_evidence(kind), disparity=found)


def text_of(blocks):
    parts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(block.text)
        elif isinstance(block, Listing):
            parts += block.items
        elif isinstance(block, Table):
            parts += [f"{c.text} {c.quiet}" for row in block.rows for c in row]
    return "\n".join(parts)


def test_the_difference_is_said_in_natural_frequencies():
    text = said.gap(make_gap(), make_task())
    assert text == (
        "Of 100 in the group “Sex: Female”, 34 lie above the decision line. Of 100 in “Sex: Male”, 61 do: "
        "a difference of 27 (18 to 36)."
    )


def test_rounded_figures_never_look_wrongly_subtracted():
    gap = make_gap(value=0.344, value_reference=0.616, difference=figure(-0.272, 0.09))
    assert "34.4" in said.gap(gap, make_task()) and "27.2" in said.gap(gap, make_task())


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_section_is_whole_in_both_languages_and_judges_nothing(kind, lang):
    given = evidence(kind)
    text = text_of(disparity(given, lang))
    assert not BANNED.search(text)
    assert words.say("disparity.note.judge", lang) in text
    assert words.say("disparity.other.decide", lang) in text
    assert "0.8" not in re.sub(
        r"0\.8\d", "", text
    )  # the screening line is mentioned only where it is asked for


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_are_named_and_sum_up_in_words(kind):
    text = text_of(disparity(evidence(kind), "en"))
    assert "lower than that of" in text and "Lactate −0.40, Sex −0.20" in text
    assert "Sex is used by the model: 7 % of what moves the estimate comes from it alone, and 2 %" in text
    assert "Age is not used by the model." in text


def test_an_alternative_says_what_the_test_part_shows():
    task = make_task()
    found = make_disparity().alternatives[0]
    assert "bears the smaller difference out" in said.alternative(found, task)
    for change, words_of_it in ((figure(0.02), "cannot be told"), (figure(0.2), "shows the opposite")):
        gap = replace(found.gaps[0], change=change)
        assert words_of_it in said.alternative(replace(found, gaps=(gap,)), task)
    gap = replace(found.gaps[0], change=None)
    unseen = make_disparity(alternatives=(replace(found, gaps=(gap,)),))
    assert "too small to see" in " ".join(said.alternatives(unseen, task))
    none = make_disparity(alternatives=(replace(found, smaller=False),))
    assert said.alternatives(none, task)[0].startswith("Of 1 other models looked at, none")


def test_the_impossibility_is_said_only_where_outcomes_clearly_differ():
    task = make_task()
    assert "34 in 100" in said.impossible((make_gap("prevalence"),), task)
    assert said.impossible((make_gap("prevalence", difference=figure(-0.02)),), task) == ""


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_groups_that_are_too_small_are_said_to_be(lang):
    text = text_of(disparity(evidence(gaps=(), crossings=(), tells=(), alternatives=()), lang))
    assert words.say("disparity.gap.few", lang) in text


def test_an_empty_record_is_no_obstacle():
    assert list(disparity(replace(make_evidence(), disparity=DisparityEvidence()), "en"))
    assert list(disparity(replace(make_evidence(), disparity=None), "en")) == []


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_drawing_has_its_text_and_its_numbers(kind, lang):
    found, task = make_disparity(kind), make_task(kind, threshold=0.3 if kind == "binary" else None)
    drawings = [("gaps", found.gaps), ("parts", found.score_gaps[0])]
    if kind == "binary":
        drawings.append(("ratios", found.gaps))
    for name, given in drawings:
        draw, alt, table = (getattr(figures, f"disparity_{name}{end}") for end in ("", "_alt", "_table"))
        svg = figures.svg(draw(given, task, lang))
        assert svg.startswith("<svg") and "NaN" not in svg and "undefined" not in svg
        assert len(alt(given, task, lang)) >= 40
        assert table(given, task, lang)
    assert LEADING[kind] in {gap.metric for gap in found.gaps}


def test_the_screening_line_is_drawn_only_where_it_is_asked_for():
    found, task = make_disparity(), make_task(threshold=0.3)
    plain, asked = (figures.disparity_ratios(found.gaps, task, line=line).to_dict() for line in (None, 0.8))
    values = [
        [row.get("x") for layer in c["layer"] for row in layer["data"]["values"]] for c in (plain, asked)
    ]
    assert 0.8 not in values[0] and 0.8 in values[1]


def test_nothing_to_draw_is_said_in_words():
    task = make_task(threshold=0.3)
    assert len(figures.disparity_gaps_alt((), task)) >= 40
    assert len(figures.disparity_ratios_alt((), task, "zh")) >= 20


def test_a_hostile_group_name_stays_text():
    payload = "<img src=x onerror=alert(1)>"
    gap = make_gap(group=payload)
    page = report.render(report.build(evidence(gaps=(gap,)), lang="en")).decode()
    assert 'id="disparity"' in page
    assert "<img src=x" not in page
    assert "<img" not in figures.svg(figures.disparity_gaps((gap,), make_task(threshold=0.3)))
