"""Who is here, in which role, and whether that is proved."""

from __future__ import annotations

import os
from dataclasses import dataclass

import streamlit as st
from interpretable_app import state

from interpretable.errors import UserError
from interpretable.review import policy


@dataclass(frozen=True, kw_only=True)
class Person:
    """`proved` is true only where a login vouches for the name."""

    name: str
    role: str
    proved: bool


def role() -> str:
    """The role of everyone on this server (INTERPRETABLE_ROLE), until a login brings its own."""
    found = os.environ.get("INTERPRETABLE_ROLE", "reviewer")
    if found not in policy.ROLES:
        raise UserError(f"INTERPRETABLE_ROLE is {found!r}. Use one of: {', '.join(policy.ROLES)}.")
    return found


def person() -> Person:
    """The logged-in person, or in local mode the name that was typed."""
    # Without a configured login `st.user` is empty and has no such attribute.
    if getattr(st.user, "is_logged_in", False):
        name = str(st.user.get("name") or st.user.get("email") or "")
        return Person(name=name, role=role(), proved=True)
    return Person(name=state.reviewer_name(), role=role(), proved=False)


def can(deed: policy.Deed) -> bool:
    return policy.can(role(), deed)
