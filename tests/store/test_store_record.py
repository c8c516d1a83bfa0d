"""Append-only, one transaction per act, whole under many writers, and a liar is found out."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from factories_review import make_case, make_draft

from interpretable.errors import ReviewError
from interpretable.records import codec
from interpretable.store import CaseQuery, audit, open_store


def allow(*_: object) -> None:
    """A rule that lets every decision through."""


def make_store(folder, count: int = 3):
    store = open_store(folder / "review.db")
    store.add_cases([make_case(f"P-{i}", estimate=i / 10) for i in range(count)], actor="Ada")
    return store


def run_sql(folder, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "review.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def without_triggers(folder, *statements: str) -> None:
    drops = [f"DROP TRIGGER {t}_no_{v}" for t in ("cases", "reviews", "events") for v in ("update", "delete")]
    run_sql(folder, *drops, *statements)


def test_a_decision_is_read_back_with_the_very_snapshot_that_was_shown(tmp_path):
    store = make_store(tmp_path)
    snapshot = {"estimate": 0.1 + 0.2, "reasons": [{"feature": "年龄", "value": None}]}
    entry = store.add_review(make_draft(snapshot=snapshot), rule=allow)
    assert store.reviews("P-1") == (entry,)
    assert entry.snapshot == snapshot
    assert store.case("P-1").state == "decided"


def test_every_write_carries_its_event_and_the_chain_verifies(tmp_path):
    store = make_store(tmp_path)
    store.add_review(make_draft(), rule=allow)
    store.note("exported", actor="Ada", subject="record", payload={"rows": 1})
    assert [e.action for e in store.events()] == ["cases_added", "decided", "exported"]
    report = store.verify()
    assert report.whole and report.entries == 3 and report.head == store.events()[-1].digest


def test_the_same_token_writes_one_entry(tmp_path):
    store = make_store(tmp_path)
    first = store.add_review(make_draft(), rule=allow)
    assert store.add_review(make_draft(note="another text"), rule=allow) == first
    assert store.count_events() == 2


def test_a_rule_that_refuses_leaves_no_trace(tmp_path):
    store = make_store(tmp_path)

    def refuse(*_: object) -> None:
        raise ReviewError("no")

    with pytest.raises(ReviewError):
        store.add_review(make_draft(), rule=refuse)
    assert store.reviews() == () and store.count_events() == 1 and store.verify().whole


def test_known_and_repeated_case_ids_are_refused_all_at_once(tmp_path):
    store = make_store(tmp_path)
    with pytest.raises(ReviewError) as caught:
        store.add_cases([make_case("P-1"), make_case("new"), make_case("new"), make_case("P-2")], actor="Ada")
    assert "P-1, P-2" in str(caught.value) and "new" in str(caught.value)
    assert store.cases(CaseQuery()).total == 3


@pytest.mark.parametrize("table", ["cases", "reviews", "events"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET body = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_changes(tmp_path, table, statement):
    store = make_store(tmp_path)
    store.add_review(make_draft(), rule=allow)
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        run_sql(tmp_path, statement.format(table))
    assert store.verify().whole


def _decide_many(path: Path, worker: int, times: int) -> None:
    store = open_store(path)
    for i in range(times):
        store.add_review(
            make_draft("P-1", token=f"{worker}-{i}", reviewer=f"worker {worker}"), rule=lambda *_: None
        )


def test_eight_processes_writing_at_once_leave_no_gap(tmp_path):
    store = make_store(tmp_path)
    context = multiprocessing.get_context("fork")
    path = tmp_path / "review.db"
    workers = [context.Process(target=_decide_many, args=(path, n, 10)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [w.exitcode for w in workers] == [0] * 8
    entries = store.reviews()
    assert [e.number for e in entries] == list(range(1, 81))
    assert len({(e.reviewer) for e in entries}) == 8
    assert store.verify().whole and store.count_events() == 81


def _die_inside(path: Path) -> None:
    store = open_store(path)
    store.add_review(make_draft(), rule=lambda *_: os.kill(os.getpid(), signal.SIGKILL))


def test_a_process_killed_in_the_middle_of_a_write_leaves_the_record_as_it_was(tmp_path):
    store = make_store(tmp_path)
    worker = multiprocessing.get_context("fork").Process(target=_die_inside, args=(tmp_path / "review.db",))
    worker.start()
    worker.join(30)
    assert worker.exitcode == -signal.SIGKILL
    assert store.reviews() == () and store.verify().whole
    assert store.add_review(make_draft(), rule=allow).number == 1


def decided(folder, count: int = 4):
    store = make_store(folder, count)
    for i in range(count):
        store.add_review(make_draft(f"P-{i}"), rule=allow)
    return store


def test_an_edited_event_is_named_by_its_number(tmp_path):
    store = decided(tmp_path)
    without_triggers(tmp_path, "UPDATE events SET body = replace(body, 'Ada', 'Eve') WHERE number = 3")
    report = store.verify()
    assert (report.whole, report.first_bad, report.problem) == (False, 3, "changed")


def test_an_event_that_is_no_longer_readable_is_named(tmp_path):
    store = decided(tmp_path)
    without_triggers(tmp_path, "UPDATE events SET body = 'x' WHERE number = 2")
    assert store.verify().first_bad == 2


def test_a_removed_event_is_named(tmp_path):
    store = decided(tmp_path)
    without_triggers(tmp_path, "DELETE FROM events WHERE number = 3")
    report = store.verify()
    assert (report.first_bad, report.problem) == (3, "missing")


@pytest.mark.parametrize(
    ("statement", "first_bad", "problem"),
    [
        (
            "UPDATE reviews SET body = replace(body, 'Ada', 'Eve') WHERE number = 2",
            3,
            "decision_changed",
        ),
        ("UPDATE reviews SET decision = 'disagree' WHERE number = 2", 3, "decision_changed"),
        ("DELETE FROM reviews WHERE number = 2", 3, "decision_changed"),
        ("UPDATE cases SET body = replace(body, '63', '23') WHERE number = 1", 1, "cases_changed"),
        ("UPDATE cases SET case_id = 'X' WHERE number = 1", 1, "cases_changed"),
        (
            "INSERT INTO reviews SELECT 9, case_id, decision, 'x', 't', body FROM reviews WHERE number = 1",
            6,
            None,
        ),
    ],
)
def test_a_changed_decision_or_case_is_found_through_its_event(tmp_path, statement, first_bad, problem):
    store = decided(tmp_path)
    without_triggers(tmp_path, statement)
    report = store.verify()
    assert not report.whole and report.first_bad == first_bad
    assert report.problem == (problem or "decision_without_event")


def test_a_cut_off_tail_is_noticed_by_the_checkpoint(tmp_path):
    store = decided(tmp_path)
    without_triggers(tmp_path, "DELETE FROM events WHERE number > 3", "DELETE FROM reviews WHERE number > 2")
    report = store.verify()
    assert (report.whole, report.first_bad, report.problem) == (False, 4, "cut_off")
    (tmp_path / "review.head").unlink()
    assert store.verify().whole, "a shorter chain is a whole chain: that is why there is a checkpoint"


def test_a_chain_written_anew_is_noticed_by_the_checkpoint(tmp_path):
    store = decided(tmp_path)
    links, previous = store.events(), None
    statements = []
    for link in links:
        fields = {k: getattr(link, k) for k in ("time", "action", "subject", "payload")}
        previous = audit.make_event(previous, actor="Eve", **fields)
        body = codec.canonical(previous).decode().replace("'", "''")
        statements.append(f"UPDATE events SET body = '{body}' WHERE number = {link.number}")
    without_triggers(tmp_path, *statements)
    report = store.verify()
    assert (report.whole, report.problem) == (False, "rewritten")


def test_a_checkpoint_behind_the_record_is_fine_and_a_damaged_one_is_ignored(tmp_path):
    store = decided(tmp_path)
    head = tmp_path / "review.head"
    head.write_text(json.dumps({"count": 2, "head": store.events()[1].digest}))
    assert store.verify().whole
    head.write_text("{")
    assert store.verify().whole
    store.note("exported", actor="Ada", subject="record", payload={})
    assert json.loads(head.read_text())["count"] == 6


def test_a_clock_that_ran_backwards_is_written_down():
    first = audit.make_event(None, time="2026-02-02", actor="a", action="b", subject="c", payload={})
    second = audit.make_event(first, time="2026-01-01", actor="a", action="b", subject="c", payload={})
    assert second.payload == {"clock_behind": "2026-02-02"}


def test_a_folder_that_cannot_be_written_to_says_so(tmp_path):
    with pytest.raises(ReviewError, match="no folder"):
        open_store(tmp_path / "nowhere" / "review.db")
    (tmp_path / "review.db").write_text("this is not a database, though as long as a file that is one")
    with pytest.raises(ReviewError, match="could not be read"):
        open_store(tmp_path / "review.db")


def test_cases_are_searched_filtered_sorted_and_paged(tmp_path):
    store = open_store(tmp_path / "review.db")
    made = [
        make_case(f"P_{i:02}", estimate=i / 100, flags=("near_line",) if i % 7 == 0 else ())
        for i in range(60)
    ]
    store.add_cases(made, actor="Ada")
    store.add_review(make_draft("P_03"), rule=allow)
    store.add_review(
        make_draft("P_04", decision="more_information", reason="other", note="x" * 20), rule=allow
    )
    assert store.cases(CaseQuery(text="p_1")).total == 10
    assert store.cases(CaseQuery(text="%")).total == 0, "a wildcard typed by a person is a plain character"
    assert store.cases(CaseQuery(flagged=True)).total == 9
    assert [c.case_id for c in store.cases(CaseQuery(states=("decided",))).cases] == ["P_03"]
    assert store.cases(CaseQuery(states=("waiting", "asked"))).total == 59
    assert [c.case_id for c in store.cases(CaseQuery(order="highest", limit=2)).cases] == ["P_59", "P_58"]
    assert [c.case_id for c in store.cases(CaseQuery(offset=58)).cases] == ["P_58", "P_59"]
    assert store.neighbours("P_03") == ("P_02", "P_04")
    assert store.neighbours("P_00") == (None, "P_01")
    assert store.neighbours("none") == (None, None)


def test_a_long_list_is_paged_without_reading_it_all(tmp_path):
    store = open_store(tmp_path / "review.db")
    store.add_cases([make_case(f"C{i}") for i in range(3000)], actor="Ada")
    page = store.cases(CaseQuery(limit=25))
    assert len(page.cases) == 25 and page.total == 3000
    assert store.verify().whole
