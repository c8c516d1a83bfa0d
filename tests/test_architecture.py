"""The walls of the house: layers, fences, sizes, and what must never stand in the code.

Each check gathers all offenders first, so that one run shows the whole list.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ROOT / "interpretable"
APP = ROOT / "app"

# Library -> the files that may import it, as path prefixes below the root.
FENCES = {
    "streamlit": ("app/",),
    "interpret": ("interpretable/models/",),
    "xgboost": ("interpretable/models/", "interpretable/score/", "interpretable/explain/treeshap.py"),
    "shap": ("interpretable/explain/treeshap.py",),
    "altair": ("interpretable/figures",),
    "sqlalchemy": ("interpretable/store/",),
    "openai": ("interpretable/llm/",),
    "xllamacpp": ("interpretable/llm/",),
    "socket": ("interpretable/llm/",),
    "ssl": ("interpretable/llm/",),
    "http": ("interpretable/llm/",),
    "urllib.request": ("interpretable/llm/",),
    "requests": ("interpretable/llm/",),
    "httpx": ("interpretable/llm/",),
    "httpx2": ("interpretable/llm/",),
    "asyncio": ("app/", "interpretable/llm/"),
}
# A file from elsewhere must never be able to run code: nothing here may read one of these formats.
NEVER_IMPORTED = {"pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve", "skops"}
NEVER_CALLED = {
    "eval",
    "exec",
    "joblib.load",
    "joblib.dump",
    "yaml.load",
    "yaml.unsafe_load",
    "pd.read_pickle",
    "pandas.read_pickle",
    "torch.load",
    "os.system",
}
MAY_CATCH_EVERYTHING = {"app/jobs.py", "app/asgi.py", "interpretable/cli/__init__.py"}
HEAVY = (
    "sklearn",
    "scipy",
    "shap",
    "interpret",
    "streamlit",
    "xgboost",
    "numba",
    "altair",
    "statsmodels",
    "openai",
)
LIGHT_ROOMS = (
    "interpretable",
    "interpretable.records",
    "interpretable.data",
    "interpretable.words",
    "interpretable.score",
)
# Written in halves, so that this file does not hold what it forbids.
NOT_IN_THE_REPOSITORY = (
    "/wor" + "k/",
    "/tmp" + "/w/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "pypi" + ".org",
    "python" + "hosted",
    "registry.npm" + "js",
    "deb.debian" + ".org",
    "static.crates" + ".io",
    "proxy.gol" + "ang",
)


def source_files(*folders: Path) -> list[Path]:
    return sorted(
        path for folder in folders for path in folder.rglob("*.py") if "__pycache__" not in path.parts
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every absolute import, lazy ones included: line and dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in {
            "import_module",
            "__import__",
        }:
            yield from ((node.lineno, word.value) for word in node.args[:1] if isinstance(word, ast.Constant))


def is_within(name: str, library: str) -> bool:
    return name == library or name.startswith(library + ".")


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"


def fail_with(offenders: list[str], rule: str) -> None:
    assert not offenders, f"{rule}\n  " + "\n  ".join(offenders)


def test_imports_point_down_only() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def fence_offenders() -> Iterator[str]:
    for path in source_files(ROOMS, APP):
        seen: set[tuple[int, str]] = set()
        for line, name in imported_names(tree_of(path)):
            for library, allowed in FENCES.items():
                if (
                    is_within(name, library)
                    and not name_of(path).startswith(allowed)
                    and (line, library) not in seen
                ):
                    seen.add((line, library))
                    yield f"{name_of(path)}:{line} imports {library}; allowed in {', '.join(allowed)}"


def test_each_library_stays_behind_its_fence() -> None:
    fail_with(list(fence_offenders()), "These libraries have one room each:")


def test_nothing_can_run_code_from_a_file() -> None:
    offenders = []
    for path in source_files(ROOMS, APP):
        tree = tree_of(path)
        offenders += [
            f"{name_of(path)}:{line} imports {name}"
            for line, name in imported_names(tree)
            if name.split(".")[0] in NEVER_IMPORTED
        ]
        offenders += [
            f"{name_of(path)}:{node.lineno} calls {dotted(node.func)}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and dotted(node.func) in NEVER_CALLED
        ]
        offenders += [
            f"{name_of(path)}:{node.value.lineno} passes allow_pickle"
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword)
            and node.arg == "allow_pickle"
            and getattr(node.value, "value", 1)
        ]
    fail_with(offenders, "Formats and calls that can run code are not used:")


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Tidying up and letting the error go on is not catching it."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_nobody_catches_everything() -> None:
    offenders = []
    for path in source_files(ROOMS, APP):
        if name_of(path) in MAY_CATCH_EVERYTHING:
            continue
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.ExceptHandler) or raises_again(node):
                continue
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or dotted(kind) in {"Exception", "BaseException"} for kind in caught):
                offenders.append(f"{name_of(path)}:{node.lineno}")
    fail_with(
        offenders, "`except Exception` belongs to " + ", ".join(sorted(MAY_CATCH_EVERYTHING)) + " only:"
    )


def function_lengths() -> list[tuple[int, str]]:
    """Lines of each function's body, without its docstring: as long as what must be read as one thought."""
    lengths = []
    for path in source_files(ROOMS, APP):
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            lengths.append((lines, f"{name_of(path)}:{node.lineno} {node.name}"))
    return sorted(lengths)


