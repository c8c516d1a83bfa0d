"""Sealed folders: a manifest with the SHA-256 of every member, and the manifest's own hash beside it."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from interpretable.errors import BundleError
from interpretable.records import codec

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "SEAL"


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    members: dict[str, Member]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_bytes(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside the target, then moved over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".writing-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_sealed(folder: Path, members: Mapping[str, bytes]) -> str:
    """Write the members, the manifest and the seal; returns the seal: the bundle's id."""
    for name, data in members.items():
        write_bytes(folder / name, data)
    listed = {name: Member(digest(data), len(data)) for name, data in sorted(members.items())}
    manifest = codec.canonical(Manifest(FORMAT, listed))
    write_bytes(folder / MANIFEST, manifest)
    write_bytes(folder / SEAL, digest(manifest).encode())
    return digest(manifest)


def _read_member(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
        raise BundleError(f"{name!r} points outside the bundle. Take a fresh copy of the study.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{name!r} of the bundle cannot be read: {error.strerror}.") from error


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """The manifest and its seal, once they agree."""
    raw, seal = _read_member(folder, MANIFEST), _read_member(folder, SEAL)
    if not re.fullmatch(rb"[0-9a-f]{64}", seal) or digest(raw).encode() != seal:
        raise BundleError(
            f"{MANIFEST!r} does not match {SEAL!r}: one of them was changed after the study was written. "
            "Do not use this bundle; take a fresh copy or train again."
        )
    manifest = codec.from_json(raw, Manifest)
    if manifest.format != FORMAT:
        raise BundleError(f"The bundle has format {manifest.format}; this version reads format {FORMAT}.")
    return manifest, seal.decode()


def problems(folder: Path) -> list[str]:
    """One sentence per member that is missing, changed or not listed; empty when the bundle is whole."""
    try:
        manifest, _ = read_manifest(folder)
    except BundleError as error:
        return list(error.problems)
    found = []
    for name, member in manifest.members.items():
        try:
            data = _read_member(folder, name)
        except BundleError as error:
            found += error.problems
            continue
        if len(data) != member.size or digest(data) != member.sha256:
            found.append(f"{name!r} was changed after the bundle was sealed: its SHA-256 differs.")
    known = {*manifest.members, MANIFEST, SEAL}
    present = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())
    return found + [f"{name!r} is not in the manifest." for name in sorted(set(present) - known)]


def read_sealed(folder: Path) -> tuple[dict[str, bytes], str]:
    """All members' bytes, each proved against the manifest before it is handed on, and the bundle's id."""
    wrong = problems(folder)
    if wrong:
        raise BundleError(wrong)
    manifest, seal = read_manifest(folder)
    members = {name: _read_member(folder, name) for name in manifest.members}
    for name, data in members.items():
        if digest(data) != manifest.members[name].sha256:
            raise BundleError(f"{name!r} changed while it was read.")
    return members, seal
