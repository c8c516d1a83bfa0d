"""Rephrasing measured beside a study: counts and codes are kept, no text and no value of a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable import words
from interpretable.errors import LLMError, UserError
from interpretable.llm import Cached, LLMClient, ScriptedLLM
from interpretable.records import codec
from interpretable.records.narrated import Narrated
from interpretable.report.small_large import beside
from interpretable.study.beside import Asking
from interpretable.study.beside.narrate import run


def echo(prompt, ask):
    """Gives the house's own text back, every second time with the directions turned round."""
    text = prompt.question
    echo.calls += 1
    return text if echo.calls % 2 else text.replace("raises the", "lowers the", 1)


@dataclass(frozen=True, kw_only=True)
class Rehearsal(Asking):
    """An asking whose language model is a scripted double."""

    double: ScriptedLLM = field(
        default_factory=lambda: ScriptedLLM(lambda p, labels: [0.5, 0.5], writer=echo)
    )

    @contextmanager
    def client(self) -> Iterator[LLMClient]:
        yield Cached(self.double, self.folder)


@pytest.fixture(scope="module", params=["binary", "regression"])
def study(request, tmp_path_factory):
    kind = request.param
    rows = make_rows(160, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))
    family = "logistic" if kind == "binary" else "linear"
    target = np.where(rows.target == 1, "yes", "no") if kind == "binary" else rows.target
    out = tmp_path_factory.mktemp("narrate") / "study"
    table = rows.frame.assign(ill=target)
    return interpretable.train(rows.task, data=table, out=out, models=family, quick=True, llm="off")


def rehearse(study, tmp_path, **options):
    echo.calls = 0
    asking = Rehearsal(mode="local", task=study.task, folder=tmp_path / "answers")
    return run(study, asking, rehearsal=True, **options)


def test_right_texts_are_counted_as_accepted_and_turned_ones_by_their_fault(study, tmp_path):
    found = rehearse(study, tmp_path, rows=6)
    assert (found.cases, found.asked) == (6, 6)
    assert 3 <= found.accepted < 6 and found.failures["sign"] == 6 - found.accepted
    assert found.agreement["sign"].count < found.agreement["sign"].of
    assert found.agreement["value"].count == found.agreement["value"].of > 0
    assert found.false_alarms == 0
    assert all(share.count == share.of > 0 for share in found.planted.values())
    assert found.told.verdict == "told" and found.told.reason == "some_accepted"
    assert found.told.ledger is not None and found.told.ledger.calls == 6


def test_nothing_of_the_texts_is_left_behind(study, tmp_path):
    found = rehearse(study, tmp_path, rows=4)
    assert not (tmp_path / "answers").exists()
    kept = codec.to_json(found).decode()
    assert "estimate would be" not in kept and "typical" not in kept.replace("if_typical", "")
    assert codec.from_json(kept.encode(), Narrated) == found


def test_a_double_is_refused_unless_it_is_a_rehearsal(study, tmp_path):
    asking = Rehearsal(mode="local", task=study.task, folder=tmp_path / "answers")
    with pytest.raises(LLMError, match="scripted double"):
        run(study, asking, rows=3)


def test_a_line_that_is_down_is_not_waited_for_row_by_row(study, tmp_path):
    class Down(ScriptedLLM):
        def generate(self, prompt, ask):
            self.prompts.append(prompt)
            return interpretable.llm.Generated(failure="timeout", calls=1)

    double = Down(lambda prompt, labels: "timeout")
    asking = Rehearsal(mode="local", task=study.task, folder=tmp_path / "answers", double=double)
    with pytest.raises(LLMError, match="5 times in a row"):
        run(study, asking, rows=12, rehearsal=True)
    assert len(double.prompts) == 5


@pytest.mark.parametrize("options", [{"lang": "fr"}, {"rows": 0}])
def test_options_that_make_no_sense_are_refused(study, options):
    with pytest.raises(UserError, match=r"--lang|--rows"):
        study.ask_beside("narrate", llm="off", **options)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_a_language_model_the_checker_alone_is_tested_and_reported(study, lang):
    found = study.ask_beside("narrate", llm="off", rows=4, lang=lang)
    assert (found.asked, found.told.reason, found.told.info) == (0, "not_asked", None)
    assert study.beside["narrate"] == found
    assert interpretable.verify(study.path) == []
    blocks = list(beside(study.beside, study.evidence, lang))
    assert words.say("beside.title.narrate", lang) in {getattr(block, "text", "") for block in blocks}
    caption = words.say("narrate.planted_caption", lang)
    (planted,) = (block for block in blocks if getattr(block, "caption", "") == caption)
    assert [row[2].text for row in planted.rows] == [words.number(s.count) for s in found.planted.values()]


def test_one_case_of_a_study_is_told_by_rule(study):
    test = study.part("test")
    found = study.narrate(test.take(np.array([0])), lang="zh")
    assert found.origin == "template" and "估计" in found.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_code_of_a_failure_and_of_a_planted_error_has_words(lang):
    from interpretable.collab.claims import CODES
    from interpretable.collab.planted import KINDS

    assert [code for code in CODES if words.narrate_failure(code, lang) == code] == []
    assert [kind for kind in KINDS if not words.has(f"narrate.planted.{kind}", lang)] == []
    assert words.narrate_failure("never_heard_of", lang) == "never_heard_of"
