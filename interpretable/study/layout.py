"""Where things lie in a study's folder, and the seal over what a run wrote."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pandas

from interpretable.bundle import seal
from interpretable.errors import BundleError
from interpretable.records import codec

TASK, EVIDENCE, SEAL = "task.toml", "evidence.json", "seal.json"
BUNDLE, PRIVATE, EXCHANGES, REPORTS = "bundle", "private", "exchanges", "reports"
BESIDE = "beside"  # findings on small and large models: made after training, of one bundle, so not kept
REVIEWS = ("review.db", "review.db-wal", "review.db-shm", "review.head")
KEPT = (*REVIEWS, REPORTS)  # made after training: a new run keeps them


def sealed_files(folder: Path) -> list[str]:
    """Files that a run wrote and nobody changes afterwards, the bundle's apart."""
    own = [TASK, EVIDENCE]
    for part in (PRIVATE, EXCHANGES):
        own += [p.relative_to(folder).as_posix() for p in (folder / part).rglob("*") if p.is_file()]
    return sorted(own)


def write_seal(folder: Path, bundle_id: str) -> None:
    """Write seal.json: the hash of every file, and a hash of itself."""
    write_signed(folder, sealed_files(folder), {"bundle": bundle_id})


def write_signed(folder: Path, names: list[str], more: dict[str, str]) -> None:
    """Write a folder's seal: the hash of each of these files, what else is told, and a hash of itself."""
    files = {name: seal.digest((folder / name).read_bytes()) for name in names}
    body = {"format": 1, **more, "files": files}
    seal.write_bytes(folder / SEAL, codec.canonical({**body, "self": seal.digest(codec.canonical(body))}))


def read_seal(folder: Path, called: str = SEAL) -> dict[str, Any]:
    """A folder's seal, once it is shown to be as it was written; `called` names it in messages."""
    try:
        raw = (folder / SEAL).read_bytes()
        found = codec.from_json(raw, dict[str, Any])
    except (OSError, ValueError) as error:
        raise BundleError(f"{called!r} is missing or damaged: the study cannot be trusted.") from error
    body = {name: value for name, value in found.items() if name != "self"}
    if raw != codec.canonical(found) or found.get("self") != seal.digest(codec.canonical(body)):
        raise BundleError(f"{called!r} was changed after the study was written.")
    return found


def problems(folder: Path) -> list[str]:
    """One sentence per sealed file outside the bundle that is missing, changed or new."""
    try:
        sealed = read_seal(folder)
    except BundleError as error:
        return list(error.problems)
    found = []
    for name, expected in sealed["files"].items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name!r} is missing.")
        elif seal.digest(path.read_bytes()) != expected:
            found.append(f"{name!r} was changed after the study was written: its SHA-256 differs.")
    extra = set(sealed_files(folder)) - set(sealed["files"])
    return found + [f"{name!r} was added after the study was written." for name in sorted(extra)]


def read_sealed_file(folder: Path, name: str) -> bytes:
    """A sealed file's bytes, proved before anything parses them."""
    expected = read_seal(folder)["files"].get(name)
    path = folder / name
    data = path.read_bytes() if path.is_file() else b""
    if expected is None or seal.digest(data) != expected:
        raise BundleError(f"{name!r} is missing or was changed after the study was written.")
    return data


def write_table(path: Path, table: pandas.DataFrame) -> None:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    seal.write_bytes(path, buffer.getvalue())


def check_target(out: Path) -> None:
    """Refuse to replace a folder that is not a study."""
    if out.exists() and not out.is_dir():
        raise BundleError(f"{str(out)!r} is a file; a study is a folder. Choose another name.")
    if out.is_dir() and any(out.iterdir()) and not (out / SEAL).is_file():
        raise BundleError(f"{str(out)!r} is not empty and holds no study. Choose another folder.")


def swap(new: Path, out: Path) -> None:
    """Put the new study in the old one's place; decisions and reports made since stay with it."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        for name in KEPT:
            source = out / name
            if source.is_dir():
                shutil.copytree(source, new / name, dirs_exist_ok=True)
            elif source.is_file():
                shutil.copy2(source, new / name)
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)
