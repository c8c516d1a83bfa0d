"""What a language model or a person expects of names and words, as a target that weights shrink to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.bundle.seal import write_bytes
from interpretable.collab.baseline import refuse_double
from interpretable.collab.prior import Said, ask_prior, make_questions
from interpretable.collab.prior_agree import compare_scores, compare_ways
from interpretable.collab.prior_trial import FAMILIES, Trial, shared_family
from interpretable.data.priorfile import digest, prior_text, read_prior
from interpretable.errors import UserError
from interpretable.models.base import Effort, families
from interpretable.records.beside import Told
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Egress, LLMInfo
from interpretable.records.prior import Prior, PriorFinding, PriorGain, PriorWeight
from interpretable.study.beside import Asking
from interpretable.study.evidence import now

NAME = "prior"
SIZES = (25, 50, 100, 200)
REPEATS = {"ebm": 2}  # boosting takes longest
USUAL_REPEATS = 4


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Options of the mechanism.

    source : file of a prior to read; then no language model is asked
    out : where the prior is written
    family : linear, ebm or text; by default the study's own, or the nearest that takes up a prior
    sizes : numbers of rows to learn from, besides all
    repeats : of five folds; 0: 4, for boosting 2
    draws : times that each direction is asked
    words : most frequent words of a text column that are asked about
    rehearsal : lets a scripted double stand in for a language model
    """

    source: str | Path | None = None
    out: str | Path | None = None
    family: str = ""
    sizes: tuple[int, ...] = SIZES
    repeats: int = 0
    draws: int = 3
    words: int = 300
    rehearsal: bool = False

    def __post_init__(self) -> None:
        problems = []
        if self.family and self.family not in FAMILIES:
            problems.append(f"family is {self.family!r}; it can be {', '.join(FAMILIES)}.")
        if any(size < 2 for size in self.sizes):
            problems.append("sizes are numbers of rows, 2 or more.")
        if self.repeats < 0 or self.draws < 1 or self.words < 1:
            problems.append("repeats can be 0 or more, draws and words 1 or more.")
        if problems:
            raise UserError(problems)


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """The prior and how it was come by."""

    prior: Prior
    info: LLMInfo | None = None
    egress: tuple[Egress, ...] = ()
    told: dict[str, Any] = field(default_factory=dict)  # fields of the finding
    said: Said | None = None


def run(study: Any, asking: Asking, **options: Any) -> PriorFinding:
    """Ask for a prior, or read one, and measure on training rows whether it helps. The test part stays shut.

    Parameters
    ----------
    options : fields of Settings

    Raises
    ------
    UserError : an option that cannot be, nobody to ask and nothing to read, a file that is there already
    TaskError : every problem of the file that was read
    LLMError : the language model cannot be had, or was lost; answers so far are kept
    """
    settings, begin = Settings(**options), time.perf_counter()
    train = study.grouped(study.part("train"))
    heard = _hear(study, train, asking, settings)
    if settings.out is not None:
        write_bytes(Path(settings.out), prior_text(heard.prior).encode())
    gains, weights = _measure(study, train, heard.prior, asking, settings)
    verdict, reason = _verdict(heard.prior, gains)
    scorer = study.model.scorer()
    told = Told(
        mechanism=NAME, bundle_id=study.bundle_id, created=now(), seed=asking.seed, verdict=verdict,
        reason=reason, info=heard.info, ledger=heard.said.ledger if heard.said else None,
        egress=heard.egress,
    )  # fmt: skip
    found = PriorFinding(
        told=told, prior=heard.prior, digest=digest(heard.prior), model=study.model.index.selected,
        rows=len(train), gains=gains, weights=weights,
        ways=tuple(compare_ways(heard.prior, scorer, train, seed=asking.seed)),
        scores=tuple(compare_scores(heard.prior, scorer, train, seed=asking.seed)), **heard.told,
    )  # fmt: skip
    return replace(found, told=replace(told, seconds=round(time.perf_counter() - begin, 1)))


def _hear(study: Any, train: Dataset, asking: Asking, settings: Settings) -> _Heard:
    """The prior from a file, or from the language model."""
    if settings.source is not None:
        levels = {f.name: f.levels for f in study.model.scorer().features}
        return _Heard(prior=read_prior(settings.source, study.task, train.classes, levels=levels))
    if asking.mode == "off":
        raise UserError(
            "There is nobody to ask (--llm off) and no file to read. Name one with --from, or choose a "
            "language model with --llm."
        )
    if settings.out is not None and Path(settings.out).exists():
        raise UserError(
            f"{str(settings.out)!r} is there already, perhaps edited by a person. Read it with --from, or "
            "choose another name with --out."
        )
    with asking.client() as client:
        refuse_double(client, rehearsal=settings.rehearsal)
        made = make_questions(train, allowed=client.columns, draws=settings.draws, words=settings.words)
        tell = asking.teller(lambda done: f"prior: {done} of {len(made.questions)} questions asked")
        said = ask_prior(client, made, train, date=now()[:10], tell=tell)
        example = made.questions[0].prompt.text() if made.questions else ""
        told = {
            "draws": settings.draws, "not_asked": made.not_asked, "words_shown": made.words_shown,
            "words_withheld": made.words_withheld, "unread": said.unread, "prompt_example": example,
        }  # fmt: skip
        return _Heard(prior=said.prior, info=client.info(), egress=client.egress(), told=told, said=said)


def _measure(
    study: Any, train: Dataset, prior: Prior, asking: Asking, settings: Settings
) -> tuple[tuple[PriorGain, ...], tuple[PriorWeight, ...]]:
    """Gains by number of rows, and the weight on all of them."""
    kinds = {c.kind for c in study.task.features}
    family = settings.family or shared_family(_family_in_use(study), kinds, prior)
    if not families[family].can_fit(study.task):
        raise UserError(f"family {family!r} cannot read any column of this task.")
    if prior.empty:
        return (), ()
    effort = Effort(seed=asking.seed, level="quick", refits=0, settings=_parts(study, family))
    trial = Trial(
        train=train, prior=prior, family=family, effort=effort,
        repeats=settings.repeats or REPEATS.get(family, USUAL_REPEATS), tell=asking.progress,
    )  # fmt: skip
    gains = trial.gains(settings.sizes)
    asking.progress(f"{family}: the weight on all training rows")
    return gains, (trial.weight(),)


def _family_in_use(study: Any) -> str:
    return study.evidence.model(study.model.index.selected).family


def _parts(study: Any, family: str) -> dict[str, Any]:
    """Units of tokens that the study's text model has chosen, so that no fold chooses them again."""
    chosen = [m.settings.get("parts") for m in study.evidence.models if m.family == family == "text"]
    return {"parts": tuple(chosen[0])} if chosen and chosen[0] else {}


def _verdict(prior: Prior, gains: tuple[PriorGain, ...]) -> tuple[Any, str]:
    """That of all rows, and why; that few rows would say otherwise is told."""
    if prior.empty:
        return "does_not_help", "nothing_said"
    if not gains:
        return "cannot_tell", "too_few"
    full = gains[-1]
    if full.verdict == "helps":
        return "helps", "gain"
    if any(g.verdict == "helps" for g in gains[:-1]):
        return full.verdict, "few_rows_only"
    if full.gain.low is not None and full.gain.low > 0:
        return full.verdict, "like_control"
    if full.verdict == "cannot_tell":
        return full.verdict, "open"
    return full.verdict, "unused" if not np.any([g.used for g in gains]) else "no_gain"
