"""Small model, language model, person: who decides, what is promised, when nobody is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_cascade import guesses, make_hidden_table, make_hidden_task, rehearse, sees
from typer.testing import CliRunner

import interpretable
from interpretable.cli import app
from interpretable.errors import LLMError, UserError
from interpretable.records import codec
from interpretable.records.cascade import CascadeFinding
from interpretable.records.task import LLMConsent
from interpretable.study import open_study
from interpretable.study.beside import cascade, keep

OPTIONS = {"max_error": 0.1, "rehearsal": True}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    out = tmp_path_factory.mktemp("cascade") / "study"
    given = {"models": "logistic", "quick": True, "llm": "off"}
    return interpretable.train(make_hidden_task(), data=make_hidden_table(1200), out=out, **given)


@pytest.fixture(scope="module")
def helped(study, tmp_path_factory):
    asking = rehearse(tmp_path_factory.mktemp("sees"), sees, task=study.task)
    return asking, cascade.run(study, asking, **OPTIONS)


def test_a_language_model_that_knows_more_is_used_and_more_is_decided_at_the_same_promise(study, helped):
    _, found = helped
    assert (found.told.verdict, found.told.reason) == ("helps", "decides_more")
    assert found.stage.status == "used" and found.stage.both_right.value > found.stage.small_right.value + 0.2
    assert found.cascade.shown and found.more_p < 0.01
    assert found.cascade.held.coverage.value > found.small.held.coverage.value + 0.1
    assert found.cascade.held.error.low <= 0.1
    assert found.fusion.verdict == "helps" and found.fusion.gain.low > 0
    assert found.bill.more > 100 and found.bill.calls < 1000
    assert sum(found.decided.values()) == found.rows_used["test"] <= found.plan.rows["test"]
    assert found.bill.small + found.bill.large + found.bill.person == pytest.approx(1000)


def test_only_handed_on_rows_are_asked_about_and_no_more_than_was_said_before(helped):
    asking, found = helped
    most = found.plan.most_calls
    assert len(asking.double.prompts) == found.told.ledger.rows == sum(most.values())
    assert found.stage.n == most["train"] <= 60
    for prompt in asking.double.prompts:
        assert prompt.columns == ("plain", "first", "second", "place") and not prompt.examples


def test_a_language_model_that_knows_nothing_costs_training_rows_only(study, tmp_path):
    asking = rehearse(tmp_path, guesses, task=study.task)
    found = cascade.run(study, asking, **OPTIONS)
    assert found.stage.status == "skipped" and found.stage.reason in ("open", "useless")
    assert found.told.verdict in ("cannot_tell", "does_not_help")
    assert len(asking.double.prompts) == found.stage.n == 60
    assert found.decided["large"] == 0 and found.bill is None
    assert found.fusion is not None and found.fusion.test_rows == 0


def test_answers_that_cannot_be_read_count_as_wrong_and_go_to_a_person(study, tmp_path):
    def mute(prompt, labels):
        return "unreadable" if "average" in prompt.question else sees(prompt, labels)

    found = cascade.run(study, rehearse(tmp_path, mute, task=study.task), **OPTIONS)
    assert 0 < found.stage.unread < found.stage.n
    assert found.stage.both_right.value * found.stage.n <= found.stage.n - found.stage.unread
    assert found.told.ledger.failures >= found.stage.unread
    none = cascade.run(study, rehearse(tmp_path / "none", lambda p, k: "refused", task=study.task), **OPTIONS)
    assert (none.stage.reason, none.fusion, none.stage.unread) == ("useless", None, 60)


def test_without_a_language_model_the_small_model_is_promised_alone(study, tmp_path):
    asking = rehearse(tmp_path, sees, task=study.task, mode="off")
    found = cascade.run(study, asking, **OPTIONS)
    assert (found.told.verdict, found.told.reason, found.stage.status) == ("told", "off", "not_asked")
    assert not asking.double.prompts and found.small.shown and found.told.info is None
    assert found.decided["small"] + found.decided["person"] == found.plan.rows["test"]


def test_where_no_promise_is_possible_nothing_is_asked(study, tmp_path):
    asking = rehearse(tmp_path, sees, task=study.task)
    found = cascade.run(study, asking, **{**OPTIONS, "max_error": 0.001})
    assert not found.plan.possible and not asking.double.prompts
    assert (found.told.verdict, found.told.reason) == ("cannot_tell", "too_few_calibration")


def test_where_the_small_model_keeps_nearly_all_nothing_is_asked(study, tmp_path):
    asking = rehearse(tmp_path, sees, task=study.task)
    found = cascade.run(study, asking, **{**OPTIONS, "max_error": 0.5})
    assert (found.told.verdict, found.told.reason) == ("does_not_help", "nothing_left")
    assert not asking.double.prompts


def test_the_plan_before_asking_is_that_of_the_finding_and_looks_at_no_calibration_outcome(
    study, helped, monkeypatch
):
    before = cascade.plan(study, max_error=0.1)
    assert before == helped[1].plan
    part = study.part

    def turned(name):
        rows = part(name)
        return replace(rows, target=1 - rows.target) if name == "calibration" else rows

    monkeypatch.setattr(study, "part", turned)
    assert cascade.plan(study, max_error=0.1) == before


def test_false_omissions_have_a_limit_and_a_walk_of_their_own(study, tmp_path):
    asking = rehearse(tmp_path, sees, task=study.task)
    found = cascade.run(study, asking, **{**OPTIONS, "max_false_omission": 0.05})
    assert found.plan.by_answer and found.plan.needed == 59
    assert [c.alpha for c in found.small.certificates] == [0.05, 0.1]
    assert [c.delta for c in found.small.certificates] == [0.05, 0.05]


def test_each_declared_group_is_asked_whether_it_passes_too(helped):
    _, found = helped
    assert {(c.by, c.group) for c in found.cascade.groups} == {("place", "north"), ("place", "south")}
    assert all(c.delta == pytest.approx(0.05) for c in found.cascade.groups)


def test_a_run_goes_on_from_its_answers_and_comes_to_the_same(study, helped, tmp_path):
    asking, found = helped
    again = replace(asking, double=type(asking.double)(lambda p, k: "timeout"))
    second = cascade.run(study, again, **OPTIONS)
    assert not again.double.prompts
    assert second.cascade == found.cascade and second.stage == found.stage


def test_columns_outside_the_consent_are_in_no_prompt_and_money_is_counted(study, tmp_path):
    asking = rehearse(tmp_path, sees, task=study.task)
    allowed = ("first", "second")
    double = type(asking.double)(sees, columns=allowed)
    consent = LLMConsent(endpoint="https://x", model="m", purpose="p", columns=allowed, price_in=1e6)
    study.task, whole = replace(study.task, llm=consent), study.task
    try:
        found = cascade.run(study, replace(asking, double=double), **OPTIONS)
    finally:
        study.task = whole
    assert found.stage.status == "used" and found.told.ledger.rows > 60
    assert all(p.columns == allowed and "plain" not in p.text() for p in double.prompts)


def test_the_command_says_the_plan_first_and_asks_nobody_where_it_is_off(study):
    shown = CliRunner().invoke(app, ["llm", "cascade", str(study.path), "--max-error", "0.1", "--llm", "off"])
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert lines[0].startswith("At most 10 % of the cases decided") and "would be asked" not in shown.output
    assert lines.index("No language model was asked.") > 3 and "Small model alone:" in shown.output
    assert "cascade" in open_study(study.path).beside


def test_a_double_is_refused_where_a_language_model_belongs(study, tmp_path):
    with pytest.raises(LLMError) as caught:
        cascade.run(study, rehearse(tmp_path, sees, task=study.task), max_error=0.1)
    assert caught.value.code == "scripted"


def test_every_wrong_setting_is_named_at_once(study):
    with pytest.raises(UserError) as caught:
        cascade.plan(study, max_error=0.9, rows=3, watts=0.0)
    told = " ".join(caught.value.problems)
    assert len(caught.value.problems) == 3 and "max_error is 0.9" in told and "rows is 3" in told


def test_the_finding_is_kept_with_no_row_or_text_of_a_person(study, helped, tmp_path):
    _, found = helped
    raw = codec.to_json(found)
    assert codec.from_json(raw, CascadeFinding) == found
    ids = {str(i) for i in study.part("test").row_ids}
    texts = [v for v in _strings(codec.from_json(raw, dict)) if len(v) > 2]
    assert not ids & set(texts)
    keep(study.path, found)
    assert study.__dict__.pop("beside", None) is None and study.beside["cascade"] == found


def _strings(found):
    if isinstance(found, dict):
        return [s for v in found.values() for s in _strings(v)]
    if isinstance(found, list):
        return [s for v in found for s in _strings(v)]
    return [found] if isinstance(found, str) else []


def test_classes_of_three_go_the_same_way(tmp_path):
    table = make_hidden_table(700, seed=3)
    task = make_hidden_task(kind="multiclass", positive="")
    table["ill"] = np.where(table.plain > 1.2, "much", table.ill)
    out = tmp_path / "study"
    study = interpretable.train(task, data=table, out=out, models="logistic", quick=True, llm="off")

    def three(prompt, labels):
        no, yes = sees(prompt, labels)
        return [0.02, no, yes] if len(labels) == 3 else [no, yes]

    found = cascade.run(study, rehearse(tmp_path / "llm", three, task=study.task), **OPTIONS)
    assert len(found.fusion.large) == 3 and found.stage.status == "used"
