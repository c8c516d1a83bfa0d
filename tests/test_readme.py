"""Every code block of the README and of docs/ is run, in order, as a reader would run it.

Python blocks of one document share one namespace and one temp folder, which holds a copy of sample_data;
bash blocks run there too, `console` blocks by their lines that begin with `$ `. Lines with `make` are not run
(they would run this test again): their targets must exist. A block that cannot be run carries the reason in a
comment directly above it: <!-- not run: needs a server of your own -->
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<ticks>```+)\s*(?P<language>[\w+-]*)[^`]*$")
NOT_RUN = re.compile(r"^<!--\s*not run:?(?P<reason>.*?)-->$")
MAKE = re.compile(r"^make\s+(?P<target>[a-z-]+)\b")
SHELL = {"bash", "sh", "shell", "console"}


@dataclass(frozen=True, kw_only=True)
class Block:
    document: str
    line: int  # of the first line inside the fence
    language: str
    text: str
    reason: str | None  # why it is not run; None: it is

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"


def blocks_of(path: Path) -> Iterator[Block]:
    lines = path.read_text(encoding="utf-8").splitlines()
    above, start, opening = "", 0, None
    for number, line in enumerate(lines, 1):
        fence = FENCE.match(line)
        if opening is None and fence:
            opening, start = fence, number + 1
        elif opening is not None and line.strip() == opening["ticks"]:
            mark = NOT_RUN.match(above)
            yield Block(
                document=path.relative_to(ROOT).as_posix(),
                line=start,
                language=opening["language"].lower(),
                text="\n".join(lines[start - 1 : number - 1]),
                reason=mark["reason"].strip() if mark else None,
            )
            opening, above = None, ""
        elif opening is None and line.strip():
            above = line.strip()


def runnable(path: Path) -> list[Block]:
    return [block for block in blocks_of(path) if block.language in SHELL | {"python"}]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def commands_of(block: Block) -> list[str]:
    lines = block.text.splitlines()
    if block.language == "console":
        lines = [line[2:] for line in lines if line.startswith("$ ")]
    for line in lines:
        target = MAKE.match(line)
        assert not target or target["target"] in make_targets(), (
            f"{block.place}: the Makefile has no {line!r}"
        )
    return [line for line in lines if not MAKE.match(line)]


def run_shell(block: Block, folder: Path) -> None:
    script = "\n".join(commands_of(block))
    if not re.sub(r"^\s*#.*$", "", script, flags=re.MULTILINE).strip():
        return
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"{block.place}\n{script}\n{run.stdout}\n{run.stderr}"


def run_python(block: Block, namespace: dict[str, object]) -> None:
    # Empty lines in front, so that a traceback shows the line of the document.
    code = "\n" * (block.line - 1) + block.text
    exec(compile(code, block.document, "exec"), namespace)


def test_there_is_a_readme_with_python_and_shell_blocks() -> None:
    assert (ROOT / "README.md").exists(), "README.md is missing"
    languages = {block.language for block in runnable(ROOT / "README.md") if block.reason is None}
    assert "python" in languages and languages & SHELL


@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if path.exists() and any(b.reason is None for b in runnable(path))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_every_block_does_what_the_document_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(
        ROOT / "sample_data", tmp_path / "sample_data", ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in runnable(path):
        if block.reason is not None:
            continue
        if block.language == "python":
            run_python(block, namespace)
        else:
            run_shell(block, tmp_path)


def test_a_block_that_is_not_run_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = [
        block for path in DOCUMENTS if path.exists() for block in runnable(path) if block.reason is not None
    ]
    assert [block.place for block in skipped if len((block.reason or "").split()) < 2] == []
    with capsys.disabled():
        for block in skipped:
            print(f"\nnot run: {block.place} ({block.reason})", end="")


def test_the_reader_of_blocks_sees_language_line_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = "Say\n\n```python\na = 1\n```\n\n"
    not_run = "<!-- not run: needs a key -->\n\n```bash\nfalse\n```\n\n```text\nx\n```\n"
    (tmp_path / "page.md").write_text(run + not_run)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    first, second, third = blocks_of(tmp_path / "page.md")
    assert (first.language, first.line, first.text, first.reason) == ("python", 4, "a = 1", None)
    assert (second.language, second.reason) == ("bash", "needs a key")
    assert third.language == "text"


@pytest.mark.parametrize(
    ("text", "fails"), [("true", False), ("make demo", False), ("false", True), ("make nought", True)]
)
def test_a_wrong_command_in_a_document_is_noticed(tmp_path: Path, text: str, fails: bool) -> None:
    block = Block(document="page.md", line=1, language="bash", text=text, reason=None)
    if fails:
        with pytest.raises(AssertionError, match=r"page\.md:1"):
            run_shell(block, tmp_path)
    else:
        run_shell(block, tmp_path)
