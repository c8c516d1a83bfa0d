"""A changed byte is seen before anything parses it."""

from __future__ import annotations

import numpy as np
import pytest
from factories_models import make_additive, make_columns
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.bundle import plain, seal
from interpretable.errors import BundleError
from interpretable.score import additive

MEMBERS = {"models/a.json": b'{"x":1}', "index.json": b"[]", "note": bytes(range(256))}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    seal.write_sealed(folder, MEMBERS)
    return folder


def test_a_whole_bundle_gives_its_members_and_its_id(sealed):
    members, bundle_id = seal.read_sealed(sealed)
    assert members == MEMBERS
    assert bundle_id == (sealed / "SEAL").read_text()


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_flipped_bit_anywhere_is_caught(sealed, data):
    files = sorted(p for p in sealed.rglob("*") if p.is_file())
    path = data.draw(st.sampled_from(files))
    before = path.read_bytes()
    place, bit = data.draw(st.integers(0, len(before) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(before)
    changed[place] ^= 1 << bit
    path.write_bytes(bytes(changed))
    try:
        with pytest.raises(BundleError):
            seal.read_sealed(sealed)
        assert seal.problems(sealed)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda f: (f / "index.json").unlink(), "index.json"),
        (lambda f: (f / "extra.json").write_text("{}"), "extra.json"),
        (lambda f: (f / "index.json").write_bytes(b"[]\n"), "index.json"),
        (lambda f: (f / "SEAL").write_text("0" * 64), "SEAL"),
    ],
)
def test_the_member_that_is_wrong_is_named(tmp_path, spoil, named):
    seal.write_sealed(tmp_path, MEMBERS)
    spoil(tmp_path)
    assert any(named in problem for problem in seal.problems(tmp_path))


def test_a_link_out_of_the_bundle_is_refused(tmp_path):
    folder = tmp_path / "bundle"
    seal.write_sealed(folder, MEMBERS)
    secret = tmp_path / "secret"
    secret.write_bytes(MEMBERS["note"])
    (folder / "note").unlink()
    (folder / "note").symlink_to(secret)
    assert any("outside" in problem for problem in seal.problems(folder))


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_model_reads_back_to_the_same_bits(outputs):
    model = make_additive(outputs=outputs)
    again = plain.model_from_json(plain.additive_to_json(model))
    columns = make_columns(
        [20.0, np.nan, 1e300], ["a", "zz", None], [0.1, 0.3, np.nan], ["chest pain", None, "no"]
    )
    assert np.array_equal(additive.link_scores(model, columns, 3), additive.link_scores(again, columns, 3))
    assert np.array_equal(additive.refit_scores(model, columns, 3), additive.refit_scores(again, columns, 3))
    assert plain.additive_to_json(again) == plain.additive_to_json(model)
