"""Where pages get their records from: the study and its desk, opened once and kept."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interpretable_app import access

from interpretable.collab.guidelines import Guidelines, find_folder, read_guidelines
from interpretable.errors import BundleError
from interpretable.explain.snippets import Units
from interpretable.records.calibrators import PredictionRange
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import (
    CaseExplanation,
    OutcomeMix,
    SimilarCase,
    Snippet,
    WholeExplanation,
)
from interpretable.records.review import Case
from interpretable.review import Desk, intake, open_desk, policy

if TYPE_CHECKING:
    from interpretable.study import OpenStudy

ENVIRONMENT = "INTERPRETABLE_STUDY"


def path() -> Path | None:
    """The study's folder, from the environment; None where none was named."""
    found = os.environ.get(ENVIRONMENT, "").strip()
    return Path(found) if found else None


def exists() -> bool:
    folder = path()
    return folder is not None and (folder / "evidence.json").is_file()


def _stamp(folder: Path) -> int:
    """Changes when the study is trained anew: what was kept of the old one is then left alone."""
    return (folder / "evidence.json").stat().st_mtime_ns


@lru_cache(maxsize=2)
def _open(folder: Path, stamp: int) -> OpenStudy:
    from interpretable.study import open_study

    return open_study(folder)


@lru_cache(maxsize=8)
def _desk(folder: Path, role: str) -> Desk:
    return open_desk(folder, role=role, url=os.environ.get("INTERPRETABLE_DATABASE", ""))


def study() -> OpenStudy:
    folder = path()
    if folder is None:
        raise LookupError("the start page comes first: no study was named")
    return _open(folder, _stamp(folder))


def beside() -> dict[str, Any]:
    """Findings on small and large models; read each time, since they are made while the app runs."""
    from interpretable.study.beside import read

    return read(study().path, study().bundle_id)


def desk() -> Desk:
    folder = path()
    if folder is None:
        raise LookupError("the start page comes first: no study was named")
    return _desk(folder, access.role())


def row_of(values: dict[str, Any], case_id: str) -> Dataset:
    """The case's values as a dataset of one row, called by the case's id."""
    return intake.row_of(values, case_id, study().task, read=study().read_cases)


@lru_cache(maxsize=256)
def _explained(folder: Path, stamp: int, case_id: str) -> CaseExplanation:
    case = desk().case(case_id)
    if case is None:
        raise LookupError("a case that is not in the list cannot be explained")
    return study().explain(row_of(case.values, case_id))


def explain(case: Case) -> CaseExplanation:
    """Why this estimate. A case never changes once added, so its explanation can be kept."""
    folder = study().path
    return _explained(Path(folder), _stamp(Path(folder)), case.case_id)


@lru_cache(maxsize=64)
def _explained_from(folder: Path, stamp: int, case_id: str, reference: str) -> CaseExplanation:
    case = desk().case(case_id)
    if case is None:
        raise LookupError("a case that is not in the list cannot be explained")
    return study().explain(row_of(case.values, case_id), reference=reference)


def explain_from(case: Case, reference: str) -> CaseExplanation:
    """The same case, its reasons measured from another point."""
    folder = Path(study().path)
    return _explained_from(folder, _stamp(folder), case.case_id, reference)


@lru_cache(maxsize=64)
def _mixed(folder: Path, stamp: int, case_id: str) -> OutcomeMix | None:
    case = desk().case(case_id)
    return None if case is None else study().outcome_mix(row_of(case.values, case_id))


def outcome_mix(case: Case) -> OutcomeMix | None:
    """What happened in many past cases like this one."""
    folder = Path(study().path)
    return _mixed(folder, _stamp(folder), case.case_id)


@lru_cache(maxsize=64)
def _similar(folder: Path, stamp: int, case_id: str) -> tuple[SimilarCase, ...]:
    case = desk().case(case_id)
    return () if case is None else tuple(study().similar(row_of(case.values, case_id)))


def similar(case: Case) -> tuple[SimilarCase, ...]:
    folder = Path(study().path)
    found = _similar(folder, _stamp(folder), case.case_id)
    # The case itself may be in the past data: showing it would give its outcome away before the decision.
    return tuple(past for past in found if past.row_id != case.case_id)


@lru_cache(maxsize=64)
def _black_box(folder: Path, stamp: int, case_id: str) -> CaseExplanation | None:
    case = desk().case(case_id)
    return None if case is None else study().black_box(row_of(case.values, case_id))


def black_box(case: Case) -> CaseExplanation | None:
    folder = Path(study().path)
    return _black_box(folder, _stamp(folder), case.case_id)


@lru_cache(maxsize=256)
def _snippets(folder: Path, stamp: int, feature: str, token: str, units: Units) -> tuple[Snippet, ...] | None:
    try:
        return study().snippets(feature, token, units)
    except BundleError:
        return None


def snippets(feature: str, token: str, units: Units) -> tuple[Snippet, ...] | None:
    """Past texts around a token, for roles that may read them; None where the study keeps none."""
    policy.check_role(access.role(), "past_texts")
    folder = Path(study().path)
    return _snippets(folder, _stamp(folder), feature, token, units)


def whole() -> WholeExplanation:
    return study().evidence.explanation


def warm_up() -> None:
    """Opens the study, explains one case and imports what pages need, so that the first view is fast."""
    if not exists():
        return
    import interpretable.figures
    import interpretable.report  # noqa: F401  the import is the point: it is slow the first time

    waiting = desk().cases().cases
    if waiting:
        explain(waiting[0])
        similar(waiting[0])


@lru_cache(maxsize=2)
def _guidelines(folder: Path, stamp: int) -> Guidelines:
    return read_guidelines(folder)


def guidelines() -> Guidelines | None:
    """The institution's guidelines, read again when a file changed; None where the task names none."""
    folder = find_folder(study().task, study().path)
    if folder is None:
        return None
    stamps = (p.stat().st_mtime_ns for p in (folder, *folder.rglob("*")) if p.exists())
    return _guidelines(folder, hash(tuple(sorted(stamps))))


def prediction_range(case: Case) -> PredictionRange | None:
    """Where the truth lies in most cases like those the model was checked on."""
    return study().prediction_range(row_of(case.values, case.case_id))
