"""Bytes to lines of text: encoding, NUL and compression are settled here, each error with its place."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import IO

from interpretable.data.limits import Limits
from interpretable.errors import DataError

_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK": "zip or Excel",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zstd",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_plain(head: bytes) -> None:
    """Refuse compressed files: they hide their size."""
    for magic, name in _PACKED.items():
        if head.startswith(magic):
            raise DataError(
                f"The file is compressed or a workbook ({name}). Save the table as CSV or Parquet."
            )


def text_lines(file: IO[bytes], limits: Limits) -> Iterator[str]:
    """Lines with their line ends, decoded strictly as UTF-8 or, with a byte order mark, UTF-16."""
    head = file.read(4)
    check_plain(head)
    file.seek(-len(head), io.SEEK_CUR)
    if head.startswith(_UTF16) and head not in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return _utf16_lines(file)
    return _utf8_lines(file, longest=limits.columns * 4096)


def _utf8_lines(file: IO[bytes], longest: int) -> Iterator[str]:
    number = offset = 0
    while raw := file.readline(longest + 1):
        number += 1
        if len(raw) > longest:
            raise DataError(f"Line {number} is longer than {longest:,} bytes. Is this a table?")
        if b"\0" in raw:
            raise DataError(
                f"Line {number} holds a NUL byte (byte {offset + raw.index(0) + 1:,}). The file is "
                f"not plain text."
            )
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise DataError(
                f"Line {number} is not UTF-8 text (byte {offset + error.start + 1:,} of the file). "
                "Save the table as UTF-8, or as UTF-16 with a byte order mark."
            ) from None
        offset += len(raw)


def _utf16_lines(file: IO[bytes]) -> Iterator[str]:
    text = io.TextIOWrapper(file, encoding="utf-16", newline="\n")
    number = 0
    try:
        for number, line in enumerate(text, start=1):
            if "\0" in line:
                raise DataError(f"Line {number} holds a NUL character. The file is not plain text.")
            yield line
    except UnicodeDecodeError:
        raise DataError(f"Line {number + 1} is not UTF-16 text, though the file begins like it.") from None
    finally:
        text.detach()
