"""Asking for a prior: names and words only, checked answers, nothing of content without consent."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task, make_text_rows
from factories_prior import make_planted_rows, make_prior, make_words

from interpretable.collab.prior import ask_prior, make_questions
from interpretable.collab.prior_agree import compare_scores, compare_ways, fitted_way
from interpretable.collab.prior_trial import Trial, shared_family, verdict
from interpretable.llm import ScriptedLLM
from interpretable.models import linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.evaluation import Figure
from interpretable.records.prior import SaidScore, SaidWay
from interpretable.records.task import Column
from interpretable.score.scorer import make_scorer


def ask(rows, writer, *, draws=3, allowed=None):
    client = ScriptedLLM(lambda prompt, labels: "refused", writer=writer)
    made = make_questions(rows, allowed=allowed, draws=draws)
    return ask_prior(client, made, rows, date="2026-01-01"), client, made


def obliging(prompt, ask) -> str:
    """Says up to every direction and gives every name its length modulo 3."""
    fields = ask.schema["properties"]
    if "way" in fields:
        return json.dumps({"way": "up"})
    return json.dumps({name: len(name) % 3 for name in fields})


def test_directions_levels_and_words_are_asked_and_gathered():
    columns = (Column(name="age", kind="number", unit="years"), Column(name="kind", kind="category"))
    said, client, _ = ask(make_rows(80, task=make_task(columns=columns)), obliging)
    assert said.prior.ways == (SaidWay(column="age", way="up", sure=1.0),)
    assert {s.name: s.scores for s in said.prior.levels} == dict.fromkeys("abc", (1.0,))
    assert len(client.prompts) == 4 and "age (years)" in client.prompts[0].text()
    words, *_ = ask(make_text_rows(60), obliging)
    assert {s.name for s in words.prior.words} >= {"chest", "pain", "severe"}
    assert (said.ledger.calls, said.unread) == (4, {})


def test_no_value_of_a_row_and_no_outcome_is_in_any_question():
    task = make_task(
        columns=(
            Column(name="age", kind="number"),
            Column(name="stage", kind="ordinal", levels=("a", "b", "c")),
        )
    )
    rows = make_rows(80)
    frame = rows.frame.assign(age=rows.frame["age"] + 0.123456, stage=rows.frame["kind"])[["age", "stage"]]
    rows = replace(rows, task=task, frame=frame)
    _, client, _ = ask(rows, obliging)
    everything = "".join(p.text() for p in client.prompts)
    assert all(p.columns == () and p.examples == () for p in client.prompts)
    assert not any(f"{value:.4g}" in everything for value in frame["age"].dropna())
    assert not any(row in everything for row in rows.row_ids)


def test_content_is_marked_as_content_and_stays_here_without_consent():
    columns = (
        Column(name="kind", kind="category"),
        Column(name="grade", kind="category", level_labels=(("a", "A"), ("b", "B"), ("c", "C"))),
        Column(name="age", kind="number"),
    )
    rows = make_rows(80)
    rows = replace(rows, task=make_task(columns=columns), frame=rows.frame.assign(grade=rows.frame["kind"]))
    made = make_questions(rows, allowed=("age",))
    assert made.not_asked == {"not_consented": ("kind",)}
    assert all(q.prompt.columns == () for q in made.questions)
    marked = {q.column: q.prompt.columns for q in make_questions(rows, allowed=("kind",)).questions}
    assert marked == {"kind": ("kind",), "grade": (), "age": ()}
    assert make_questions(make_text_rows(60), allowed=()).not_asked == {"not_consented": ("note",)}
    assert {q.prompt.columns for q in make_questions(make_text_rows(60), allowed=None).questions} == {
        ("note",)
    }


def test_sensitive_columns_and_rare_levels_are_not_asked_about():
    rows = make_rows(80)  # its column "kind" is sensitive
    assert make_questions(rows, allowed=None).not_asked == {"sensitive": ("kind",)}
    columns = tuple(replace(c, sensitive=False) for c in rows.task.columns)
    kind = rows.frame["kind"].copy()
    kind[:4] = "rare"
    rows = replace(rows, task=replace(rows.task, columns=columns), frame=rows.frame.assign(kind=kind))
    asked = [q for q in make_questions(rows, allowed=None).questions if q.kind == "levels"]
    assert set(asked[0].names) == {"a", "b", "c"}


def test_answers_that_do_not_fit_are_counted_and_say_nothing():
    def spoilt(prompt, ask):
        fields = ask.schema["properties"]
        return '{"way": "sideways"}' if "way" in fields else json.dumps({"another": 2})

    columns = (Column(name="age", kind="number"), Column(name="kind", kind="category"))
    said, *_ = ask(make_rows(80, task=make_task(columns=columns)), spoilt)
    assert said.unread == {"directions": 3, "levels": 1}
    assert said.prior.empty and said.prior.ways == () and said.prior.levels == ()


def test_how_sure_a_direction_is_comes_from_the_agreement_of_draws():
    def wavering(prompt, ask):
        return json.dumps({"way": "down" if ask.draw == 0 else "up"})

    rows = make_planted_rows(30)
    said, *_ = ask(rows, wavering, draws=3)
    assert {(w.way, w.sure) for w in said.prior.ways} == {("up", 0.67)}
    split, *_ = ask(rows, wavering, draws=2)
    assert {w.way for w in split.prior.ways} == {"none"}


def test_several_classes_are_asked_one_by_one():
    columns = (Column(name="age", kind="number"), Column(name="kind", kind="category"))
    rows = make_rows(80, task=make_task(kind="multiclass", positive="", columns=columns))
    said, _, made = ask(rows, lambda p, ask: json.dumps(dict.fromkeys("abc", 2 * ("'high'" in p.question))))
    assert made.not_asked == {"classes": ("age",)}
    assert said.prior.classes == ("low", "middle", "high")
    assert {s.scores for s in said.prior.levels} == {(0.0, 0.0, 2.0)}


@pytest.mark.parametrize(
    ("curve", "way"),
    [
        ([0, 1, 2], "up"),
        ([2, 1, 0.9, 0], "down"),
        ([0, 0.001, 0], "none"),
        ([0, 1, 0.2], "turns"),
        ([0, 1, 0.95], "up"),
    ],
)
def test_a_curve_has_one_way_unless_it_comes_back(curve, way):
    assert fitted_way(np.array(curve, dtype=float), 0.01) == way


def test_what_was_said_is_held_against_what_was_learned():
    rows = make_rows(200)
    fitted = families["linear"].fit(rows, describe(rows, rows), Effort(refits=0))
    prior = make_prior(
        ways=(SaidWay(column="age", way="up"), SaidWay(column="dose", way="none")),
        levels=tuple(SaidScore(column="kind", name=n, scores=(v,)) for n, v in (("a", 2.0), ("b", -2.0))),
    )
    found = {w.column: w for w in compare_ways(prior, make_scorer(fitted.record), rows, seed=0)}
    assert found["age"].agrees and not found["dose"].agrees
    (levels,) = compare_scores(prior, make_scorer(fitted.record), rows, seed=0)
    assert (levels.compared, levels.agree, set(levels.against)) == (2, 0, {"a", "b"})
    notes = make_text_rows(80)
    fitted = families["text"].fit(
        notes, describe(notes, notes), Effort(settings={"C": 1.0, "parts": ("word",)})
    )
    prior = make_prior(words=make_words("note", {"chest": 2, "pain": -2, "never": 1}))
    (words,) = compare_scores(prior, make_scorer(fitted.record), notes, seed=0)
    assert (words.compared, words.agree, words.against) == (2, 1, ("pain",))


def test_a_gain_must_be_shown_and_must_beat_the_shuffled_answers():
    def figure(low, high):
        return Figure(value=(low + high) / 2, low=low, high=high)

    assert verdict(figure(0.01, 0.1), figure(0.01, 0.1), plain_loss=0.5) == "helps"
    assert verdict(figure(0.01, 0.1), figure(-0.01, 0.1), plain_loss=0.5) == "cannot_tell"
    assert verdict(figure(-0.01, 0.004), figure(0.01, 0.1), plain_loss=0.5) == "does_not_help"
    assert verdict(figure(0.0, 0.0), figure(0.0, 0.0), plain_loss=0.5) == "does_not_help"


def test_few_rows_and_all_rows_are_tried_on_the_same_held_out_rows():
    rows = make_planted_rows(120)
    prior = make_prior(ways=(SaidWay(column="x0", way="up"),))
    effort = Effort(refits=0, settings={"C": 0.1})
    trial = Trial(train=rows, prior=prior, family="linear", effort=effort, repeats=1, tell=lambda note: None)
    few, full = trial.gains((3, 30, 500))  # 3 and 500 cannot be
    assert (few.n, few.full, full.n, full.full) == (30, False, 96, True)
    assert few.folds == full.folds == 5 and few.plain_loss > full.plain_loss
    assert full.weight.low <= full.weight.value <= full.weight.high
    assert trial.weight().model == "logistic"


def test_the_family_is_the_studys_own_where_it_can_take_a_prior_up():
    prior = make_prior(ways=(SaidWay(column="age", way="up"),))
    words = make_prior(words=make_words("note", {"a": 1}))
    assert shared_family("ebm", {"number"}, prior) == "ebm"
    assert shared_family("xgboost", {"number", "text"}, prior) == "linear"
    assert shared_family("ebm", {"number", "text"}, words) == "text"
    assert shared_family("text", {"text"}, words) == "text"
