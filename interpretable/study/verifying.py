"""Is a study whole, and does every model still compute what it did?"""

from __future__ import annotations

from pathlib import Path

from interpretable.bundle import seal
from interpretable.errors import BundleError
from interpretable.score.golden import check_golden
from interpretable.score.loaded import LoadedModel
from interpretable.store import open_store
from interpretable.study import layout


def verify(path: str | Path) -> list[str]:
    """One sentence per thing that is wrong: a member, a file, a golden row, the record. Empty: whole."""
    folder = Path(path)
    if not folder.is_dir():
        return [f"{str(path)!r} is not a folder."]
    found = seal.problems(folder / layout.BUNDLE) + layout.problems(folder)
    if not found:
        found += _bound(folder) + _golden(folder)
    return found + _record(folder)


def _bound(folder: Path) -> list[str]:
    """The study's seal must name this very bundle."""
    _, bundle_id = seal.read_manifest(folder / layout.BUNDLE)
    if layout.read_seal(folder)["bundle"] != bundle_id:
        return ["The bundle is whole, but it is not the one this study was written with."]
    return []


def _golden(folder: Path) -> list[str]:
    found = []
    try:
        loaded = LoadedModel(folder)
        for name in loaded.index.models:
            check_golden(loaded.golden, name, loaded.scorer(name))
    except BundleError as error:
        found += error.problems
    return found


def _record(folder: Path) -> list[str]:
    if not (folder / layout.REVIEWS[0]).is_file():
        return []
    report = open_store(folder / layout.REVIEWS[0]).verify()
    if report.whole:
        return []
    return [f"The record of reviews is not whole: {report.problem} (entry {report.first_bad})."]
