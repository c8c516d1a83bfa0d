"""People deciding about cases: the states, the rules, and the desk that applies them."""

from interpretable.review.desk import Desk, open_desk

__all__ = ["Desk", "open_desk"]
