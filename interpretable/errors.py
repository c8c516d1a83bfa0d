"""Every error this package raises on purpose.

    InterpretableError
    ├── UserError            shown to the person as text; says what is wrong, which, and what to do next
    │   ├── TaskError        the task file
    │   ├── DataError        the data table
    │   ├── BundleError      a study or model on disk that is not whole, or not ours
    │   ├── ReviewError      a decision that the record cannot accept
    │   └── LLMError         a language model that cannot be used, or answered badly
    └── BrokenPromise        a bug: something this package guarantees did not hold

Anything else that escapes is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence


class InterpretableError(Exception):
    """Root of all errors raised here."""


class UserError(InterpretableError):
    """A problem the person can mend. `problems` holds one sentence each; the message lists them all."""

    def __init__(self, problems: str | Sequence[str]):
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class TaskError(UserError):
    """The task file is missing something, or contradicts itself or the data."""


class DataError(UserError):
    """The table cannot be read as the task says."""


class BundleError(UserError):
    """A study or bundle is damaged, incomplete, or of an unknown version."""


class ReviewError(UserError):
    """A review decision breaks a rule of the record."""


class LLMError(UserError):
    """A language model is not reachable, not allowed, or its answer cannot be used. `code` is stable."""

    def __init__(self, problems: str | Sequence[str], *, code: str = "llm_failed"):
        self.code = code
        super().__init__(problems)


class BrokenPromise(InterpretableError):
    """A guarantee of this package did not hold: please report it."""
