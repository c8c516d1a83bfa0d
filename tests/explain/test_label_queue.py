"""Which rows to label next: chance apart, close ones first, no copies, the same again by seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task, make_text_rows

from interpretable import words
from interpretable.errors import UserError
from interpretable.explain.context import Context
from interpretable.explain.label_queue import RULE, Rule, label_queue
from interpretable.explain.label_words import telling_words
from interpretable.models import linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column
from interpretable.score.domain import fit_domain
from interpretable.score.output import all_chances
from interpretable.score.scorer import Scorer, columns_of, make_scorer, predict


def fitted(train: Dataset, *, refits: int = 0) -> tuple[Scorer, Context]:
    features = describe(train, train)
    family = families["text" if train.task.text_columns else "linear"]
    scorer = make_scorer(family.fit(train, features, Effort(refits=refits)).record)
    domain = fit_domain(features, columns_of(scorer, train), len(train))
    return scorer, Context(task=train.task, bundle_id="", averages=(0.5,), domain=domain)


def with_texts(like: Dataset, texts: list[str]) -> Dataset:
    frame = pandas.DataFrame({"note": pandas.Series(texts, dtype=object)})
    ids = np.array([f"n{i}" for i in range(len(texts))], dtype=object)
    return replace(like, frame=frame, row_ids=ids, target=None)


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_the_chosen_rows_are_closer_than_the_others_and_every_place_is_given_once(kind):
    task = make_task(kind=kind)
    scorer, context = fitted(make_rows(200, task=task))
    rows = make_rows(600, seed=1, task=task)
    picks = label_queue(scorer, rows, context, n=60)
    assert [p.place for p in picks] == list(range(1, 61))
    assert len({p.row_id for p in picks}) == 60
    lead = {p.row_id: p.estimate - p.second_estimate for p in picks if p.reason == "close"}
    ordered = np.sort(all_chances(predict(scorer, columns_of(scorer, rows), 600)), axis=1)
    assert max(lead.values()) < np.quantile(ordered[:, -1] - ordered[:, -2], 0.4)
    assert [p.output for p in picks if not p.output] == []


def test_the_share_drawn_by_chance_depends_on_the_seed_alone_and_is_spread_over_the_queue():
    scorer, context = fitted(make_rows(200))
    rows = make_rows(400, seed=1)
    first, again = (label_queue(scorer, rows, context, n=50, seed=3) for _ in range(2))
    assert first == again
    drawn = [p for p in first if p.random]
    assert [p.place for p in drawn] == [6, 16, 26, 36, 46]
    chance = np.random.default_rng(3).permutation(400)[:5]
    assert [p.row_id for p in drawn] == [str(rows.row_ids[i]) for i in chance]
    assert first != label_queue(scorer, rows, context, n=50, seed=4)


def test_random_rows_show_the_error_rate_of_all_rows_and_close_rows_do_not():
    scorer, context = fitted(make_rows(300))
    rows = make_rows(400, seed=2)
    wrong = (predict(scorer, columns_of(scorer, rows), 400) >= 0.5) != rows.target
    place = {str(name): at for at, name in enumerate(rows.row_ids)}
    rates: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(40):
        picks = label_queue(scorer, rows, context, n=40, seed=seed, rule=Rule(random=0.5, novel=0.0))
        for kind in rates:
            rates[kind] += [bool(wrong[place[p.row_id]]) for p in picks if p.random is kind]
    assert np.mean(rates[True]) == pytest.approx(wrong.mean(), abs=0.04)
    assert np.mean(rates[False]) > wrong.mean() + 0.1


def test_one_batch_holds_no_near_copies_of_a_text():
    train = make_text_rows(150)
    scorer, context = fitted(train)
    close = ["the chest patient came in on day", "mild severe the a with came", "pain a on day in with"]
    rows = with_texts(
        train, [f"{note.upper() if k % 2 else note}{'!' * k}" for note in close for k in range(3)]
    )
    picks = label_queue(scorer, rows, context, n=3, rule=Rule(random=0.0, novel=0.0))
    assert sorted(int(p.row_id[1:]) // 3 for p in picks) == [0, 1, 2]


def test_texts_of_unknown_words_and_rows_outside_the_domain_get_places_of_their_own():
    train = make_text_rows(150)
    scorer, context = fitted(train)
    rows = with_texts(
        train, ["the patient came in with mild"] * 40 + ["zygomatic ferrule gantry brisket", "xylem"]
    )
    picks = label_queue(scorer, rows, context, n=10, rule=Rule(random=0.0, novel=0.1))
    (new,) = (p for p in picks if p.reason == "outside")
    assert (new.row_id, new.domain.unknown_words) == ("n40", (("note", 4, 4),))
    assert words.pick_reason(new, context.task) == "Note: the model does not know 100 % of the words."
    table = make_rows(200)
    scorer, context = fitted(table)
    strange = make_rows(200, seed=1)
    strange.frame.loc[17, "age"] = 400.0
    picks = label_queue(scorer, strange, context, n=20)
    assert any(
        p.row_id == "r17" and p.domain.outside_range == ("age",) for p in picks if p.reason == "outside"
    )


def test_amounts_go_by_the_spread_of_refits_and_without_refits_by_difference():
    task = make_task(kind="regression")
    rows = make_rows(300, seed=1, task=task)
    scorer, context = fitted(make_rows(150, task=task), refits=8)
    picks = label_queue(scorer, rows, context, n=20)
    spread = [p.spread for p in picks if p.reason == "spread"]
    everyone = [p.spread for p in label_queue(scorer, rows, context, n=300)]
    assert spread and min(spread) > np.median(everyone)
    scorer, context = fitted(make_rows(150, task=task))
    assert {p.reason for p in label_queue(scorer, rows, context, n=20)} == {"random", "outside", "different"}


def test_fewer_rows_than_places_are_all_taken_and_wrong_wishes_are_refused_together():
    scorer, context = fitted(make_rows(200))
    assert len(label_queue(scorer, make_rows(7, seed=1), context, n=50)) == 7
    with pytest.raises(UserError) as caught:
        label_queue(scorer, make_rows(7), context, n=0, rule=replace(RULE, random=1.5))
    assert len(caught.value.problems) == 2


def test_words_for_a_class_are_those_whose_weights_say_so():
    train = make_text_rows(200)
    scorer, _ = fitted(train)
    columns = {"note": np.array(["severe chest pain the patient", "the a came in"], dtype=object)}
    for_urgent, none = telling_words(scorer, columns, towards=np.array([1, 1]), against=np.array([0, 0]))
    assert {"severe", "chest", "pain"} & set(for_urgent) and "the" not in for_urgent
    assert not {"severe", "chest", "pain"} & set(none)


def test_the_domain_may_know_a_text_that_the_model_does_not_read():
    columns = (*make_task().columns, Column(name="note", kind="text"))
    rows = make_rows(200)
    train = replace(
        rows, task=make_task(columns=columns), frame=rows.frame.assign(note=make_text_rows(200).frame["note"])
    )
    features = describe(train, train)
    table = tuple(f for f in features if f.kind != "text")
    scorer = make_scorer(families["linear"].fit(rows, table, Effort(refits=0)).record)
    domain = fit_domain(features, train.frame, 200)
    context = Context(task=train.task, bundle_id="", averages=(0.5,), domain=domain)
    train.frame.loc[11, "note"] = "zygomatic ferrule gantry brisket xylem quokka"
    picks = label_queue(scorer, train, context, n=100, rule=Rule(novel=0.2))
    assert any(p.row_id == "r11" and p.domain.unfamiliar_texts == ("note",) for p in picks)
