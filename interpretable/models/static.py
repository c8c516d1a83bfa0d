"""Static word vectors: one fixed vector for each piece of a word, so their mean stays a sum over pieces.

The mean of the pieces' vectors under a linear layer gives each piece a weight of its own, w . e(piece),
divided by the number of pieces. The model keeps these weights alone: scoring needs no vectors and no library.
Read here are the plain files that static embeddings come as: a matrix in safetensors, and a tokenizer in JSON
of which only the list of pieces is used. Nothing of the package is imported or run.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.errors import TaskError
from interpretable.score.tokens import normalised

_NUMBERS = {"F16": np.float16, "F32": np.float32, "F64": np.float64}


@dataclass(frozen=True, eq=False)
class Static:
    """Pieces by the names of score/tokens.py (a space before one that begins a word), and their vectors."""

    pieces: tuple[str, ...]
    vectors: np.ndarray  # f8[V, d]
    sha256: str  # of the file of vectors


def load_static(source: str) -> Static:
    """Static vectors of an installed package, or of a folder.

    Parameters
    ----------
    source : a package's name on the index it came from, or a folder with one .safetensors file and one
        tokenizer .json file

    Raises
    ------
    TaskError : nothing is there, or the files are of another form
    """
    vectors_file, pieces_file = _files(source)
    raw = vectors_file.read_bytes()
    vectors, names = _matrix(raw, source), _pieces(pieces_file, source)
    kept = {name: row for name, row in names.items() if row < len(vectors)}
    if not kept:
        raise TaskError(f"embedding {source!r}: no piece of its tokenizer has a vector.")
    rows = np.array(list(kept.values()))
    return Static(tuple(kept), vectors[rows], hashlib.sha256(raw).hexdigest())


def _files(source: str) -> tuple[Path, Path]:
    if Path(source).is_dir():
        found = sorted(Path(source).iterdir())
    else:
        try:
            listed = metadata.distribution(source).files or []
        except (metadata.PackageNotFoundError, ValueError):
            raise TaskError(
                f"embedding {source!r} is neither a folder nor an installed package. Install the package "
                "that carries the vectors, or name a folder with a .safetensors and a tokenizer .json file."
            ) from None
        found = sorted(Path(str(one.locate())) for one in listed)
    vectors = [one for one in found if one.suffix == ".safetensors"]
    pieces = [one for one in found if one.suffix == ".json" and "tokenizer" in one.name]
    if len(vectors) != 1 or not pieces:
        raise TaskError(
            f"embedding {source!r} holds {len(vectors)} .safetensors and {len(pieces)} tokenizer .json "
            "files; exactly one file of vectors and its tokenizer are needed."
        )
    return vectors[0], min(pieces, key=lambda one: len(one.name) if one.name != "tokenizer.json" else 0)


def _matrix(raw: bytes, source: str) -> np.ndarray:
    """The one matrix of a safetensors file: eight bytes of length, a JSON header, then the numbers."""
    try:
        (length,) = struct.unpack("<Q", raw[:8])
        header = json.loads(raw[8 : 8 + length])
        (told,) = [one for name, one in header.items() if name != "__metadata__" and len(one["shape"]) == 2]
        start, end = (8 + length + offset for offset in told["data_offsets"])
        values = np.frombuffer(raw[start:end], dtype=_NUMBERS[told["dtype"]])
        return values.reshape(told["shape"]).astype(np.float64)
    except (struct.error, ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise TaskError(
            f"embedding {source!r}: its .safetensors file does not hold one matrix of {', '.join(_NUMBERS)}."
        ) from error


def _pieces(path: Path, source: str) -> dict[str, int]:
    """Row of each piece. Pieces that normalised text cannot hold (capitals, bytes, marks) are left out."""
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        listed = dict(told) if isinstance(told, dict) else {one[0]: row for row, one in enumerate(told)}
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise TaskError(f"embedding {source!r}: {path.name} lists no vocabulary of a tokenizer.") from error
    start = next((sign for sign in ("▁", "Ġ") if any(name.startswith(sign) for name in listed)), "")
    named = {_name(piece, start): int(row) for piece, row in listed.items()}
    return {name: row for name, row in named.items() if name.strip() and name == normalised(name)}


def _name(piece: str, start: str) -> str:
    """The piece as score/tokens.py writes it; '' for one that is no run of letters or digits."""
    if start:
        name = f" {piece[1:]}" if piece.startswith(start) else piece
    else:  # pieces inside a word are marked instead
        name = piece[2:] if piece.startswith("##") else f" {piece}"
    inner = name.removeprefix(" ")
    return name if inner.replace("_", "").isalnum() else ""
