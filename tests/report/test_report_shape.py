"""The section on pairs and directions says what the record holds, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories_evidence import make_evidence
from factories_shape import make_choice, make_direction, make_price

from interpretable import figures, words
from interpretable.records.document import Heading, Listing, Paragraph, Picture
from interpretable.records.shape import ShapeEvidence
from interpretable.report.shape import shape
from interpretable.words import shape as say


def evidence_with(**changes):
    evidence = make_evidence()
    return replace(evidence, shape=ShapeEvidence(**changes), selected="ebm")


def texts(evidence, lang="en"):
    found = []
    for block in shape(evidence, lang):
        found += [block.text] if isinstance(block, (Paragraph, Heading)) else []
        found += list(block.items) if isinstance(block, Listing) else []
    return found


def test_nothing_found_is_no_section():
    assert list(shape(replace(make_evidence(), shape=None), "en")) == []
    assert list(shape(evidence_with(), "en")) == []


def test_what_pairs_brought_is_said_with_its_interval():
    evidence = evidence_with(pairs=make_choice())
    said = "\n".join(texts(evidence))
    assert "3 pairs of factors were kept: on rows not used for fitting, the log loss fell by 0.020" in said
    assert "The AUROC rose by 0.015 (0.004 to 0.026)." in said
    assert "0, 3 and 10 pairs were tried on 5 inner folds of 440 training rows" in said
    picture = next(b for b in shape(evidence, "en") if isinstance(b, Picture))
    assert picture.svg.startswith("<svg") and len(picture.table.rows) == 3


@pytest.mark.parametrize("reason", ["no_gain", "quick", "many_classes", "few_rows", "few_columns", "given"])
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_reason_for_no_pairs_has_its_sentence(reason, lang):
    choice = make_choice(chosen=0, reason=reason, trials=(), pairs=())
    said = say.pairs(choice, make_evidence().task, lang)
    assert said.endswith("。" if lang == "zh" else ".")
    assert texts(evidence_with(pairs=choice), lang).count(said) == 1


def test_no_pair_earned_its_place_is_said_plainly():
    choice = make_choice(chosen=0, reason="no_gain", pairs=())
    assert say.pairs(choice, make_evidence().task).startswith("No pair of factors earned its place:")


def test_a_curve_against_its_direction_says_where_how_far_and_for_how_many():
    evidence = evidence_with(directions=(make_direction(),))
    said = say.direction(make_direction(), evidence.task)
    assert said.startswith("Age: higher values should raise the estimate; the curve of “")
    assert "falls between 40 and 45 years" in said
    assert "by 1 in 100 (6 % of " in said
    assert any(text.startswith("Not kept throughout by the model in use: Age") for text in texts(evidence))
    kept = make_direction(stretches=(), rows=0.0, link=0.0, estimate=0.0, proven=True)
    assert "for every combination of values" in say.direction(kept, evidence.task)
    assert (
        texts(evidence_with(directions=(kept,))).count("All expected directions hold in the model in use.")
        == 1
    )


@pytest.mark.parametrize(
    ("low", "high", "start"),
    [(-0.004, 0.012, "Giving up"), (0.002, 0.02, "Holding to"), (-0.02, -0.003, "Holding to")],
)
def test_a_price_is_a_price_only_where_its_interval_says_so(low, high, start):
    said = say.price(make_price(low, high), make_evidence().task)
    assert said.startswith(start)
    assert ("no cost can be shown" in said) == (low < 0 < high)
    assert ("helps" in said) == (high < 0)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_whole_section_reads_in_both_languages(lang):
    evidence = evidence_with(
        pairs=make_choice(),
        directions=(make_direction(), make_direction(expected="down", model="xgboost")),
        prices=(make_price(), make_price(column="")),
    )
    found = list(shape(evidence, lang))
    assert sum(isinstance(block, Heading) for block in found) == 3
    task = evidence.task
    assert len(figures.directions_table(evidence.shape.directions, task, lang)) == 2
    assert len(figures.prices_table(evidence.shape.prices, task, lang)) == 4
    for lacking in ("shape_quick", "shape_no_ebm", "shape_classes"):
        assert words.has(f"missing_figure.{lacking}", lang)
