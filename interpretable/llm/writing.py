"""Texts and records from a language model: what is asked for, and how the answer is read and checked.

A schema is asked for where the server honours one; where it refuses, the schema is told in words instead.
Either way the answer is checked here: servers silently ignore ranges, and some ignore the whole schema.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from interpretable.llm.client import Ask, Generated, Prompt

_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$", re.IGNORECASE)


def make_body(
    prompt: Prompt, ask: Ask, *, model: str, limit: str, plain: bool, structured: bool
) -> dict[str, Any]:
    """The request for one text.

    limit : the server's name for the most tokens
    plain : temperature and seed are accepted
    structured : the server honours a schema
    """
    asked = prompt if structured or ask.schema is None else _told(prompt, ask.schema)
    body: dict[str, Any] = {"model": model, "messages": asked.messages(), limit: ask.most_tokens}
    if plain:
        body |= {"temperature": ask.temperature, "seed": ask.draw}
    if ask.schema is not None and structured:
        named = {"name": "answer", "strict": True, "schema": ask.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    return body


def _told(prompt: Prompt, schema: dict[str, Any]) -> Prompt:
    rule = f"Answer with JSON only, by this JSON schema: {json.dumps(schema, ensure_ascii=False)}"
    return replace(prompt, system=f"{prompt.system}\n{rule}")


def read(text: str, ask: Ask, *, cut: bool) -> Generated:
    """The answer, checked against its schema."""
    if ask.schema is None:
        return Generated(text=text, failure="cut" if cut else "" if text.strip() else "unreadable")
    try:
        found = json.loads(_FENCE.sub("", text))
    except ValueError:
        return Generated(text=text, failure="cut" if cut else "unreadable")
    return Generated(text=text, data=found, failure="" if fits(found, ask.schema) else "unreadable")


def fits(found: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is what the schema asks for, ranges included."""
    from jsonschema import Draft202012Validator

    return bool(Draft202012Validator(schema).is_valid(found))
