"""What the search brought, in words and tables of both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories_evidence import make_evidence
from factories_tuning import make_blend, make_distillation, make_gain, make_search, make_tuning

from interpretable.records.document import Paragraph, Table
from interpretable.report.tuning import tuning
from interpretable.words import tuned


def blocks(lang="en", **changes):
    return list(tuning(replace(make_evidence(), tuning=make_tuning(**changes)), lang))


def said(found):
    return " ".join(b.text for b in found if isinstance(b, Paragraph))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_question_is_answered_and_every_trial_listed(lang):
    found = blocks(lang)
    tables = [b for b in found if isinstance(b, Table)]
    assert len(tables) == 3 and all(t.folded for t in tables)
    assert len(tables[0].rows) == 3
    assert "0.4400" in said(found) and "0.0050" in said(found)


def test_a_gain_whose_interval_holds_zero_may_be_chance():
    told = tuned.gain(make_gain(0.002, 0.004), "en", metric="log_loss")
    assert "may be chance" in told and "0.0020" in told
    assert "may be chance" not in tuned.gain(make_gain(0.02, 0.004), "en", metric="log_loss")


def test_a_loss_that_grew_is_said_to_be_larger_with_its_interval_turned():
    told = tuned.gain(make_gain(-0.02, 0.005), "en", metric="log_loss")
    assert "larger by 0.0200" in told and "0.0150 to 0.0250" in told


def test_defaults_that_stayed_are_named_so():
    search = make_search()
    first = replace(search.trials[0], chosen=True)
    kept = replace(search, trials=(first, *(replace(t, chosen=False) for t in search.trials[1:])))
    assert "the defaults stayed" in said(blocks(searches=(kept,)))


def test_a_blend_of_one_is_no_blend():
    blend = make_blend(weights=(0.98, 0.02), status="one_is_enough", gain=None, gap=None)
    assert "No blend: EBM alone would take 98 %" in said(blocks(blend=blend))


@pytest.mark.parametrize("verdict", ["helps", "does_not_help", "cannot_tell"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_verdict_on_the_teacher_has_its_sentence(verdict, lang):
    told = said(blocks(lang, distillation=make_distillation(verdict=verdict)))
    others = {v for v in ("helps", "does_not_help", "cannot_tell") if v != verdict}
    assert all(
        tuned.answer(make_tuning(distillation=make_distillation(verdict=v)), lang)[-1] not in told
        for v in others
    )


def test_a_teacher_that_is_not_ahead_taught_nothing():
    taught = make_distillation(verdict="does_not_help", teacher_gain=make_gain(-0.01))
    assert "nothing to learn" in said(blocks(distillation=taught))


def test_no_section_where_nothing_was_tried():
    assert list(tuning(make_evidence(), "en")) == []


def test_squared_errors_of_any_size_are_readable():
    assert tuned.amount(12345678.9, "mse") == "12,345,679"
    assert tuned.amount(0.00012345, "mse").startswith("0.000123")
