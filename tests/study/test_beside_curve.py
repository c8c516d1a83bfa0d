"""Learning curves and rows from elsewhere, beside a study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_cascade import make_hidden_table, make_hidden_task, rehearse, sees
from typer.testing import CliRunner

import interpretable
from interpretable import words
from interpretable.cli import app
from interpretable.errors import LLMError, UserError
from interpretable.llm import ScriptedLLM
from interpretable.records import codec
from interpretable.records.curve import CurveFinding
from interpretable.records.shift import ShiftFinding
from interpretable.records.task import Column, Task
from interpretable.report.small_large import beside as small_large
from interpretable.study.beside import curve, keep, shift

COLUMNS = (
    Column(name="mark", kind="number"),
    Column(name="noise", kind="number"),
    Column(name="town", kind="category", exclude=True, exclude_reason="tells where, not whom"),
)
TASK = Task(name="towns", kind="binary", target="ill", positive="yes", columns=COLUMNS)


def make_table(n: int = 400, *, seed: int = 3, turned: str = "south") -> pandas.DataFrame:
    """A high mark means ill, in the town that is turned a low one."""
    random = np.random.default_rng(seed)
    town = random.choice(["north", "south", "west", "hamlet"], n, p=[0.4, 0.3, 0.26, 0.04])
    mark, noise = random.normal(0, 1, (2, n)).round(3)
    chance = 1 / (1 + np.exp(-2.5 * np.where(town == turned, -mark, mark)))
    ill = np.where(random.random(n) < chance, "yes", "no")
    return pandas.DataFrame({"mark": mark, "noise": noise, "town": town, "ill": ill})


GIVEN = {"models": "logistic", "quick": True, "llm": "off"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return interpretable.train(TASK, data=make_table(), out=tmp_path_factory.mktemp("towns") / "s", **GIVEN)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    table = make_table(turned="")
    return interpretable.train(TASK, data=table, out=tmp_path_factory.mktemp("plain") / "s", **GIVEN)


def knows(prompt, labels):
    """A model that reads the mark as in the north, whoever asks."""
    mark = float(prompt.question.split("(")[1].split(")")[0])
    chance = 1 / (1 + np.exp(-2.5 * mark))
    return [1 - chance, chance]


def silly(prompt, labels):
    return [0.5, 0.5]


def test_a_model_that_says_nothing_is_overtaken_at_once_and_the_record_says_so(plain, tmp_path):
    found = curve.run(plain, rehearse(tmp_path, silly, task=plain.task), rehearsal=True, repeats=1)
    assert (found.told.verdict, found.told.reason) == ("does_not_help", "small_ahead")
    assert [one.status for one in found.crossings.values()] == ["at_once", "at_once"]
    assert found.points[-1].rows == found.train_rows and found.points[-1].repeats == 1
    assert [p.rows for p in found.points[:-1]] == [16, 32, 64, 128]
    assert found.as_it_came["llm zero-shot"].value == pytest.approx(np.log(2))
    for point in found.points:
        for name, lead in point.lead.items():
            assert lead.value == pytest.approx(point.large[name].value - point.small.value)
    assert codec.from_json(codec.to_json(found), CurveFinding) == found


def test_a_model_that_knows_more_than_the_rows_can_teach_stays_ahead(tmp_path):
    """Where `plain` says little, the outcome is in two columns that a sum cannot put together."""

    def sees_all(prompt, labels):
        plain = float(prompt.question.split("plain: ")[1].split("(")[1].split(")")[0])
        return ([0.05, 0.95] if plain > 0 else [0.95, 0.05]) if abs(plain) > 0.7 else sees(prompt, labels)

    blind = interpretable.train(make_hidden_task(), data=make_hidden_table(300), out=tmp_path / "s", **GIVEN)
    asking = rehearse(tmp_path / "a", sees_all, task=blind.task)
    found = curve.run(blind, asking, rehearsal=True, repeats=1, shots=0)
    assert (found.told.verdict, found.told.reason) == ("helps", "large_ahead")
    assert [one.status for one in found.crossings.values()] == ["not_reached"]
    assert len(asking.double.prompts) == found.asked + found.pool == 80
    assert "not ahead for good" in " ".join(words.curve(found))


def test_examples_count_as_labelled_rows_and_need_leave_to_show_outcomes(study, tmp_path):
    asking = rehearse(tmp_path, silly, task=study.task)
    found = curve.run(study, asking, rehearsal=True, repeats=1, shots=14)
    assert "llm few-shot" not in found.points[0].large  # 16 rows less 14 shown: too few to recalibrate on
    assert "llm few-shot" in found.points[1].large
    closed = rehearse(
        tmp_path / "b", silly, task=study.task, double=ScriptedLLM(silly, columns=("mark", "noise"))
    )
    told = curve.run(study, closed, rehearsal=True, repeats=1)
    assert told.skipped == {"llm few-shot": "target_not_allowed"}
    assert all(not prompt.examples for prompt in closed.double.prompts)


def test_a_double_never_fills_the_curve_and_settings_are_refused_all_at_once(study, tmp_path):
    asking = rehearse(tmp_path, silly, task=study.task)
    with pytest.raises(LLMError, match="double"):
        curve.run(study, asking)
    with pytest.raises(UserError) as caught:
        curve.run(study, asking, rehearsal=True, rows=2, repeats=0)
    assert len(caught.value.problems) == 2
    with pytest.raises(UserError, match="town"):
        shift.run(study, asking, rehearsal=True, by="nowhere")


def test_a_place_that_turns_the_rule_round_costs_the_small_model_that_never_saw_it(study, tmp_path):
    found = shift.run(study, rehearse(tmp_path, knows, task=study.task), rehearsal=True, by="town", rows=40)
    by_name = {place.value: place for place in found.places}
    assert set(by_name) == {"north", "south", "west"} and found.left_out == {"hamlet": "too_few_rows"}
    assert by_name["south"].unknown.value > by_name["south"].known.value + 0.3
    assert found.rows == sum(place.rows for place in found.places)
    weighted = sum(p.rows * p.unknown.value for p in found.places) / found.rows
    assert found.unknown.value == pytest.approx(weighted)
    assert found.fall.value == pytest.approx(found.unknown.value - found.known.value)
    assert codec.from_json(codec.to_json(found), ShiftFinding) == found


def test_the_language_model_is_recalibrated_on_rows_of_other_places_only(study, tmp_path):
    """It reads the mark as in the south. Elsewhere that has no signal, so in the south it gets no weight."""

    def southern(prompt, labels):
        return knows(prompt, labels)[::-1]

    asking = rehearse(tmp_path, southern, task=study.task)
    found = shift.run(study, asking, rehearsal=True, by="town", rows=40, pool=80)
    south = next(place for place in found.places if place.value == "south")
    assert south.large.value > 0.6 and south.large.value < south.unknown.value


def test_both_are_kept_reported_and_shown_in_both_languages(study, tmp_path):
    for module, options in ((curve, {"repeats": 1}), (shift, {"by": "town"})):
        asking = rehearse(tmp_path / module.NAME, silly, task=study.task)
        found = module.run(study, asking, rehearsal=True, **options)
        told = replace(found.told, info=replace(found.told.info, where="local", name="a model"))
        keep(study.path, replace(found, told=told))
    study.__dict__.pop("beside", None)
    assert set(study.beside) == {"curve", "shift"} and interpretable.verify(study.path) == []
    for lang in ("en", "zh"):
        blocks = list(small_large(study.beside, study.evidence, lang))
        texts = {getattr(block, "text", "") for block in blocks}
        assert {words.say(f"beside.title.{name}", lang) for name in ("curve", "shift")} <= texts
        assert {words.say(f"{name}.note", lang) for name in ("curve", "shift")} <= texts
        (places,) = (
            block for block in blocks if getattr(block, "caption", "") == words.say("shift.caption", lang)
        )
        assert len(places.rows) == 4 and len({len(row) for row in (places.head, *places.rows)}) == 1
        (drawn,) = (block for block in blocks if hasattr(block, "svg"))
        assert len(drawn.table.rows) == len(study.beside["curve"].points)


def test_the_commands_name_what_is_missing(study):
    answer = CliRunner().invoke(app, ["llm", "shift", str(study.path), "--llm", "local"])
    assert answer.exit_code != 0 and "--by" in str(answer.exception)
