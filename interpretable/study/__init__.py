"""The whole way in one object: every method hands on to a room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from interpretable.errors import UserError
from interpretable.study.opened import OpenStudy
from interpretable.study.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas

    from interpretable.records.exchange import LLMMode
    from interpretable.records.prior import Prior
    from interpretable.records.task import Level, Task
    from interpretable.study.options import Progress

__all__ = ["OpenStudy", "open_study", "train", "verify"]


def _level(planned: Level, *, quick: bool, audit: bool) -> Level:
    if quick and audit:
        raise UserError("quick and audit exclude each other: leave one out.")
    return "quick" if quick else "audit" if audit else planned


def open_study(path: str | Path) -> OpenStudy:
    """Open a study; BundleError where it was changed since it was written."""
    return OpenStudy(path)


def train(
    task: str | Path | Task,
    *,
    out: str | Path,
    data: str | Path | pandas.DataFrame | None = None,
    models: str | Sequence[str] = (),
    seed: int = 0,
    quick: bool = False,
    audit: bool = False,
    tune: int | None = None,
    average: bool | None = None,
    distil: str | None = None,
    prior: str | Path | Prior | None = None,
    llm: LLMMode = "local",
    llm_rows: int = 40,
    progress: Progress | None = None,
) -> OpenStudy:
    """Check the data, train, measure and write a study; returns it opened.

    Parameters
    ----------
    task : path of a task file, or a Task
    out : folder of the study; an older study there is replaced only when the new one is complete
    data : a table or its path; by default the one the task names
    models : family or model names; by default all that fit the task
    seed : every random choice follows from it
    quick : fewer folds, bags and resamples, and only the quick part of each inspection
    audit : more bags, refits and repeats, for the record of a model that goes into use
    tune : settings tried per family, on inner folds; the task's [plan] says where this does not
    average : average the best settings of the search into one model
    distil : the stronger model whose predictions a glass box may learn from, if that proves to help
    prior : what is expected of columns, levels and words, as a file (docs/explanation/prior.md) or a record;
        linear, EBM and text models take it up as far as their training rows bear it out, or not at all
    llm : "local", "endpoint" or "off": which language model stands beside the small ones
    llm_rows : test rows the language model is asked about
    progress : called with one sentence per step

    Raises
    ------
    TaskError, DataError : with every problem found
    LLMError : an endpoint without the task's consent
    """
    from interpretable.study.options import Options, silent
    from interpretable.study.sources import gather, read_outsiders, read_prior_of
    from interpretable.study.training import run

    dataset, text = gather(task, data)
    plan = dataset.task.plan
    options = Options(
        models=((models,) if isinstance(models, str) else tuple(models)) or plan.models,
        seed=seed,
        level=_level(plan.level, quick=quick, audit=audit),
        tune=plan.tune if tune is None else tune,
        average=plan.average if average is None else average,
        distil=plan.distil if distil is None else distil,
        prior=read_prior_of(prior, dataset),
        llm=llm,
        llm_rows=llm_rows,
    )
    run(
        dataset, text, out=Path(out), options=options, progress=progress or silent,
        outsiders=read_outsiders(task, dataset.task),
    )  # fmt: skip
    return OpenStudy(out)
