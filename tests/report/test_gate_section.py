"""The gate in words, blocks and a picture, for every verdict and in both languages."""

from __future__ import annotations

import pytest
from factories_evidence import make_evidence
from factories_synthetic import make_gate

from interpretable import figures, words
from interpretable.records.evaluation import Figure
from interpretable.records.gate import Arm, Augmentation
from interpretable.report.build import SECTIONS
from interpretable.report.gate import augmentation

CODES = {
    "better": "helps", "nothing_usable": "does_not_help", "weight_nought": "does_not_help",
    "no_gain": "does_not_help", "no_better_than_control": "cannot_tell", "not_from_labels": "cannot_tell",
    "group_falls": "cannot_tell", "calibration": "cannot_tell", "uncertain": "cannot_tell",
    "too_few_rows": "cannot_tell",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("reason", CODES)
def test_every_reason_has_a_sentence(reason, lang):
    said = words.gate(make_gate(verdict=CODES[reason], reason=reason, weight=0.0), lang)
    assert said[0] == words.say(f"gate.verdict.{CODES[reason]}", lang)
    assert all(line and "{" not in line for line in said)


def test_the_sentences_hold_the_figures():
    text = " ".join(words.gate(make_gate()))
    assert "smaller by 0.0400 (one-sided 95 % bounds 0.0200 and 0.0600)" in text
    assert "Rows generated: 900. Kept for the trial: 800." in text
    assert "weigh 0.5 times as much" in text
    worse = make_gate(over_control=Figure(value=-0.05, low=-0.07, high=-0.03))
    assert "larger by 0.0500 (bounds 0.0300 and 0.0700)" in " ".join(words.gate(worse))


def test_labels_dealt_at_random_that_help_are_told():
    arms = list(make_gate().arms)
    arms[3] = Arm(name="shuffled", loss=0.5, gain=Figure(value=0.02, low=0.01, high=0.03))
    assert words.say("gate.labels") in words.gate(make_gate(arms=tuple(arms)))
    assert words.say("gate.labels") not in words.gate(make_gate())


def section(found, lang="en"):
    evidence = make_evidence(augmentation=found and Augmentation(gate=found))
    return list(augmentation(evidence, lang))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_section_holds_arms_drops_groups_and_what_was_used(lang):
    shown = repr(section(make_gate(), lang))
    for code in ("gate.arm.control", "gate.dropped.contradicted", "gate.why_dropped", "gate.slopes"):
        assert words.say(code, lang) in shown
    assert words.gate_use(make_gate(), lang) in shown
    assert words.gate_rule(make_gate(), lang) in shown


def test_the_report_has_the_section_where_rows_were_generated():
    assert SECTIONS["augmentation"] is augmentation
    assert section(None) == []


def test_with_too_few_rows_there_is_neither_picture_nor_table():
    lean = make_gate(verdict="cannot_tell", reason="too_few_rows", arms=(), groups=(), slopes={}, weight=0.0)
    assert {type(block).__name__ for block in section(lean)} == {"Paragraph", "Listing"}
    assert "too few real rows for folds within folds" in repr(section(lean))


def test_where_the_trial_cannot_tell_it_says_what_it_could_have_seen():
    unsure = make_gate(verdict="cannot_tell", reason="uncertain", weight=0.0, detectable=0.0612)
    assert "a true gain of 0.0612 would show" in " ".join(words.gate(unsure))
    assert "would show" not in " ".join(words.gate(make_gate(detectable=0.0612)))


def test_the_picture_has_a_twin_in_words_and_one_in_numbers():
    found = make_gate()
    drawn = str(figures.gate_gains(found).to_dict())
    assert "0.0400" in drawn and "Real and generated rows" in drawn
    assert "Real and generated rows: 0.0400 (0.0200 to 0.0600)" in figures.gate_gains_alt(found)
    assert [row["Loss"] for row in figures.gate_gains_table(found)] == [
        "0.5200",
        "0.4800",
        "0.5300",
        "0.5500",
    ]
