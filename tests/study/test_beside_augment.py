"""Rows of a language model beside a study: judged on training rows, counted, written only where asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_text_rows

import interpretable
from interpretable import words
from interpretable.errors import LLMError, UserError
from interpretable.llm import Cached, LLMClient, ScriptedLLM
from interpretable.records import codec
from interpretable.records.augmented import Augmented
from interpretable.records.exchange import LLMInfo
from interpretable.report.small_large import beside
from interpretable.study.beside import Asking, keep
from interpretable.study.beside.augment import plan, run

FEW = {"rows": 12, "folds": 2, "repeats": 1}


def write_rows(prompt, ask):
    """Rows by the rule that made the real ones; each third answer is of no use."""
    write_rows.calls += 1
    if write_rows.calls % 3 == 0:
        return "no rows today"
    random = np.random.default_rng(ask.draw)
    ill = "ill: yes. The" in prompt.question
    rows = []
    for _ in range(int(re.search(r"The count is (\d+)", prompt.question)[1])):
        age = round(float(random.normal(62 if ill else 42, 8)), 1)
        rows.append({"age": min(max(age, 20.0), 80.0), "kind": "b" if ill else "a", "dose": 2.5})
    return json.dumps({"count": len(rows), "rows": rows})


@dataclass(frozen=True, kw_only=True)
class Rehearsal(Asking):
    """An asking whose language model is a scripted double."""

    double: LLMClient = field(
        default_factory=lambda: ScriptedLLM(lambda p, labels: [0.5, 0.5], writer=write_rows)
    )

    @contextmanager
    def client(self) -> Iterator[LLMClient]:
        yield Cached(self.double, self.folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    rows = make_rows(140)
    table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
    out = tmp_path_factory.mktemp("augment") / "study"
    return interpretable.train(rows.task, data=table, out=out, models="logistic", quick=True, llm="off")


def rehearse(study, tmp_path, **options):
    write_rows.calls = 0
    double = options.pop("double", None)
    asking = Rehearsal(
        mode="endpoint",
        task=study.task,
        folder=tmp_path / "answers",
        **({"double": double} if double else {}),
    )
    return run(study, asking, **{"rehearsal": True, **FEW, **options})


@pytest.fixture(scope="module")
def found(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("once")
    made = rehearse(study, folder)
    assert not (folder / "answers").exists()  # generated rows can repeat rows of people
    return made


def test_rows_are_made_inside_folds_judged_and_counted(study, found):
    account, gate = found.account, found.gate
    assert account.asked == account.usable + sum(account.refused.values())
    assert account.refused["unreadable"] > 0 and account.usable > 0
    assert gate.n == len(study.part("train")) and (gate.folds, gate.repeats) == (2, 1)
    assert found.told.verdict == gate.verdict
    assert 0 < found.told.ledger.failures < found.told.ledger.calls
    assert gate.generator == "scripted double, not a language model"


def test_no_row_is_kept_unless_a_file_is_named(study, found):
    assert found.written == 0
    kept = codec.to_json(found).decode()
    assert codec.from_json(kept.encode(), Augmented) == found
    ids = study.part("train").row_ids
    assert not any(f'"{row}"' in kept for row in ids)


def test_accepted_rows_are_written_with_where_they_come_from(study, tmp_path):
    found = rehearse(study, tmp_path, out=tmp_path / "rows.csv", smoke_test=True)
    table = pandas.read_csv(tmp_path / "rows.csv")
    assert len(table) == found.written > 0
    assert list(table.columns[:4]) == ["age", "kind", "dose", "ill"] and set(table["ill"]) <= {"no", "yes"}
    shown = set(" ".join(table["synthetic_shown"]).split())
    assert shown and shown <= set(study.part("train").row_ids)
    assert (
        set(table["synthetic_kind"]) == {"row"} and table["synthetic_request_sha256"].str.len().eq(64).all()
    )


def test_rows_that_do_not_help_are_not_written(study, tmp_path):
    found = rehearse(study, tmp_path, out=tmp_path / "rows.csv")
    assert found.told.verdict != "helps"  # a dozen rows cannot show that they do
    assert found.written == 0 and not (tmp_path / "rows.csv").exists()


def test_a_file_that_is_there_already_is_refused_before_anything_is_asked(study, tmp_path):
    (tmp_path / "rows.csv").write_text("mine")
    with pytest.raises(UserError, match="there already"):
        rehearse(study, tmp_path, out=tmp_path / "rows.csv")
    assert write_rows.calls == 0 and (tmp_path / "rows.csv").read_text() == "mine"


def test_the_plan_says_how_many_questions_come_and_keeps_to_it(study, tmp_path):
    planned = plan(study, mode="endpoint", **FEW)
    rehearse(study, tmp_path)
    assert planned.least <= write_rows.calls <= planned.most
    local = plan(study, mode="local", **FEW)
    assert local.least > planned.least  # a small model is asked for one row at a time
    said = words.augment_plan(planned.sets, planned.least, planned.most)
    assert str(planned.least) in said and str(planned.most) in said


def test_a_stopped_run_goes_on_where_it_stopped(study, tmp_path):
    class Stops(ScriptedLLM):
        left = 5

        def generate(self, prompt, ask):
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            return super().generate(prompt, ask)

    def steady(prompt, ask):
        steady.calls += 1
        write_rows.calls = 0
        return write_rows(prompt, ask)

    steady.calls = 0
    script = lambda prompt, labels: [0.5, 0.5]  # noqa: E731  # what both doubles say
    with pytest.raises(KeyboardInterrupt):
        rehearse(study, tmp_path, double=Stops(script, writer=steady))
    first = steady.calls
    found = rehearse(study, tmp_path, double=ScriptedLLM(script, writer=steady))
    assert first == 5 and found.told.ledger.cached == 5
    assert found.told.ledger.calls >= steady.calls - 5


def test_small_models_and_doubles_are_refused(study, tmp_path):
    class Small(ScriptedLLM):
        def info(self):
            return LLMInfo(name="tiny", where="local", smoke_test_only=True)

    with pytest.raises(LLMError, match="--i-know"):
        rehearse(study, tmp_path, double=Small(lambda p, labels: [0.5, 0.5], writer=write_rows))
    with pytest.raises(LLMError, match="double"):
        rehearse(study, tmp_path, rehearsal=False)
    assert write_rows.calls == 0


@pytest.mark.parametrize(
    "options",
    [{"rows": 2}, {"repeats": 0}, {"folds": 1}, {"kind": "text"}, {"kind": "poem"}, {"family": "tree"}],
)
def test_options_that_make_no_sense_are_refused(study, options):
    with pytest.raises(UserError):
        plan(study, **options)


def test_too_few_rows_are_said_and_nothing_is_asked(tmp_path):
    rows = make_rows(30)
    table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
    study = interpretable.train(
        rows.task, data=table, out=tmp_path / "few", models="logistic", quick=True, llm="off"
    )
    assert plan(study).sets == 0 and "no question" in words.augment_plan(0, 0, 0)
    found = rehearse(study, tmp_path)
    assert (found.told.verdict, found.told.reason) == ("cannot_tell", "too_few_rows")
    assert write_rows.calls == 0 and words.augmented(found, study.task) == (
        words.say("gate.reason.too_few_rows"),
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_tells_faults_drops_and_how_each_arm_fared(study, found, lang):
    keep(study.path, found)
    again = interpretable.open_study(study.path)
    assert again.beside["augment"] == found and interpretable.verify(study.path) == []
    blocks = list(beside({"augment": found}, study.evidence, lang))
    cells = {cell.text for block in blocks for row in getattr(block, "rows", ()) for cell in row}
    assert words.augment_refused("unreadable", lang) in cells
    assert words.say("augment.quality.copies_shown", lang) in cells
    texts = {getattr(block, "text", "") for block in blocks}
    assert words.say(f"gate.reason.{found.gate.reason}", lang) in texts
    listed = {line for block in blocks for line in getattr(block, "items", ())}
    assert set(words.gate_trial(found.gate, lang)) <= listed


def test_every_fault_has_words_in_both_languages():
    for lang in ("en", "zh"):
        for code in ("malformed", "cut", "timeout", "budget", "undelivered", "identifier"):
            assert words.augment_refused(code, lang) != code


def test_one_set_is_measured_against_training_rows_that_no_prompt_showed(study, found):
    told = found.quality
    assert told.shown + told.others == len(study.part("train")) and told.made >= 10
    assert 0 <= told.copies_shown.value <= 1 and told.told_apart.value > 0.5  # one dose, two kinds
    assert {one.column for one in told.columns} == {"age", "kind", "dose"}


def test_texts_are_judged_with_the_model_of_texts(tmp_path):
    rows = make_text_rows(90)
    table = rows.frame.assign(urgent=np.where(rows.target == 1, "yes", "no"))
    study = interpretable.train(
        rows.task, data=table, out=tmp_path / "texts", models="text", quick=True, llm="off"
    )

    def write(prompt, ask):
        hot = "urgent: yes:" in prompt.question
        return json.dumps(
            {"count": 1, "rows": [{"note": f"the day came {'severe pain' if hot else 'mild'} {ask.draw}"}]}
        )

    double = ScriptedLLM(lambda p, labels: [0.5, 0.5], writer=write)
    found = rehearse(study, tmp_path, double=double, rows=9)
    assert found.kind == "text" and found.gate.student == study.model.index.selected


def test_the_families_are_known_where_a_study_was_only_opened():
    code = "from interpretable.study.beside import augment; print(*augment.families)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"linear", "text", "ebm"} <= set(done.stdout.split())
