"""Finished fits of a run that is still going on: a stopped run takes them up again.

They lie in a hidden folder beside the study, named by what they depend on, and go when the study is complete.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from interpretable.bundle import plain, seal
from interpretable.models.train import Trained
from interpretable.records import codec
from interpretable.records.dataset import Dataset
from interpretable.study.options import Options
from interpretable.study.packages import package_versions
from interpretable.version import VERSION

T = TypeVar("T")


def fingerprint(dataset: Dataset, options: Options, outsiders: Dataset | None = None) -> str:
    """SHA-256 of everything a fit depends on."""
    relevant = {k: v for k, v in asdict(options).items() if k in _DECISIVE}
    parts = [
        codec.canonical(dataset.task),
        codec.canonical(relevant),
        VERSION.encode(),
        codec.canonical(package_versions()),
        _table_digest(dataset),
        b"" if outsiders is None else _table_digest(outsiders),
    ]
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()


def _table_digest(dataset: Dataset) -> bytes:
    import pandas

    hashes = pandas.util.hash_pandas_object(dataset.frame, index=False).to_numpy()
    parts = [hashes.tobytes(), "\x1f".join(dataset.row_ids).encode()]
    for values in (dataset.target, dataset.groups, dataset.times, dataset.origin):  # they decide the split
        kept = None if values is None else pandas.util.hash_array(np.asarray(values))
        parts.append(b"" if kept is None else kept.tobytes())
    hand = {} if dataset.concept_labels is None else dataset.concept_labels.values
    parts += [name.encode() + pandas.util.hash_array(found).tobytes() for name, found in hand.items()]
    return hashlib.sha256(b"\x00".join(hashlib.sha256(part).digest() for part in parts)).digest()


class Workbench:
    """The hidden folder of one run."""

    def __init__(self, out: Path, key: str):
        self.folder = out.parent / f".{out.name}.work"
        self.key = key
        self._path = self.folder / key[:16]

    @property
    def exchanges(self) -> Path:
        """Where the language model's answers are kept while the run goes on."""
        return self.folder / "exchanges"

    def _member(self, name: str, kind: str) -> Path:
        return self._path / f"{name}.{kind}"

    def keep(self, trained: Trained) -> None:
        """Write a finished fit; its JSON comes last and vouches for the others."""
        buffer = io.BytesIO()
        np.save(buffer, trained.oof, allow_pickle=False)
        members = {f"model.{kind}": data for kind, data in plain.members_of(trained.record).items()}
        members["npy"] = buffer.getvalue()
        for kind, data in members.items():
            seal.write_bytes(self._member(trained.name, kind), data)
        facts = {name: getattr(trained, name) for name in _FACTS}
        digests = {kind: seal.digest(data) for kind, data in members.items()}
        seal.write_bytes(
            self._member(trained.name, "json"), codec.to_json({"facts": facts, "members": digests})
        )

    def find(self, name: str) -> Trained | None:
        """A finished fit of an earlier run of the same study; None where there is none, or a damaged one."""
        try:
            noted = codec.from_json(self._member(name, "json").read_bytes(), dict[str, Any])
            members = {kind: self._member(name, kind).read_bytes() for kind in noted["members"]}
        except (OSError, ValueError):
            return None
        if any(seal.digest(data) != noted["members"][kind] for kind, data in members.items()):
            return None
        record = plain.model_from_json(members["model.json"], members.get("model.ubj", b""))
        oof = np.load(io.BytesIO(members["npy"]), allow_pickle=False)
        return Trained(**noted["facts"], record=record, oof=oof)

    def taken_up(self, name: str, kind: type[T], make: Callable[[], T | None]) -> T | None:
        """A record of an earlier run of the same study, or a new one, kept for the next run."""
        path = self._member(f"inspection-{name}", "json")
        try:
            return codec.from_json(path.read_bytes(), kind | None)  # type: ignore[arg-type]  # a union is a type to msgspec
        except (OSError, ValueError):
            made = make()
            seal.write_bytes(path, codec.to_json(made))
            return made

    def kept(self, name: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """Arrays of an earlier run of the same study, or new ones, kept for the next run."""
        path = self._member(f"arrays-{name}", "npz")
        try:
            with np.load(path, allow_pickle=False) as found:
                return {key: found[key] for key in found.files}
        except (OSError, ValueError, zipfile.BadZipFile):
            made, buffer = make(), io.BytesIO()
            np.savez(buffer, **made)  # type: ignore[arg-type]  # names are ours, none is an option
            seal.write_bytes(path, buffer.getvalue())
            return made

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


_DECISIVE = ("models", "seed", "level", "tune", "average", "distil", "prior")
_FACTS = ("name", "family", "glass_box", "settings", "tuned", "notes", "calibration", "seconds", "gap")
