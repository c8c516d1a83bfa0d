"""Figures of any size stay readable."""

from __future__ import annotations

import pytest

from interpretable.words.numbers import fixed


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0.5, "0.500"),
        (-0.0001, "0.000"),
        (123456.7, "123456.700"),
        (8.3054063e23, "8.305e+23"),
        (-2e15, "−2e+15"),
    ],
)
def test_a_figure_too_long_to_count_is_written_with_a_power_of_ten(value, read):
    assert fixed(value) == read
