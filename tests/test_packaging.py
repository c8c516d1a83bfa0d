"""What a newcomer installs: the wheel, the lock files, the Makefile, the container file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from interpretable.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?:\s*;(?P<marker>[^\\]*))?", re.MULTILINE
)


def pins_of(lock: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for pin in PINNED.finditer((ROOT / lock).read_text("utf-8")):
        pins.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return pins


def run_make(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MAKEFLAGS": "", **environment},
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(
        r"\n(?=\S)", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    )
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert [entry.splitlines()[0] for entry in entries if not PINNED.match(entry)] == []
    assert "://" not in text and "index-url" not in text and "find-links" not in text


@pytest.mark.parametrize(
    ("lock", "extras"), [(LOCKS[0], ["llm-local"]), (LOCKS[1], ["llm", "llm-local", "dev"])]
)
def test_a_lock_holds_what_pyproject_asks_for(lock: str, extras: list[str]) -> None:
    pins = pins_of(lock)
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
    wanted += [line for extra in extras for line in PROJECT["project"]["optional-dependencies"][extra]]
    for line in wanted:
        need = Requirement(line)
        versions = pins.get(canonicalize_name(need.name), set())
        assert any(need.specifier.contains(version) for version in versions), (
            f"{line} is not in {lock}: make lock"
        )


def test_what_is_shipped_is_what_was_tested() -> None:
    tested = pins_of(LOCKS[1])
    differing = {
        name: versions
        for name, versions in pins_of(LOCKS[0]).items()
        if not versions <= tested.get(name, set())
    }
    assert differing == {}


def test_the_build_needs_nothing_that_is_not_in_the_lock() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


def folders_with_code() -> set[str]:
    shipped = {
        "interpretable": "interpretable",
        "app": "interpretable_app",
        "sample_data": "interpretable_samples",
    }
    packages = set()
    for folder, package in shipped.items():
        for init in (ROOT / folder).rglob("__init__.py"):
            inside = init.parent.relative_to(ROOT / folder).parts
            packages.add(".".join((package, *inside)))
    return packages


def test_every_package_of_the_tree_is_shipped() -> None:
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == folders_with_code()


def test_there_is_one_version() -> None:
    assert PROJECT["project"]["version"] == VERSION


@pytest.fixture(scope="module")
def wheel_members(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    work = tmp_path_factory.mktemp("wheel")
    source = work / "source"
    source.mkdir()
    for name in ("interpretable", "app", "sample_data"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "NOTICE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, source)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(work),
        ".",
    ]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = work.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_code_words_app_and_sample_data(wheel_members: set[str]) -> None:
    expected = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package, patterns in (
            ("interpretable", "interpretable", ("*.py", "*.toml", "*.html", "*.css", "py.typed")),
            ("app", "interpretable_app", ("*.py", "*.toml", "*.css")),
            ("sample_data", "interpretable_samples", ("*.py", "*.csv", "*.toml", "*.md")),
        )
        for pattern in patterns
        for path in (ROOT / folder).rglob(pattern)
    }
    assert sorted(expected - wheel_members) == []


def test_the_wheel_holds_the_licence_and_no_tests(wheel_members: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel_members)
    assert not [name for name in wheel_members if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_make_without_a_word_lists_its_targets() -> None:
    run = run_make()
    assert run.returncode == 0, run.stderr
    for target in ("demo", "test", "lock", "test-lowest", "clean"):
        assert f"make {target}" in run.stdout


def test_make_demo_without_serving_says_so_to_the_demo() -> None:
    served = run_make("--dry-run", "demo", "SERVE=1").stdout
    silent = run_make("--dry-run", "demo", "SERVE=0").stdout
    assert 'if [ "1" = "0" ]' in served
    assert 'if [ "0" = "0" ]; then exec .venv/bin/interpretable demo --no-serve' in silent


def fake_python(folder: Path, name: str, version: str) -> None:
    """A stand-in for an old Python: it answers the version question and refuses the comparison."""
    script = folder / name
    script.write_text(f'#!/bin/sh\ncase "$2" in *print*) echo {version} ;; *) exit 1 ;; esac\n')
    script.chmod(0o755)


def test_an_old_python_is_named_with_what_to_do(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", "3.9.6")
    run = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "make_venv.sh"), str(tmp_path / "venv")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Python 3.11 or newer is needed. Found: python3 is 3.9.6" in run.stderr
    assert "make demo PYTHON=" in run.stderr
    assert not (tmp_path / "venv").exists()


def test_a_newer_python_further_down_the_list_is_taken(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", "3.9.6")
    (tmp_path / "python3.11").symlink_to(sys.executable)
    run = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "make_venv.sh"), str(tmp_path / "venv")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "venv" / "bin" / "python").exists()


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text("utf-8")


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    if not hadolint.exists():
        if os.environ.get("CI"):
            pytest.fail("hadolint is not installed: it comes with requirements-dev.lock")
        pytest.skip("hadolint is not installed: it comes with requirements-dev.lock")
    run = subprocess.run(
        [str(hadolint), str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_container_installs_from_the_lock_and_is_not_root() -> None:
    text = dockerfile()
    assert "--require-hashes -r requirements.lock" in text
    assert "--no-deps --no-build-isolation" in text
    last_user = re.findall(r"^USER (.*)$", text, re.MULTILINE)[-1]
    assert last_user == "10001:10001"
    assert text.index("USER 10001") < text.index("ENTRYPOINT")


def test_the_container_says_when_it_is_healthy_and_writes_only_to_tmp_and_the_study() -> None:
    text = dockerfile()
    assert "http://127.0.0.1:8501/_stcore/health" in text
    for name in ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"):
        assert re.search(rf"\b{name}=/tmp", text), f"{name} must lie on the writable /tmp"


def test_the_container_listens_beyond_itself_and_nothing_else_does() -> None:
    assert 'CMD ["app", "/study", "--address", "0.0.0.0"]' in dockerfile()
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"


def test_the_container_gets_every_file_it_copies() -> None:
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    needed = {"pyproject.toml", "requirements.lock", "README.md", "LICENSE", ".streamlit"}
    needed |= {folder.split("/")[0] for folder in PROJECT["tool"]["setuptools"]["package-dir"].values()}
    assert needed <= allowed
    assert [name for name in sorted(allowed) if "*" not in name and not (ROOT / name).exists()] == []


def test_ci_demands_the_browser_and_the_local_language_model() -> None:
    text = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "set -euo pipefail" in text and "exec make test" in text
    assert "export INTERPRETABLE_REQUIRE_LLM=1" in text
    assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0


@pytest.mark.parametrize(("required", "outcome"), [("1", "1 error"), ("", "1 skipped")])
def test_a_skip_for_want_of_the_local_language_model_fails_where_it_is_required(
    tmp_path: Path, required: str, outcome: str
) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    llm_real: needs the engine\n")
    (tmp_path / "test_engine.py").write_text(
        "import pytest\n\n\n@pytest.fixture\ndef engine():\n    pytest.skip('no weights')\n\n\n"
        "@pytest.mark.llm_real\ndef test_it_answers(engine):\n    assert engine\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "INTERPRETABLE_REQUIRE_LLM": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout, run.stdout + run.stderr
    assert ("no weights" in run.stdout) == bool(required)
