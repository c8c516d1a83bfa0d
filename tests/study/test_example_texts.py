"""What a made-up text of the report may be put together from."""

from __future__ import annotations

import pytest

from interpretable.study.examples import _written


@pytest.mark.parametrize(
    ("token", "written"),
    [
        ("free", "free"),
        ("中 奖", "中奖"),  # each character is counted as a word: two make one
        ("中奖", "中奖"),  # cut by a segmenter
        ("奖", ""),
        ("free entry", ""),  # a piece of somebody's sentence
        ("08712300220", ""),  # could be a number to call
        ("b2b", ""),
        ("¬pain", ""),
        ("¬胸 ¬痛", ""),
    ],
)
def test_only_plain_words_stand_in_a_made_up_text(token, written):
    assert _written(token) == written