def test_functions_are_short() -> None:
    lengths = function_lengths()
    ninetieth = lengths[int(0.9 * (len(lengths) - 1))][0]
    assert ninetieth <= 30, f"nine of ten functions should be at most 30 lines long, but it is {ninetieth}"
    fail_with([f"{name}: {lines} lines" for lines, name in lengths if lines > 60], "Longer than 60 lines:")


def test_modules_are_short() -> None:
    sizes = [(len(path.read_text("utf-8").splitlines()), name_of(path)) for path in source_files(ROOMS, APP)]
    fail_with([f"{name}: {lines} lines" for lines, name in sizes if lines > 400], "Longer than 400 lines:")


def test_no_room_is_a_drawer_for_odds_and_ends() -> None:
    banned = {"utils", "util", "helpers", "helper", "core", "manager", "common", "misc"}
    fail_with([name_of(p) for p in source_files(ROOMS, APP) if p.stem in banned], "Say what is in it:")


@pytest.mark.parametrize("room", LIGHT_ROOMS)
def test_light_rooms_do_not_pay_for_heavy_libraries(room: str) -> None:
    code = f"import sys, {room}; print(*sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [], f"`import {room}` also imports {run.stdout.strip()}"


# What switches a check off, and after it the reason.
SWITCH = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no\s*cover|pyright:\s*ignore)")
REASON = re.compile(r"(?:\[[\w, -]+\]|:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?\W*(?P<reason>.*)")


def comments_of(path: Path) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_each_switched_off_check_says_why() -> None:
    offenders = []
    for path in source_files(ROOMS, APP, ROOT / "tests", ROOT / "benchmarks"):
        for line, comment in comments_of(path):
            switch = SWITCH.search(comment)
            if switch and not REASON.match(comment[switch.end() :])["reason"].strip():
                offenders.append(f"{name_of(path)}:{line} {comment}")
    fail_with(offenders, "Say after it why the check does not apply here:")


def tracked_files() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if run.returncode:
        pytest.skip("not a git work tree: which files are tracked cannot be told")
    return [ROOT / name for name in run.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_machine_paths_or_registry_hosts_in_the_repository() -> None:
    offenders = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures and model files
        offenders += [f"{name_of(path)} holds {word!r}" for word in NOT_IN_THE_REPOSITORY if word in text]
    fail_with(offenders, "The repository must not depend on one machine or one registry:")


def test_annotations_are_never_evaluated_at_import() -> None:
    missing = [
        name_of(path)
        for path in source_files(ROOMS, APP)
        if path.read_text("utf-8").strip()
        and "from __future__ import annotations" not in path.read_text("utf-8")
        and any(isinstance(n, ast.FunctionDef | ast.ClassDef) for n in ast.walk(tree_of(path)))
    ]
    fail_with(missing, "`from __future__ import annotations` stands first in every module with code:")
