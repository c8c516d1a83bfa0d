"""The quick way for CSV without quotes: Arrow reads it, any doubt goes to the strict and slow reader."""

from __future__ import annotations

from typing import Any

from interpretable.data.limits import Limits


def plain_columns(raw: bytes, names: tuple[str, ...], delimiter: str, limits: Limits) -> list[Any] | None:
    """Arrow string columns, or None where the strict reader must look.

    Without quotes a line is a row and a separator always separates, so both readers agree by construction.
    What is left to the strict reader: quotes, NUL, other encodings than UTF-8, bare carriage returns,
    blank lines, ragged rows and values that are too long; it then reads them, or names the line of the error.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    lines = raw.count(b"\n") + (not raw.endswith(b"\n"))
    one_line_end = raw.count(b"\r") in (0, raw.count(b"\r\n"))
    if b'"' in raw or b"\0" in raw or not one_line_end or not raw.partition(b"\n")[0].strip():
        return None
    texts = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=True
    )
    try:
        table = csv.read_csv(
            pa.BufferReader(raw),
            read_options=csv.ReadOptions(column_names=list(names), skip_rows=1),
            parse_options=csv.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=texts,
        )
    except pa.ArrowInvalid:
        return None
    longest = max((pc.max(pc.binary_length(column)).as_py() or 0 for column in table.columns), default=0)
    whole = table.num_rows == lines - 1 and table.num_rows <= limits.rows and longest <= limits.field
    return table.columns if whole else None
