"""Who may decide what, once, and how a second thought is recorded."""

from __future__ import annotations

import itertools

import pytest
from factories_review import make_case, make_desk
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.errors import ReviewError
from interpretable.review import policy, states

WHY = "The blood pressure was taken lying down."


def decide(desk, case_id="P-1", decision="agree", **changes):
    given = {"reason": "agree" if decision == "agree" else "other", "note": WHY, "by": "Ada"}
    given |= {"snapshot": {"estimate": "12 in 100", "bundle_id": "b1"}, "token": f"{case_id} {decision}"}
    return desk.decide(case_id, decision, **{**given, **changes})


def test_a_decision_settles_the_case_and_keeps_the_model_it_was_made_with(tmp_path):
    desk = make_desk(tmp_path, make_case())
    entry = decide(desk)
    assert entry.bundle_id == "b1" and entry.number == 1
    assert desk.case("P-1").state == "decided" and desk.case("P-1").decision == "agree"


def test_asking_for_more_information_leaves_the_case_open(tmp_path):
    desk = make_desk(tmp_path, make_case())
    decide(desk, decision="more_information")
    assert desk.case("P-1").state == "asked"
    decide(desk, decision="disagree")
    assert desk.case("P-1").state == "decided"


def test_the_second_of_two_reviewers_is_told_and_nothing_is_lost(tmp_path):
    desk = make_desk(tmp_path, make_case())
    decide(desk)
    with pytest.raises(ReviewError, match="has been decided"):
        decide(desk, decision="disagree", by="Bob")
    assert len(desk.entries()) == 1


def test_an_amendment_points_at_the_entry_it_amends(tmp_path):
    desk = make_desk(tmp_path, make_case())
    first = decide(desk)
    second = desk.amend(1, "disagree", reason="other", note=WHY, by="Ada", snapshot={}, token="t2")
    assert second.amends == 1 and desk.entries("P-1") == (first, second)
    assert desk.case("P-1").decision == "disagree"
    with pytest.raises(ReviewError, match="Somebody decided"):
        desk.amend(1, "agree", reason="agree", note="", by="Bob", snapshot={}, token="t3")
    with pytest.raises(ReviewError, match="no entry 9"):
        desk.amend(9, "agree", reason="agree", note="", by="Bob", snapshot={}, token="t4")


def test_a_decision_cannot_be_amended_back_into_a_question(tmp_path):
    desk = make_desk(tmp_path, make_case())
    decide(desk)
    with pytest.raises(ReviewError, match="turned back"):
        desk.amend(1, "more_information", reason="other", note=WHY, by="Ada", snapshot={}, token="t2")


def test_everything_wrong_with_a_decision_is_listed_at_once(tmp_path):
    desk = make_desk(tmp_path, make_case())
    with pytest.raises(ReviewError) as caught:
        decide(desk, decision="disagree", reason="agree", note="no", by=" ")
    assert len(caught.value.problems) == 3
    assert desk.entries() == ()


def test_an_unknown_case_is_refused(tmp_path):
    with pytest.raises(ReviewError, match="There is no case 'P-9'"):
        decide(make_desk(tmp_path, make_case()), "P-9")


@pytest.mark.parametrize("role", ["viewer", "auditor", "builder"])
def test_a_role_without_the_right_is_refused_by_the_desk_itself(tmp_path, role):
    desk = make_desk(tmp_path, make_case(), role=role)
    with pytest.raises(ReviewError, match="may not do this"):
        decide(desk)
    assert desk.entries() == ()


def test_every_state_can_be_reached_and_none_is_a_trap_before_a_decision():
    reached = {"waiting"}
    for _ in states.TRANSITIONS:
        reached |= {after for (state, _, _), after in states.TRANSITIONS.items() if state in reached}
    assert reached == {"waiting", "asked", "decided"}
    for state in ("waiting", "asked"):
        assert "decided" in {after for (s, _, _), after in states.TRANSITIONS.items() if s == state}
    assert states.diagram().count("-->") == len(states.TRANSITIONS) + 1


def test_every_problem_and_every_decision_has_its_words():
    decisions, notes = [None, "agree", "disagree", "more_information"], ["", "x" * 20, "x" * 5000]
    for decision, reason, note, name in itertools.product(decisions, ["", "other"], notes, ["", "Ada"]):
        found = policy.problems_of_decision(decision, reason=reason, note=note, reviewer=name)
        assert set(found) <= set(policy.SENTENCES)
    assert set(policy.REASONS) == set(states.DECISIONS)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["agree", "disagree", "more_information"]), min_size=1, max_size=5))
def test_no_sequence_of_decisions_writes_without_its_event(tmp_path_factory, decisions):
    desk = make_desk(tmp_path_factory.mktemp("desk"), make_case())
    for number, decision in enumerate(decisions):
        try:
            decide(desk, decision=decision, token=str(number))
        except ReviewError:
            assert desk.case("P-1").state == "decided"
    assert desk.verify().whole
    assert desk.store.count_events() == 1 + len(desk.entries())
