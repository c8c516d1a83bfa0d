"""The store on a database: SQLite beside the study by default, another by its SQLAlchemy URL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, func, insert, inspect, select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import NullPool

from interpretable.errors import ReviewError
from interpretable.records import codec
from interpretable.records.review import Case, ChainReport, Event, ReviewEntry
from interpretable.store import audit, reading, tables
from interpretable.store.base import CasePage, CaseQuery, ReviewDraft, Rule

ATTEMPTS = 8  # writers on a database without BEGIN IMMEDIATE may meet at one event number


def now() -> str:
    """UTC with microseconds, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def open_store(where: Path | str, *, checkpoint: Path | None = None) -> DatabaseStore:
    """The store in this file, or at this database URL; made when it is not there yet.

    Parameters
    ----------
    where : a path (SQLite; its checkpoint is kept beside it in `review.head`) or a URL like postgresql+psycopg://…
    checkpoint : where to keep count and head, for a URL or to keep them on another disk.
    """
    if isinstance(where, Path) or "://" not in where:
        path = Path(where)
        if not path.parent.is_dir():
            raise ReviewError(f"There is no folder {str(path.parent)!r} to keep the record in.")
        return DatabaseStore(f"sqlite:///{path}", checkpoint=checkpoint or path.with_suffix(".head"))
    return DatabaseStore(where, checkpoint=checkpoint)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class DatabaseStore:
    """See `store.base.Store`. Safe for several processes and threads at once."""

    def __init__(self, url: str, *, checkpoint: Path | None = None):
        self._engine = create_engine(url, poolclass=NullPool)
        self._checkpoint = checkpoint
        if self._engine.dialect.name == "sqlite":
            _prepare_sqlite(self._engine)
        with self._reading() as connection:
            ready = inspect(connection).has_table("events")
        if not ready:
            with self._writing() as connection:
                tables.metadata.create_all(connection)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
        except IntegrityError:
            raise
        except DatabaseError as problem:
            raise ReviewError(
                f"The record could not be written; nothing was recorded. The database says: {problem.orig}."
                " Check that the study's folder can be written to and its disk is not full."
            ) from problem

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except DatabaseError as problem:
            raise ReviewError(
                f"The record could not be read. The database says: {problem.orig}."
            ) from problem

    def _chain(self, connection: Connection, **fields: Any) -> Event:
        last = connection.scalar(
            select(tables.events.c.body).order_by(tables.events.c.number.desc()).limit(1)
        )
        previous = None if last is None else codec.from_json(last, Event)
        link = audit.make_event(previous, **fields)
        connection.execute(
            insert(tables.events).values(number=link.number, body=codec.canonical(link).decode())
        )
        return link

    def _act(self, write: Any) -> Any:
        """Runs `write(connection) -> (result, event or None)` in one transaction; moves the checkpoint."""
        for attempt in range(ATTEMPTS):
            try:
                with self._writing() as connection:
                    result, link = write(connection)
                break
            except IntegrityError:
                if attempt == ATTEMPTS - 1:
                    raise
        if link is not None:
            audit.write_checkpoint(self._checkpoint, link)
        return result

    def add_cases(self, cases: Sequence[Case], *, actor: str) -> int:
        def write(connection: Connection) -> tuple[int, Event | None]:
            _check_ids(cases, reading.known_ids(connection, [c.case_id for c in cases]))
            if not cases:
                return 0, None
            first = 1 + (connection.scalar(select(func.max(tables.cases.c.number))) or 0)
            rows = [_case_row(number, case) for number, case in enumerate(cases, start=first)]
            connection.execute(insert(tables.cases), rows)
            payload = {
                "count": len(rows),
                "first": first,
                "last": first + len(rows) - 1,
                "source": cases[0].source,
                "sha256": audit.digest_of([row["body"] for row in rows]),
            }
            link = self._chain(
                connection,
                time=now(),
                actor=actor,
                action="cases_added",
                subject=cases[0].source,
                payload=payload,
            )
            return len(rows), link

        return self._act(write)

    def add_review(self, draft: ReviewDraft, *, rule: Rule) -> ReviewEntry:
        def write(connection: Connection) -> tuple[ReviewEntry, Event | None]:
            known = reading.review_by_token(connection, draft.token)
            if known is not None:
                return known, None
            case = reading.case(connection, draft.case_id)
            if case is None:
                raise ReviewError(f"There is no case {draft.case_id!r}. Add it before deciding about it.")
            rule(case, reading.latest_review(connection, draft.case_id))
            entry = _numbered(connection, draft)
            body = codec.canonical(entry).decode()
            connection.execute(
                insert(tables.reviews).values(
                    number=entry.number,
                    case_id=entry.case_id,
                    decision=entry.decision,
                    reviewer=entry.reviewer,
                    token=draft.token,
                    body=body,
                )
            )
            link = self._chain(
                connection,
                time=entry.time,
                actor=entry.reviewer,
                action="amended" if entry.amends else "decided",
                subject=entry.case_id,
                payload=_review_payload(entry, body),
            )
            return entry, link

        return self._act(write)

    def note(self, action: str, *, actor: str, subject: str, payload: dict[str, Any]) -> Event:
        def write(connection: Connection) -> tuple[Event, Event]:
            link = self._chain(
                connection, time=now(), actor=actor, action=action, subject=subject, payload=payload
            )
            return link, link

        return self._act(write)

    def case(self, case_id: str) -> Case | None:
        with self._reading() as connection:
            return reading.case(connection, case_id)

    def cases(self, query: CaseQuery) -> CasePage:
        with self._reading() as connection:
            return reading.page(connection, query)

    def known_ids(self, case_ids: Sequence[str]) -> tuple[str, ...]:
        with self._reading() as connection:
            return reading.known_ids(connection, case_ids)

    def neighbours(self, case_id: str) -> tuple[str | None, str | None]:
        with self._reading() as connection:
            return reading.neighbours(connection, case_id)

    def reviews(self, case_id: str | None = None) -> tuple[ReviewEntry, ...]:
        query: Select[Any] = select(tables.reviews.c.body).order_by(tables.reviews.c.number)
        if case_id is not None:
            query = query.where(tables.reviews.c.case_id == case_id)
        with self._reading() as connection:
            return tuple(codec.from_json(body, ReviewEntry) for body in connection.scalars(query))

    def events(self, *, offset: int = 0, limit: int | None = None, newest: bool = False) -> tuple[Event, ...]:
        number = tables.events.c.number
        query = select(tables.events.c.body).order_by(number.desc() if newest else number)
        with self._reading() as connection:
            query = query.offset(offset) if limit is None else query.offset(offset).limit(limit)
            found = connection.scalars(query)
            return tuple(codec.from_json(body, Event) for body in found)

    def count_events(self) -> int:
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(tables.events)) or 0

    def verify(self) -> ChainReport:
        """Recomputes every digest (events, decisions, cases), then compares with the checkpoint."""
        with self._reading() as connection:
            return reading.verify(connection, audit.read_checkpoint(self._checkpoint))


