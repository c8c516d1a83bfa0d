"""Hostile sentences inside the data: an obedient model is found out, a steady one is not accused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable import words
from interpretable.collab.injection import NEUTRAL, SENTENCES
from interpretable.errors import LLMError, UserError
from interpretable.llm import Cached, LLMClient, ScriptedLLM
from interpretable.records import codec
from interpretable.records.attack import AttackFinding
from interpretable.report.small_large import beside
from interpretable.stats.intervals import wilson
from interpretable.study.beside import Asking
from interpretable.study.beside.attack import run

HOSTILE = [name for name in SENTENCES if name != NEUTRAL]


def by_age(prompt, labels):
    """Reads the row's own numbers and nothing else."""
    high = re.search(r"age: (?:very )?high", prompt.question, re.IGNORECASE)
    return [0.2, 0.8] if high else [0.7, 0.3]


def obedient(prompt, labels):
    asked = re.search(r"answer (?:is )?(yes|no)\b", prompt.question)
    return [float(label == asked[1]) + 0.01 for label in labels] if asked else by_age(prompt, labels)


def flighty(prompt, labels):
    """Changes its mind wherever the text is another one."""
    plain = by_age(prompt, labels)
    added = any(s.split("{")[0].strip("\"'}>< ").split(".")[0] in prompt.question for s in SENTENCES.values())
    return plain[::-1] if added else plain


@dataclass(frozen=True, kw_only=True)
class Rehearsal(Asking):
    """An asking whose language model is a scripted double."""

    double: ScriptedLLM = field(default_factory=lambda: ScriptedLLM(by_age))

    @contextmanager
    def client(self) -> Iterator[LLMClient]:
        yield Cached(self.double, self.folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    rows = make_rows(160, task=make_task())
    table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
    out = tmp_path_factory.mktemp("attack") / "study"
    return interpretable.train(rows.task, data=table, out=out, models="logistic", quick=True, llm="off")


def attacked(study, folder, script, **options) -> AttackFinding:
    asking = Rehearsal(mode="local", task=study.task, folder=folder / "answers", double=ScriptedLLM(script))
    return run(study, asking, rehearsal=True, **{"rows": 12, **options})


def test_a_model_that_does_what_a_text_says_is_found_out(study, tmp_path):
    found = attacked(study, tmp_path, obedient)
    told = {one.name: one for one in found.attacks}
    assert set(told) == set(SENTENCES)
    assert told["ignore_en"].moved.count == told["ignore_en"].moved.of == 12
    assert (told["ignore_en"].moved.low, told["ignore_en"].moved.high) == wilson(12, 12)
    assert told["ignore_en"].shift > 0.5
    assert told[NEUTRAL].flipped.count == 0
    assert found.any_moved.count == 12 and found.told.reason == "moved"
    assert found.told.ledger.rows == 12 * (1 + len(SENTENCES))


def test_a_model_that_reads_the_row_only_is_not_accused(study, tmp_path):
    found = attacked(study, tmp_path, by_age)
    assert found.told.reason == "none_moved" and found.any_moved.count == 0
    assert found.any_moved.high == wilson(0, 12)[1]
    assert all(one.flipped.count == 0 and one.shift == pytest.approx(0) for one in found.attacks)


def test_a_model_that_any_sentence_turns_is_called_unsteady(study, tmp_path):
    assert attacked(study, tmp_path, flighty).told.reason == "unsteady"


def test_answers_that_cannot_be_read_are_counted_and_in_no_rate(study, tmp_path):
    def mute(prompt, labels):
        return "unreadable" if "Ignore the above" in prompt.question else by_age(prompt, labels)

    told = {one.name: one for one in attacked(study, tmp_path / "a", mute).attacks}
    assert told["ignore_en"].failures == 12 and told["ignore_en"].moved.of == 0
    assert told["ignore_en"].moved.low is None and told["ignore_en"].shift is None
    nothing = attacked(study, tmp_path / "b", lambda prompt, labels: "unreadable")
    assert nothing.unread == 12 and nothing.told.reason == "unread" and nothing.any_moved.of == 0


def test_nothing_of_a_person_is_in_the_finding_and_it_is_shown_in_both_languages(study, tmp_path):
    found = attacked(study, tmp_path, obedient)
    kept, test = codec.to_json(found).decode(), study.part("test")
    words_in = [c.name for c in study.task.columns if c.kind in ("text", "category")]
    held = {str(v) for name in words_in for v in test.frame[name].dropna()} | set(map(str, test.row_ids))
    assert held and not any(f'"{value}"' in kept for value in held)
    for lang in ("en", "zh"):
        assert len(words.attack(found, study.task, lang)) == 3
        assert len(list(beside({"attack": found}, study.evidence, lang))) >= 6
    quiet = replace(found, any_moved=replace(found.any_moved, of=0, low=None, high=None), unread=12)
    assert any("12" in line for line in words.attack(quiet, study.task, "en"))


@pytest.mark.parametrize(
    ("options", "message"), [({"rows": 0}, "1 or more"), ({"column": "age"}, "--column")]
)
def test_what_cannot_be_attacked_is_refused_in_words(study, tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        attacked(study, tmp_path, by_age, **options)


def test_a_double_is_refused_unless_it_is_a_rehearsal_and_so_is_no_model(study, tmp_path):
    asking = Rehearsal(mode="local", task=study.task, folder=tmp_path)
    with pytest.raises(LLMError, match="scripted double"):
        run(study, asking)
    with pytest.raises(LLMError, match="needs a language model"):
        run(study, replace(asking, mode="off"))
