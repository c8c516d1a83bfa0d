"""What a mixed model is asked like any other: spread, similar cases, plans, adverse reasons, averages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_mixed import make_mixed_rows, make_mixed_task

from interpretable import words
from interpretable.errors import UserError
from interpretable.explain import explain_case, explain_whole
from interpretable.explain.adverse import AdverseReasons
from interpretable.explain.context import Context
from interpretable.explain.recourse import Wish, find_recourse
from interpretable.explain.reference import refer
from interpretable.explain.similar import SimilarCases
from interpretable.explain.whatif import what_if
from interpretable.models import mixed  # noqa: F401 - registers the family
from interpretable.models.base import Effort, families
from interpretable.models.blend import join
from interpretable.models.features import describe
from interpretable.records.additive import TokenTerm
from interpretable.score.domain import fit_domain
from interpretable.score.golden import make_golden
from interpretable.score.repeats import basis_of, repeat
from interpretable.score.scorer import columns_of, make_scorer, predict

QUICK = Effort(level="quick", refits=0)


def make_task(**changes):
    columns = []
    for column in make_mixed_task().columns:
        extra = {"changeable": True, "change_step": 0.5} if column.kind == "number" else {}
        wording = f"What is known of {column.name}" + ("" if column.kind == "text" else " is {value}")
        columns.append(replace(column, adverse=wording, **extra))
    return make_mixed_task(columns=tuple(columns), threshold=0.5, **changes)


@pytest.fixture(scope="module")
def known():
    rows = make_mixed_rows(400, seed=3, task=make_task())
    features = describe(rows, rows)
    fitted = families["mixed"].fit(rows, features, QUICK)
    context = Context(
        task=rows.task, bundle_id="b", averages=(0.5,), domain=fit_domain(features, columns_of_all(rows), 400)
    )
    return make_scorer(fitted.record), rows, context


def columns_of_all(rows):
    return {name: rows.frame[name].to_numpy() for name in rows.frame}


def marked(rows, text):
    """A row whose note holds words that no message may repeat."""
    one = rows.take(np.array([0]))
    return replace(one, frame=one.frame.assign(note=np.array([text], dtype=object)))


def test_the_spread_says_that_it_is_of_the_table_only(known):
    scorer, rows, context = known
    case = explain_case(scorer, rows.take(np.array([0])), context)
    assert case.spread.kind == "refits_table"
    assert "true spread is wider" in words.spread(case, rows.task)
    assert "真实的波动更大" in words.spread(case, rows.task, "zh")


def test_a_reason_from_a_text_makes_no_claim_that_its_refits_cannot_bear_out(known):
    scorer, rows, _ = known
    assert basis_of(scorer) == "seeds"  # bags that leave out a row more or less are a mean all the same
    model = scorer.model
    once = make_scorer(replace(model, bag_intercept=model.bag_intercept + 0.5))  # as of a model fitted once
    assert basis_of(once) == "rows"
    note = [f.name for f in model.features].index("note")
    found = repeat(once, columns_of(once, rows), np.zeros(len(rows), dtype=np.int64))
    assert found.unknown == (note,)
    shown = explain_case(once, marked(rows, "amber crisp cold"), known[2])
    about = {reason.feature: reason.stability for reason in shown.reasons}
    assert about["note"] == "" and about["dose"] != ""


def test_similar_cases_are_near_in_what_their_text_does_too(known):
    scorer, rows, _ = known
    found = SimilarCases(scorer, rows)
    row = marked(rows, "amber bleak crisp cold cured")
    near = found.nearest(replace(row, row_ids=np.array(["new"], dtype=object)), 10)
    effects = scorer.effects(columns_of(scorer, rows), len(rows))[:, :, 0]
    own = scorer.effects(columns_of(scorer, row), 1)[0, :, 0]
    distance = np.sqrt(((effects - own) ** 2).sum(axis=1))
    ids = [rows.row_ids[i] for i in np.argsort(distance)[:12]]
    assert {case.row_id for case in near} <= set(ids)
    place = [f.name for f in scorer.features].index("note")
    chosen = np.isin(rows.row_ids, [case.row_id for case in near])
    assert effects[chosen, place].mean() > effects[:, place].mean()


def test_plans_hold_the_text_as_it_is_and_end_where_they_say(known):
    scorer, rows, context = known
    estimates = predict(scorer, columns_of(scorer, rows), len(rows))
    over = int(np.argmin(np.where(estimates >= 0.5, estimates, 1.0)))
    row = rows.take(np.array([over]))
    found = find_recourse(scorer, row, context, wish=Wish(robust=0.0))
    assert found.status == "found"
    for plan in found.plans:
        changes = {c.feature: c.after for c in plan.changes}
        assert set(changes) <= {"dose", "mark"} and plan.estimate < 0.5
        again = replace(row, frame=row.frame.assign(**changes))
        assert predict(scorer, columns_of(scorer, again), 1)[0] == pytest.approx(plan.estimate, abs=1e-12)


def test_a_text_cannot_be_changed_in_a_what_if(known):
    scorer, rows, context = known
    with pytest.raises(UserError, match="note") as found:
        what_if(scorer, rows.take(np.array([0])), context, changes={"note": "amber"})
    assert "amber" not in str(found.value)
    moved = what_if(scorer, rows.take(np.array([1])), context, changes={"mark": 0.5})
    row = rows.take(np.array([1]))
    after = replace(row, frame=row.frame.assign(mark=0.5))
    assert moved.after == pytest.approx(predict(scorer, columns_of(scorer, after), 1)[0], abs=1e-12)


def test_a_text_can_be_an_adverse_reason_and_is_never_quoted(known):
    scorer, rows, _ = known
    reference = refer(scorer, "typical", rows)
    notices = AdverseReasons(scorer, rows.task, reference).of(
        marked(rows, "amber bleak crisp cold cured burnt")
    )
    named = {reason.feature: reason for reason in notices[0].reasons}
    assert notices[0].adverse and "note" in named
    assert named["note"].text == "What is known of note"
    assert not any("amber" in reason.text for reason in notices[0].reasons)


def test_the_whole_model_shows_curves_and_words(known):
    scorer, rows, _ = known
    whole = explain_whole(scorer, rows)
    assert {i.feature for i in whole.importances} == {"note", "dose", "mark", "site"}
    assert {t.token for t in whole.tokens} and {c.feature for c in whole.curves} >= {"dose", "mark"}


def test_an_average_of_mixed_models_is_their_mean_and_golden_rows_hold_texts(known):
    _, rows, _ = known
    features = describe(rows, rows)
    parts = [families["mixed"].fit(rows, features, replace(QUICK, seed=s)) for s in (0, 1000)]
    joined = join([(p, 0.5) for p in parts], rows, family="mixed", settings={})
    own = make_scorer(joined.record).link_scores(rows.frame, len(rows))
    mean = sum(make_scorer(p.record).link_scores(rows.frame, len(rows)) for p in parts) / 2
    np.testing.assert_allclose(own, mean, atol=1e-12)
    plain = {
        "family": "mixed",
        "settings": {},
        "weight": 0.5,
        "calibration": {"slope": 1.0, "intercept": 0.0},
    }
    members = {"members": [{**plain, "seed": s} for s in (0, 1000)]}
    average = families["average_mixed"].fit(rows, features, replace(QUICK, settings=members))
    np.testing.assert_array_equal(make_scorer(average.record).link_scores(rows.frame, len(rows)), own)
    golden = make_golden({"mixed": make_scorer(joined.record)}, features, seed=0)
    known_words = {w for t in joined.record.terms if isinstance(t, TokenTerm) for w in t.vocabulary}
    texts = [str(text) for text in golden.columns["note"] if text]
    assert any(word in text for text in texts for word in known_words)
