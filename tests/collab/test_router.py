"""A router: fitted on training rows, used only where it orders answers better than their sureness."""

from dataclasses import replace

import numpy as np
from factories_models import make_rows, make_task, make_text_rows
from scipy import stats

from interpretable.collab.cascade import answered
from interpretable.collab.router import fit_router


def test_a_column_that_tells_where_answers_are_wrong_is_found_used_and_named():
    random = np.random.default_rng(1)
    rows = make_rows(400, task=make_task())
    high = np.nan_to_num(rows.frame["dose"].to_numpy(), nan=0) > 5
    right = random.random(400) < np.where(high, 0.4, 0.95)
    sure = random.uniform(0.5, 1, 400)
    found = fit_router("small", rows, {"sureness": sure}, right=right, seed=0)
    assert found.used and found.told.p_value < 0.01 and found.told.gain.low > 0
    assert found.told.reasons[0].feature == "dose"
    assert found.told.auroc.value > found.told.auroc_sureness.value + 0.1
    fresh = make_rows(300, seed=5, task=make_task())
    said = found.score(fresh, {"sureness": np.full(300, 0.7)})
    far = np.nan_to_num(fresh.frame["dose"].to_numpy(), nan=0) > 5
    assert said[far].mean() < said[~far].mean() - 0.15 and ((said > 0) & (said < 1)).all()


def test_where_sureness_says_it_all_a_router_is_hardly_ever_used():
    random, used, repeats = np.random.default_rng(2), 0, 25
    for k in range(repeats):
        rows = make_rows(150, seed=k, task=make_task())
        sure = random.uniform(0.5, 1, 150)
        found = fit_router("small", rows, {"sureness": sure}, right=random.random(150) < sure, seed=k)
        used += found.used
        assert found.scorer is None or found.used
    assert used <= stats.binom.ppf(0.99, repeats, 0.05)


def test_too_few_wrong_answers_fit_nothing():
    rows = make_rows(60, task=make_task())
    found = fit_router("large", rows, {"sureness": np.full(60, 0.9)}, right=np.arange(60) > 8, seed=0)
    assert not found.used and (found.told.reason, found.told.wrong) == ("too_few", 9)


def test_of_a_text_the_number_of_its_words_is_read():
    random, rows = np.random.default_rng(3), make_text_rows(200)
    long = random.integers(3, 40, 200)
    notes = [" ".join(f"w{k}" for k in random.integers(0, 5000, n)) for n in long]
    rows = replace(rows, frame=rows.frame.assign(note=np.array(notes, dtype=object)))
    right = (long > 20) ^ (random.random(200) < 0.1)
    found = fit_router("small", rows, {"sureness": np.full(200, 0.8)}, right=right, seed=0)
    assert found.used and (found.told.reasons[0].kind, found.told.reasons[0].feature) == ("words", "note")


def test_of_several_rows_of_a_person_one_is_drawn_with_its_own_chances():
    rows = make_rows(90, task=make_task())
    grouped = replace(rows, groups=np.repeat(np.arange(30), 3).astype(str).astype(object))
    chances = np.linspace(0.05, 0.95, 90)
    found = answered(grouped, chances, np.ones(90, bool), seed=4)
    assert len(found) == 30
    place = {name: k for k, name in enumerate(rows.row_ids)}
    own = chances[[place[name] for name in found.asked.rows.row_ids]]
    assert np.array_equal(found.chances[:, 1], own) and np.array_equal(found.asked.answer, own >= 0.5)
