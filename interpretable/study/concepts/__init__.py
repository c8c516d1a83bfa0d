"""Concepts of a task, before anything is trained: what they find, heads from hand labels, proposals."""

from __future__ import annotations

from interpretable.study.concepts.checking import check
from interpretable.study.concepts.learning import Learned, learn
from interpretable.study.concepts.proposing import Proposal, Proposed, propose

__all__ = ["Learned", "Proposal", "Proposed", "check", "learn", "propose"]
