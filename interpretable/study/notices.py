"""Notices of adverse reasons for a whole file: read in chunks, written when complete."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas

from interpretable import data
from interpretable.errors import DataError, UserError
from interpretable.explain.adverse import adverse_table
from interpretable.score.export import neutral_table

if TYPE_CHECKING:
    from interpretable.explain.reference import Side
    from interpretable.study.opened import OpenStudy

CHUNK = 20_000  # rows in memory at once


def write_notices(
    study: OpenStudy, source: str | Path, out: str | Path, *, reference: str = "typical",
    side: Side = "above", lang: str = "en",
) -> tuple[int, int, int]:  # fmt: skip
    """Rows written, rows with an adverse estimate, and rows where a sensitive column is refused as a reason.

    Raises
    ------
    UserError : a result that is no .csv, or that is the source
    TaskError : no line, no two classes, columns without wording
    DataError : rows that cannot be read, or none
    """
    out = Path(out)
    if out.suffix.lower() != ".csv":
        raise UserError(f"Cannot write {out.name!r}: the name must end in .csv.")
    if out.exists() and out.samefile(source):
        raise UserError(f"{out.name!r} is the table of cases; it would be lost. Choose another name.")
    maker = study.adverse(reference=reference, side=side, lang=lang)
    out.parent.mkdir(parents=True, exist_ok=True)
    written = adverse = refused = 0
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".reasons-") as folder:
        path = Path(folder) / out.name
        with path.open("w", encoding="utf-8", newline="") as file:
            for chunk in data.stream(study.task, source, rows=CHUNK):
                notices = maker.of(study.read_cases(chunk))
                table = neutral_table(pandas.DataFrame(adverse_table(notices)))
                table.to_csv(file, index=False, header=not written, lineterminator="\n")
                written += len(notices)
                adverse += sum(notice.adverse for notice in notices)
                refused += sum(bool(notice.refused) for notice in notices)
        if not written:
            raise DataError(
                f"{Path(source).name!r} has a header but no rows: there is nobody to give reasons."
            )
        path.replace(out)
    return written, adverse, refused