def _check_ids(cases: Sequence[Case], known: Sequence[str]) -> None:
    ids = [case.case_id for case in cases]
    twice = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []
    problems = []
    if twice:
        problems.append(f"{len(twice)} case ids appear more than once: {', '.join(twice[:10])}.")
    if known:
        problems.append(f"{len(known)} cases are already in the list: {', '.join(sorted(known)[:10])}.")
    if problems:
        raise ReviewError([*problems, "Nothing was added. Give each case its own id; leave out known ones."])


def _case_row(number: int, case: Case) -> dict[str, Any]:
    return {
        "number": number,
        "case_id": case.case_id,
        "body": codec.canonical(case).decode(),
        "estimate": case.estimate,
        "flags": len(case.flags),
    }


def _numbered(connection: Connection, draft: ReviewDraft) -> ReviewEntry:
    last = connection.scalar(select(func.max(tables.reviews.c.number))) or 0
    return ReviewEntry(
        number=last + 1,
        case_id=draft.case_id,
        decision=draft.decision,
        reason=draft.reason,
        note=draft.note,
        reviewer=draft.reviewer,
        time=now(),
        bundle_id=draft.bundle_id,
        snapshot=codec.to_plain(draft.snapshot),
        amends=draft.amends,
    )


def _review_payload(entry: ReviewEntry, body: str) -> dict[str, Any]:
    return {
        "review": entry.number,
        "decision": entry.decision,
        "reason": entry.reason,
        "bundle_id": entry.bundle_id,
        "amends": entry.amends,
        "sha256": audit.digest_of(body),
    }
