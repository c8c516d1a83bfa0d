"""Whole files: read in chunks, scored, written beside the target and moved over it when complete."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pandas

from interpretable import data
from interpretable.errors import DataError
from interpretable.score.export import neutral_table
from interpretable.score.loaded import LoadedModel

CHUNK = 50_000  # rows in memory at once


class _Writer(Protocol):
    def write(self, table: pandas.DataFrame) -> None: ...

    def close(self) -> None: ...


class _CsvWriter:
    def __init__(self, path: Path):
        self._file = path.open("w", encoding="utf-8", newline="")
        self._header = True

    def write(self, table: pandas.DataFrame) -> None:
        neutral_table(table).to_csv(self._file, index=False, header=self._header, lineterminator="\n")
        self._header = False

    def close(self) -> None:
        self._file.close()


def _schema(table: pandas.DataFrame) -> Any:
    """The same for every chunk, also where a chunk has only empty cells."""
    import pyarrow

    def kind(name: str) -> Any:
        if name == "value" or name.startswith("probability"):
            return pyarrow.float64()
        return pyarrow.bool_() if name == "in_domain" else pyarrow.string()

    return pyarrow.schema([(name, kind(name)) for name in table])


class _ParquetWriter:
    def __init__(self, path: Path):
        self._path = path
        self._writer: Any = None

    def write(self, table: pandas.DataFrame) -> None:
        import pyarrow
        import pyarrow.parquet

        schema = _schema(table)
        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(self._path, schema, compression="zstd")
        self._writer.write_table(pyarrow.Table.from_pandas(table, schema=schema, preserve_index=False))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


_WRITERS: dict[str, Callable[[Path], _Writer]] = {".csv": _CsvWriter, ".parquet": _ParquetWriter}


def _writer_for(out: Path) -> Callable[[Path], _Writer]:
    if out.suffix.lower() not in _WRITERS:
        raise DataError(f"Cannot write {out.name!r}: the name must end in {' or '.join(_WRITERS)}.")
    return _WRITERS[out.suffix.lower()]


def score_file(
    model: LoadedModel, source: str | Path, out: str | Path, *, reasons: int = 0, keep_going: bool = False,
    lang: str = "en", progress: Callable[[int], Any] | None = None, stability: bool = False,
    max_error: float | None = None,
) -> int:  # fmt: skip
    """Score a CSV or Parquet file into another; returns the number of rows written.

    Memory stays flat: one chunk at a time. Stopped or failing half way, `out` keeps what it held before.

    Raises
    ------
    DataError : as `LoadedModel.score`, for the first chunk that has a problem; a file name of another kind;
        an `out` that is the `source`
    """
    out = Path(out)
    make_writer = _writer_for(out)
    if out.exists() and out.samefile(source):
        raise DataError(f"{out.name!r} is the table to be scored; it would be lost. Choose another name.")
    out.parent.mkdir(parents=True, exist_ok=True)
    done = 0
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".scoring-") as folder:
        writer = make_writer(Path(folder) / out.name)
        try:
            for chunk in data.stream(model.task, source, rows=CHUNK):
                table = model.score(
                    chunk,
                    reasons=reasons,
                    keep_going=keep_going,
                    lang=lang,
                    first=done + 1,
                    stability=stability,
                    max_error=max_error,
                )
                writer.write(table)
                done += len(table)
                if progress:
                    progress(done)
        finally:
            writer.close()
        if not done:
            raise DataError(f"{Path(source).name!r} has a header but no rows: there is nothing to score.")
        (Path(folder) / out.name).replace(out)
    return done
