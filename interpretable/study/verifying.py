"""Is a study whole, and does every model still compute what it did?"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from interpretable.bundle import seal
from interpretable.errors import BundleError, ReviewError
from interpretable.score.golden import check_golden
from interpretable.score.loaded import LoadedModel
from interpretable.store import open_store
from interpretable.store.audit import read_checkpoint
from interpretable.study import beside, layout

HEAD = layout.REVIEWS[-1]
_REPORT_MARK = re.compile(rb"\n<!-- sha256 of all above: ([0-9a-f]{64}) -->\n\Z")


def verify(path: str | Path) -> list[str]:
    """One sentence per thing that is wrong: a member, a file, a golden row, the record. Empty: whole."""
    folder = Path(path)
    if not folder.is_dir():
        return [f"{str(path)!r} is not a folder."]
    found = seal.problems(folder / layout.BUNDLE) + layout.problems(folder)
    if not found:
        found += _bound(folder) + _golden(folder)
        found += beside.problems(folder, layout.read_seal(folder)["bundle"])
    return found + _links(folder) + _reports(folder) + _record(folder)


def _links(folder: Path) -> list[str]:
    """A link can point at another file tomorrow: a study holds files only."""
    found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_symlink())
    return [f"{name!r} is a link to somewhere else, not a file of this study." for name in found]


def _reports(folder: Path) -> list[str]:
    """Every HTML report ends with the hash of what stands above."""
    found = []
    for path in sorted((folder / layout.REPORTS).glob("*.html")):
        data = path.read_bytes()
        mark = _REPORT_MARK.search(data)
        if mark is None or hashlib.sha256(data[: mark.start()]).hexdigest().encode() != mark[1]:
            name = path.relative_to(folder).as_posix()
            found.append(f"{name!r} is not as it was written. Write it again with: interpretable report")
    return found


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
    database, head = folder / layout.REVIEWS[0], folder / HEAD
    if not database.is_file():
        gone = f"{HEAD!r} is there, but {database.name!r}, the record it tells of, is missing."
        return [gone] if head.exists() else []
    try:
        report = open_store(database).verify()
    except ReviewError as error:
        return list(error.problems)
    if report.whole:
        known = read_checkpoint(head)
        if report.entries and (known is None or not known.count):
            return [f"{HEAD!r} is missing or damaged: entries cut off the record could not be noticed."]
        return []
    return [f"The record of reviews is not whole: {report.problem} (entry {report.first_bad})."]
