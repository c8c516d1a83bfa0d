"""The only module that touches the session: language, reviewer, specialists' view, tokens, receipts."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from interpretable.words import LANGUAGES

LANG, NAME, SPECIALIST = "lang", "reviewer_name", "specialist"


def begin_lang(asked: str | None) -> None:
    """The language in the address opens a session; from then on the switch decides."""
    if LANG not in st.session_state:
        st.session_state[LANG] = asked if asked in LANGUAGES else LANGUAGES[0]


def lang() -> str:
    """The language of this session; English where the address asks for one we do not have."""
    chosen = st.session_state.get(LANG)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def specialist() -> bool:
    return bool(st.session_state.get(SPECIALIST, False))


def reviewer_name() -> str:
    return str(st.session_state.get("kept_name", ""))


def keep_reviewer_name(name: str) -> None:
    st.session_state["kept_name"] = name.strip()


def token(case_id: str, latest: int) -> str:
    """One token for one decision: a double click or a reload of this session sends the same one."""
    tokens = st.session_state.setdefault("tokens", {})
    return tokens.setdefault(f"{case_id} {latest}", secrets.token_hex(16))


def read(key: str, default: Any = None) -> Any:
    return st.session_state.get(key, default)


def write(key: str, value: Any) -> None:
    st.session_state[key] = value


def take(key: str) -> Any:
    """The value, once: a receipt is shown and then forgotten."""
    return st.session_state.pop(key, None)
