"""Readings, gains, cards and rare formulas of the comparison with a language model, against known values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task

from interpretable.collab import kinds, readings, serialise
from interpretable.collab.context_card import make_card
from interpretable.collab.modes import Prompter
from interpretable.collab.replies import Way, ask_all, way_of
from interpretable.evaluate.figure import proportion
from interpretable.explain.whole import explain_whole
from interpretable.llm import Prompt, ScriptedLLM
from interpretable.models.base import Effort
from interpretable.models.features import describe
from interpretable.models.linear import Linear
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.exchange import Cost
from interpretable.records.llm_baseline import Condition, Reading
from interpretable.score.scorer import make_scorer
from interpretable.stats.metrics import macro_auroc


def wide(p):
    return np.log(np.column_stack([1 - np.asarray(p), p]))


def test_contextual_and_batch_readings_are_the_published_formulas():
    asked, held, free = wide([0.3, 0.6, np.nan]), wide([0.2, 0.4, np.nan]), np.log([0.4, 0.6])
    said, fit = readings.read_all(
        make_task(), held, np.array([0, 1, 1]), asked, free=free, shares=np.array([0.7, 0.3])
    )
    contrast = np.exp(asked[:2]) / np.exp(free)
    assert said["contextual"][:2] == pytest.approx(contrast[:, 1] / contrast.sum(axis=1))
    batch = np.exp(asked[:2]) / np.exp(held[:2].mean(axis=0))
    assert said["batch"][:2] == pytest.approx(batch[:, 1] / batch.sum(axis=1))
    assert said["raw"][:2] == pytest.approx([0.3, 0.6])
    assert [p[2] for p in said.values()] == pytest.approx([0.3] * 4)  # unread: the class shares
    assert fit["rows"] == 2


def test_several_classes_are_read_the_same_way():
    random = np.random.default_rng(1)
    chances = random.dirichlet([1, 1, 1], 60)
    y = np.array([random.choice(3, p=p) for p in chances])
    rows = make_rows(60, task=make_task(kind="multiclass", positive=""))
    rows = rows.take(np.arange(60))
    shares = np.full(3, 1 / 3)
    said, fit = readings.read_all(
        rows.task, np.log(chances), y, np.log(chances), free=np.log(shares), shares=shares
    )
    assert said["raw"] == pytest.approx(chances) and said["contextual"] == pytest.approx(chances)
    assert said["fitted"].sum(axis=1) == pytest.approx(np.ones(60)) and fit["signal"] == 1
    mine = replace(rows, target=y, classes=("a", "b", "c"))
    gain = readings.gain_of(mine, chances, np.tile(shares, (60, 1)), modes=1)
    assert gain.figure.value == pytest.approx(macro_auroc(y, chances) - 0.5) and gain.lower > 0


def test_amounts_lie_on_a_line_that_never_falls():
    task = make_task(kind="regression", positive="")
    x, y = np.array([[1.0], [2.0], [3.0], [np.nan]]), np.array([3.0, 5.0, 7.0, 100.0])
    said, fit = readings.read_all(task, x, y, x, free=None, shares=np.array([9.0]))
    assert said["raw"].tolist() == [1, 2, 3, 9] and said["fitted"] == pytest.approx([3, 5, 7, 9])
    assert (fit["slope"], fit["intercept"]) == pytest.approx((2, 1))
    _, turned = readings.read_all(task, x, -y, x, free=None, shares=np.array([9.0]))
    assert turned["slope"] == 0 and turned["signal"] == 0


@pytest.mark.parametrize("events", [5, 20])
def test_equal_models_are_called_helpful_in_at_most_one_of_twenty_samples(events):
    random = np.random.default_rng(events)
    rows = make_rows(40, task=make_task())
    y = np.r_[np.ones(events, dtype=int), np.zeros(40 - events, dtype=int)]
    rows = replace(rows, target=y)
    false = 0
    for _ in range(300):
        truth = 1.2 * y + random.normal(0, 1, 40)
        small = truth + random.normal(0, 0.8, 40)
        gains = [readings.gain_of(rows, truth + random.normal(0, 0.8, 40), small, modes=4) for _ in range(4)]
        false += readings.verdict_of(gains)[0] == "helps"
    low = proportion(false, 300, empty="").low
    assert low <= 0.05


def test_the_verdict_needs_every_mode_to_be_worse_before_it_says_so():
    rows = make_rows(60, task=make_task())
    bad = 1.0 - rows.target
    middle = np.where(np.arange(60) % 3 == 0, 0.5, rows.target) * 0.8
    gains = {name: readings.gain_of(rows, p, middle, modes=2) for name, p in (("bad", bad), ("same", middle))}
    assert readings.verdict_of([gains["bad"]]) == ("does_not_help", "worse")
    assert readings.verdict_of(list(gains.values())) == ("cannot_tell", "open")
    assert readings.verdict_of([]) == ("cannot_tell", "nothing_ran")


def test_one_more_right_decision_has_a_price_only_where_there_are_more():
    def price(value, low, high):
        difference = Figure(value=value, low=low, high=high)
        names = {"model": "fitted", "against": "small", "metric": "accuracy", "method": ""}
        one = Comparison(**names, difference=difference, p_value=None, n=40)
        reading = Reading(name="fitted", metrics={}, comparisons=(one,))
        cost = Cost(decisions=1000, seconds=500, tokens=90_000, money=2.0)
        return readings.more_correct(reading, cost, Cost(decisions=1000, seconds=0.5))

    more = price(0.05, -0.02, 0.1)
    assert (more.seconds, more.seconds_least) == pytest.approx((499.5 / 50, 499.5 / 100))
    assert (more.tokens, more.money) == pytest.approx((1800, 0.04)) and more.seconds_most is None
    assert price(0.05, 0.01, 0.1).seconds_most == pytest.approx(499.5 / 10)
    none = price(-0.05, -0.1, 0.02)
    assert none.seconds is None and none.seconds_least == pytest.approx(499.5 / 20)
    assert price(-0.1, -0.2, -0.01).seconds_least is None


def test_changes_of_mind_are_counted_on_read_rows_only():
    rows = make_rows(12, task=make_task())
    told = rows.target.copy()
    said = told.copy()
    said[:3] = 1 - said[:3]
    read = np.arange(12) != 0
    found = readings.overrides_of(rows, said, told, read)
    assert (found.n, found.changes, found.right, found.small_right) == (11, 2, 0, 2)


@pytest.fixture(scope="module")
def fitted():
    rows = make_rows(200, task=make_task())
    features = describe(rows, rows)
    record = Linear().fit(rows, features, Effort(seed=0, level="quick", refits=0, settings={"C": 1.0})).record
    return rows, make_scorer(record)


def test_the_card_tells_directions_and_base_rate_and_only_of_columns_that_may_be_told(fitted):
    rows, scorer = fitted
    whole = explain_whole(scorer, rows)
    columns = [c.name for c in rows.task.features]
    card = make_card(whole, rows, ("no", "yes"), columns=columns)
    shares = [round(100 * (rows.target == k).mean()) for k in (0, 1)]
    assert f"the answer was no in {shares[0]} of 100, yes in {shares[1]} of 100." in card.text
    assert card.text.startswith("What 200 past cases showed: ") and "Higher " in card.text
    top = next(i.feature for i in whole.importances)
    assert top in card.columns and set(card.columns) <= set(columns)
    one = make_card(whole, rows, ("no", "yes"), columns=[top])
    assert one.columns == (top,)
    assert make_card(whole, rows, ("no", "yes"), columns=[]).text == ""


def test_a_hint_says_how_sure_in_words(fitted):
    rows, scorer = fitted
    whole = explain_whole(scorer, rows)
    wording = serialise.learn(rows)
    card = make_card(whole, rows, wording.codes, columns=())
    prompter = Prompter(wording=wording, train=rows, scorer=scorer, shots=2, card=card)
    assert prompter.hint(np.array([0.45, 0.55])).endswith("says yes; it is hardly sure (about 55 in 100).")
    assert prompter.hint(np.array([0.97, 0.03])).endswith("says no; it is very sure (about 97 in 100).")
    assert prompter.why_not("card", None) == "nothing_to_tell"


def test_a_claim_counts_for_its_label_and_half_of_the_draws_must_be_read(fitted):
    wording = serialise.learn(fitted[0])

    def ask(*texts):
        double = ScriptedLLM(lambda p, k: "refused", writer=lambda p, a: texts[a.draw])
        way = Way(kind="verbal", draws=len(texts))
        prompt = Prompt(system=wording.system, question="?")
        return ask_all(double, [prompt], wording, way, tell=lambda: None), double

    yes, no = '{"answer": "yes", "probability": 0.9}', '{"answer": "no", "probability": 0.7}'
    found, double = ask(yes, no)
    assert np.exp(found.table[0]) == pytest.approx([0.4, 0.6])
    assert "one word only" not in double.prompts[0].system and '"probability"' in double.prompts[0].system
    assert ask(yes, "?")[0].read.all() and ask(yes, "?")[0].failures == {"unreadable": 1}
    assert not ask(yes, "?", '{"answer": "yes", "probability": 1.7}')[0].read.any()
    assert way_of(make_task(), "logprobs", verbal=False, draws=3).asks == 1
    assert way_of(make_task(), "votes", verbal=False, draws=3).kind == "verbal"


def test_a_kind_and_its_opposite_divide_all_rows_and_unknown_values_are_in_one_of_them():
    rows = make_rows(50, task=make_task())
    number = next(c.name for c in rows.task.features if c.kind == "number")
    rows.frame.loc[:4, number] = np.nan
    condition = Condition(column=number, low=float(rows.frame[number].median()))
    met, rest = kinds.meets(condition, rows), kinds.meets(kinds.opposite(condition), rows)
    assert (met ^ rest).all() and rest[:5].all()
