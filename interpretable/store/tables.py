"""The three tables. Nothing in them is ever changed or removed: triggers refuse it."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Float, Index, Integer, MetaData, String, Table, Text, event

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(200), nullable=False, unique=True),
    Column("body", Text, nullable=False),  # canonical JSON of the record as it was added
    Column("estimate", Float),
    Column("flags", Integer, nullable=False),  # how many: to filter and sort by
)

reviews = Table(
    "reviews",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(200), nullable=False),
    Column("decision", String(40), nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("token", String(100), nullable=False, unique=True),
    Column("body", Text, nullable=False),
)
Index("reviews_by_case", reviews.c.case_id, reviews.c.number)

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

# SQLite only. On another database give the app's account INSERT and SELECT on these tables, nothing else.
for _table in (cases, reviews, events):
    for _verb in ("UPDATE", "DELETE"):
        _trigger = DDL(
            f"CREATE TRIGGER IF NOT EXISTS {_table.name}_no_{_verb.lower()} BEFORE {_verb} ON {_table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{_table.name} is append-only'); END"
        )
        event.listen(_table, "after_create", _trigger.execute_if(dialect="sqlite"))
