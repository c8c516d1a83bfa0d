"""What a training run may do, in one record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from interpretable.errors import UserError
from interpretable.models.base import Effort
from interpretable.records.exchange import LLMMode
from interpretable.records.prior import Prior
from interpretable.records.task import Level

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a study is made. The same options, seed, task and data give the same study."""

    models: tuple[str, ...] = ()  # family names; empty means all that fit the task
    seed: int = 0
    level: Level = "standard"
    tune: int = 0  # settings tried per family
    average: bool = False  # average the best of them
    distil: str = ""  # the model a glass box may learn from
    llm: LLMMode = "local"
    llm_rows: int = 40  # test rows the language model is asked about
    threads: int = 1
    prior: Prior | None = None  # what is expected before any row is seen

    def __post_init__(self) -> None:
        if self.llm not in get_args(LLMMode):
            raise UserError(f"llm is {self.llm!r}; it can be {', '.join(get_args(LLMMode))}.")
        if self.level not in get_args(Level):
            raise UserError(f"level is {self.level!r}; it can be {', '.join(get_args(Level))}.")
        if self.tune < 0:
            raise UserError(f"tune is {self.tune}; it can be 0 or more settings per family.")
        if self.llm_rows < 1:
            raise UserError(f"llm_rows is {self.llm_rows}; at least 1 row is asked about.")
        if self.seed < 0:
            raise UserError(f"seed is {self.seed}; it can be 0 or more.")

    @property
    def quick(self) -> bool:
        return self.level == "quick"

    @property
    def audit(self) -> bool:
        return self.level == "audit"

    def effort(self) -> Effort:
        """What one fit may spend."""
        return Effort(
            seed=self.seed, level=self.level, refits=self.refits, threads=self.threads, prior=self.prior
        )

    @property
    def folds(self) -> int:
        return 3 if self.quick else 5

    @property
    def refits(self) -> int:
        """Refits of linear models on resampled rows; an EBM has its outer bags."""
        return {"quick": 8, "standard": 20, "audit": 50}[self.level]

    @property
    def resamples(self) -> int:
        """Bootstrap resamples behind each interval."""
        return 500 if self.quick else 2000


def silent(message: str) -> None:
    """A progress that says nothing."""
