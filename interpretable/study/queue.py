"""Cases put in front of a reviewer: from a file, or a sample of the test part."""

from __future__ import annotations

from pathlib import Path

from interpretable.records.review import Case
from interpretable.review import open_desk
from interpretable.review.intake import estimated, make_cases, row_of
from interpretable.study.opened import OpenStudy


def _from_file(study: OpenStudy, file: Path) -> tuple[Case, ...]:
    prefix = "" if study.task.id else f"{file.stem}-"
    rows = study.read_cases(file)
    return make_cases(rows, study.task, look=study.look_over, source=file.name, prefix=prefix)


def _sample(study: OpenStudy, count: int) -> tuple[Case, ...]:
    def finish(case: Case) -> Case:
        row = row_of(case.values, case.case_id, study.task, read=study.read_cases)
        return estimated(case, study.look_over(row)[0], study.task)

    return tuple(finish(case) for case in study.sample_cases(count))


def queue_cases(study: OpenStudy, file: Path | None = None, *, count: int = 25, by: str) -> int:
    """Add cases for review; returns how many were new. Cases already in the record are left as they are."""
    desk = open_desk(study.path)
    found = _from_file(study, file) if file else _sample(study, count)
    new = tuple(case for case in found if desk.case(case.case_id) is None)
    return desk.add_cases(new, by=by) if new else 0
