"""The section and the app panel of the heart study: same answers, drawings with numbers."""

import pytest

import interpretable
from interpretable import figures, words
from interpretable.records.document import Heading, Paragraph, Picture, Table
from interpretable.report.diagnostics import diagnostics
from interpretable.words import weakness


@pytest.fixture(scope="module")
def evidence(heart_study):
    return interpretable.open_study(heart_study).evidence


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_each_question_has_its_answer_and_a_drawing_with_its_numbers(evidence, lang):
    blocks = list(diagnostics(evidence, lang))
    asked = weakness.asked(evidence.diagnostics)
    assert len([b for b in blocks if isinstance(b, Heading)]) == len(asked) >= 8
    texts = {b.text for b in blocks if isinstance(b, Paragraph)}
    for name in asked:
        assert weakness.answer(name, evidence.diagnostics, evidence.task, lang) in texts
    drawn = [b for b in blocks if isinstance(b, Picture)]
    assert len(drawn) >= 7
    assert all(b.table is not None and len(b.alt) > 40 and b.svg.startswith("<svg") for b in drawn)
    assert all(b.folded for b in blocks if isinstance(b, Table))


def test_chinese_answers_hold_no_english_sentence_and_no_banned_word(evidence):
    for name in weakness.asked(evidence.diagnostics):
        said = weakness.answer(name, evidence.diagnostics, evidence.task, "zh")
        assert not any(word in said for word in ("样本", "特征", "置信度", " the ", " is "))


def test_a_study_without_this_evidence_has_no_section(evidence):
    from dataclasses import replace

    assert list(diagnostics(replace(evidence, diagnostics=None), "en")) == []


def test_a_confirmed_spot_is_a_full_dot_and_others_are_hollow(evidence):
    found = evidence.diagnostics
    chart = figures.diagnosis("weak", found, evidence.task)
    values = chart.to_dict()["layer"][-1]["data"]["values"] if chart else []
    measured = [s for s in found.weak.spots if s.loss is not None]
    assert [v["solid"] for v in values] == [s.verdict == "confirmed" for s in measured]


def test_every_part_compared_stands_in_the_drift_table(evidence):
    rows = figures.diagnosis_table("drift", evidence.diagnostics, evidence.task)
    assert {row["Part"] for row in rows} == {"Training and calibration rows", "Training and test rows"}
    assert {"Heart disease", "The estimate"} <= {row["Column"] for row in rows}
