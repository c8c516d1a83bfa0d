"""Small models and language models together: each mechanism is asked beside a finished study.

A mechanism is a module here with `run(study, asking, **options)`, and a record of its own. What it finds is
kept under `beside/` in the study's folder with a seal of its own: the study itself was sealed before. The
answers of a run that was stopped lie in a hidden folder beside the study, and go in with its finding.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from interpretable import llm
from interpretable.bundle import seal
from interpretable.errors import BundleError, UserError
from interpretable.llm import Cached, LLMClient
from interpretable.records import codec
from interpretable.records.exchange import LLMMode
from interpretable.records.task import Task
from interpretable.study import layout
from interpretable.study.options import Progress, silent


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """Where a mechanism lives: dotted names, so that nothing is loaded before its time."""

    module: str
    record: str  # "package.module:Class"

    def record_type(self) -> type:
        place, _, name = self.record.partition(":")
        found: type = getattr(import_module(place), name)
        return found

    def run(self, study: Any, asking: Asking, **options: Any) -> Any:
        return import_module(self.module).run(study, asking, **options)


MECHANISMS: dict[str, Mechanism] = {
    "narrate": Mechanism(
        module="interpretable.study.beside.narrate", record="interpretable.records.narrated:Narrated"
    ),
    "attack": Mechanism(
        module="interpretable.study.beside.attack", record="interpretable.records.attack:AttackFinding"
    ),
    "cascade": Mechanism(
        module="interpretable.study.beside.cascade", record="interpretable.records.cascade:CascadeFinding"
    ),
    "augment": Mechanism(
        module="interpretable.study.beside.augment", record="interpretable.records.augmented:Augmented"
    ),
    "curve": Mechanism(
        module="interpretable.study.beside.curve", record="interpretable.records.curve:CurveFinding"
    ),
    "shift": Mechanism(
        module="interpretable.study.beside.shift", record="interpretable.records.shift:ShiftFinding"
    ),
    "baseline": Mechanism(
        module="interpretable.study.beside.baseline",
        record="interpretable.records.llm_baseline:BaselineFinding",
    ),
    "prior": Mechanism(
        module="interpretable.study.beside.prior", record="interpretable.records.prior:PriorFinding"
    ),
    "label": Mechanism(
        module="interpretable.study.beside.label", record="interpretable.records.labelled:LabelFinding"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How a mechanism may ask a language model, and where it reports."""

    mode: LLMMode
    task: Task
    folder: Path  # where answers are kept while the run goes on
    seed: int = 0
    progress: Progress = field(default=silent)

    def teller(self, say: Callable[[int], str]) -> Callable[..., None]:
        """What is called after each answer, with anything: tells how many came, in the words of `say`."""
        come = count(1)
        return lambda *_: self.progress(say(next(come)))

    @contextmanager
    def client(self) -> Iterator[LLMClient]:
        """The language model, its answers remembered; LLMError where there is none."""
        with llm.connect(self.mode, self.task) as client:
            yield Cached(client, self.folder)


def ask(
    study: Any, name: str, *, mode: LLMMode, seed: int = 0, progress: Progress = silent, **options: Any
) -> Any:
    """Run one mechanism beside an open study, keep what it found, and return it.

    Raises
    ------
    UserError : there is no such mechanism, or what the mechanism itself refuses
    LLMError : the language model cannot be had
    """
    if name not in MECHANISMS:
        raise UserError(f"There is no mechanism {name!r}. Known: {', '.join(MECHANISMS)}.")
    folder = study.path.with_name(f".{study.path.name}.beside-{name}")
    asking = Asking(mode=mode, task=study.task, folder=folder, seed=seed, progress=progress)
    found = MECHANISMS[name].run(study, asking, **options)
    keep(study.path, found, answers=folder)
    shutil.rmtree(folder, ignore_errors=True)
    return found


def keep(study: Path, found: Any, *, answers: Path | None = None) -> None:
    """Write a finding into the study's folder, all at once, and seal the folder of findings anew."""
    place, name = study / layout.BESIDE, found.told.mechanism
    new = place.with_name(f".{layout.BESIDE}.new")
    shutil.rmtree(new, ignore_errors=True)
    if place.is_dir():
        shutil.copytree(place, new)
    shutil.rmtree(new / layout.EXCHANGES / name, ignore_errors=True)
    seal.write_bytes(new / f"{name}.json", codec.to_json(found, indent=1))
    if answers is not None and answers.is_dir():
        shutil.copytree(answers, new / layout.EXCHANGES / name)
    layout.write_signed(new, _members(new), {})
    old = place.with_name(f".{layout.BESIDE}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _members(folder: Path) -> list[str]:
    files = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in files if name != layout.SEAL)


def read(study: Path, bundle_id: str) -> dict[str, Any]:
    """Every finding beside a study, by mechanism in the order they are shown; proved before it is parsed.

    Raises
    ------
    BundleError : a finding was changed, or belongs to another model
    """
    folder = study / layout.BESIDE
    if not folder.is_dir():
        return {}
    wrong = problems(study, bundle_id)
    if wrong:
        raise BundleError(wrong)
    there = [name for name in MECHANISMS if (folder / f"{name}.json").is_file()]
    return {name: _parsed(folder / f"{name}.json", MECHANISMS[name]) for name in there}


def _parsed(path: Path, mechanism: Mechanism) -> Any:
    return codec.from_json(path.read_bytes(), mechanism.record_type())


def problems(study: Path, bundle_id: str) -> list[str]:
    """One sentence per finding that is missing, changed, new or of another model."""
    folder = study / layout.BESIDE
    if not folder.is_dir():
        return []
    try:
        sealed = layout.read_seal(folder, f"{layout.BESIDE}/{layout.SEAL}")["files"]
    except BundleError as error:
        return list(error.problems)
    found = []
    for name, expected in sealed.items():
        path = folder / name
        if not path.is_file() or seal.digest(path.read_bytes()) != expected:
            found.append(f"'{layout.BESIDE}/{name}' is missing or was changed after it was written.")
    for name in sorted(set(_members(folder)) - set(sealed)):
        found.append(f"'{layout.BESIDE}/{name}' was added after the findings were written.")
    return found or _foreign(folder, bundle_id)


def _foreign(folder: Path, bundle_id: str) -> list[str]:
    found = []
    for path in sorted(folder.glob("*.json")):
        told = codec.from_json(path.read_bytes(), dict[str, Any]).get("told", {})
        if path.name != layout.SEAL and told.get("bundle_id") != bundle_id:
            found.append(f"'{layout.BESIDE}/{path.name}' was found beside another model than this one.")
    return found
