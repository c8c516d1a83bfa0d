"""The record as files: JSON lines for machines, CSV for people (and their spreadsheets)."""

from __future__ import annotations

import csv
import io

from interpretable.records import codec
from interpretable.records.review import ReviewEntry
from interpretable.score.export import neutral
from interpretable.store import Store

COLUMNS = ("number", "time", "reviewer", "case_id", "decision", "reason", "note", "amends", "bundle_id")


def to_csv(entries: tuple[ReviewEntry, ...]) -> bytes:
    """One decision per line. UTF-8 with a byte order mark, so that Excel reads 中文."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = [getattr(entry, name) for name in COLUMNS]
        writer.writerow(["" if cell is None else neutral(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def to_jsonl(store: Store) -> bytes:
    """Every event with its digests, then every decision with what was shown: the chain can be checked."""
    lines = [codec.canonical({"kind": "event", **codec.to_plain(e)}) for e in store.events()]
    lines += [codec.canonical({"kind": "decision", **codec.to_plain(r)}) for r in store.reviews()]
    return b"\n".join(lines) + b"\n"
