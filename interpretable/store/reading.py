"""Questions to the tables. A case's state is that of its latest decision: it is derived, never stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from interpretable.records import codec
from interpretable.records.review import Case, ChainReport, Event, ReviewEntry, ReviewState
from interpretable.store import audit
from interpretable.store.base import CasePage, CaseQuery
from interpretable.store.tables import cases, events, reviews

CHUNK = 500  # SQLite limits the number of values in one statement

_latest = (
    select(reviews.c.case_id, func.max(reviews.c.number).label("number"))
    .group_by(reviews.c.case_id)
    .subquery()
)
_joined = cases.outerjoin(_latest, _latest.c.case_id == cases.c.case_id).outerjoin(
    reviews, reviews.c.number == _latest.c.number
)


def state_of(decision: str | None) -> ReviewState:
    """The state a case is in after this latest decision."""
    if decision is None:
        return "waiting"
    return "asked" if decision == "more_information" else "decided"


def _as_case(body: str, decision: Any) -> Case:
    return replace(codec.from_json(body, Case), state=state_of(decision), decision=decision)


def case(connection: Connection, case_id: str) -> Case | None:
    query = select(cases.c.body, reviews.c.decision).select_from(_joined).where(cases.c.case_id == case_id)
    row = connection.execute(query).first()
    return None if row is None else _as_case(row.body, row.decision)


def _in_state(state: ReviewState) -> ColumnElement[bool]:
    if state == "waiting":
        return reviews.c.decision.is_(None)
    if state == "asked":
        return reviews.c.decision == "more_information"
    return reviews.c.decision.in_(("agree", "disagree"))


def _where(query: CaseQuery) -> ColumnElement[bool]:
    tests: list[ColumnElement[bool]] = [cases.c.number > 0]
    if query.text:
        tests.append(cases.c.case_id.icontains(query.text.strip(), autoescape=True))
    if query.states:
        tests.append(or_(*(_in_state(state) for state in query.states)))
    if query.flagged:
        tests.append(cases.c.flags > 0)
    if query.decision is not None:
        tests.append(reviews.c.decision == query.decision)
    return and_(*tests)


def page(connection: Connection, query: CaseQuery) -> CasePage:
    order: tuple[Any, ...] = {
        "added": (cases.c.number,),
        "highest": (cases.c.estimate.desc(), cases.c.number),
        "lowest": (cases.c.estimate.asc(), cases.c.number),
    }[query.order]
    where = _where(query)
    total = connection.scalar(select(func.count()).select_from(_joined).where(where)) or 0
    rows = connection.execute(
        select(cases.c.body, reviews.c.decision)
        .select_from(_joined)
        .where(where)
        .order_by(*order)
        .offset(query.offset)
        .limit(query.limit)
    )
    return CasePage(cases=tuple(_as_case(row.body, row.decision) for row in rows), total=total)


def known_ids(connection: Connection, case_ids: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for start in range(0, len(case_ids), CHUNK):
        query = select(cases.c.case_id).where(cases.c.case_id.in_(case_ids[start : start + CHUNK]))
        found.extend(connection.scalars(query))
    return tuple(found)


def neighbours(connection: Connection, case_id: str) -> tuple[str | None, str | None]:
    here = connection.scalar(select(cases.c.number).where(cases.c.case_id == case_id))
    if here is None:
        return None, None
    unsettled = or_(_in_state("waiting"), _in_state("asked"))

    def nearest(side: ColumnElement[bool], order: Any) -> str | None:
        query: Select[Any] = select(cases.c.case_id).select_from(_joined).where(unsettled, side)
        return connection.scalar(query.order_by(order).limit(1))

    before = nearest(cases.c.number < here, cases.c.number.desc())
    return before, nearest(cases.c.number > here, cases.c.number.asc())


def latest_review(connection: Connection, case_id: str) -> ReviewEntry | None:
    query = (
        select(reviews.c.body).where(reviews.c.case_id == case_id).order_by(reviews.c.number.desc()).limit(1)
    )
    body = connection.scalar(query)
    return None if body is None else codec.from_json(body, ReviewEntry)


def review_by_token(connection: Connection, token: str) -> ReviewEntry | None:
    body = connection.scalar(select(reviews.c.body).where(reviews.c.token == token))
    return None if body is None else codec.from_json(body, ReviewEntry)


def _all_events(connection: Connection) -> Iterator[Event]:
    for number, body in connection.execute(select(events.c.number, events.c.body).order_by(events.c.number)):
        found = _readable(body)
        yield _broken(number) if found is None or found.number != number else found


def _readable(body: str) -> Event | None:
    try:
        return codec.from_json(body, Event)
    except msgspec.DecodeError:
        return None


def _broken(number: int) -> Event:
    return Event(number=number, time="", actor="", action="", subject="", payload={}, previous="", digest="")


def verify(connection: Connection, checkpoint: audit.Checkpoint | None) -> ChainReport:
    count, head, head_then = 0, audit.GENESIS, None
    told = {"reviews": 0, "cases": 0}
    for link, problem in audit.walk(_all_events(connection)):
        problem = problem or _things_changed(connection, link, told)
        if problem:
            return ChainReport(whole=False, entries=count, head=head, first_bad=link.number, problem=problem)
        count, head = link.number, link.digest
        head_then = head if checkpoint is not None and count == checkpoint.count else head_then
    extra = _untold(connection, told)
    if extra:
        return ChainReport(whole=False, entries=count, head=head, first_bad=count + 1, problem=extra)
    report = ChainReport(whole=True, entries=count, head=head)
    return audit.against_checkpoint(report, checkpoint, head_then)


def _things_changed(connection: Connection, link: Event, told: dict[str, int]) -> str:
    """Whether the decision or the cases this event speaks of are still what it sealed."""
    if link.action in ("decided", "amended"):
        told["reviews"] += 1
        row = connection.execute(select(reviews).where(reviews.c.number == link.payload["review"])).first()
        if row is None or audit.digest_of(row.body) != link.payload["sha256"] or not _columns_agree(row):
            return "decision_changed"
    if link.action == "cases_added":
        told["cases"] += int(link.payload["count"])
        between = cases.c.number.between(link.payload["first"], link.payload["last"])
        rows = connection.execute(select(cases).where(between).order_by(cases.c.number)).all()
        if audit.digest_of([row.body for row in rows]) != link.payload["sha256"]:
            return "cases_changed"
        if not all(_case_agrees(row) for row in rows):
            return "cases_changed"
    return ""


def _case_agrees(row: Any) -> bool:
    """As `_columns_agree`: the list of cases is sorted and filtered by these columns."""
    case = codec.from_json(row.body, Case)
    return (case.case_id, case.estimate, len(case.flags)) == (row.case_id, row.estimate, row.flags)


def _columns_agree(row: Any) -> bool:
    """The columns beside the sealed body must say the same: lists and filters read them."""
    entry = codec.from_json(row.body, ReviewEntry)
    told = (entry.number, entry.case_id, entry.decision, entry.reviewer)
    return told == (row.number, row.case_id, row.decision, row.reviewer)


def _untold(connection: Connection, told: dict[str, int]) -> str:
    """A decision or case without its event was put there by another hand."""
    for table, name in ((reviews, "reviews"), (cases, "cases")):
        if (connection.scalar(select(func.count()).select_from(table)) or 0) != told[name]:
            return "decision_without_event" if name == "reviews" else "case_without_event"
    return ""
