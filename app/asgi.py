"""What `streamlit run` serves: the pages, `/readyz`, security headers, and a calm face for errors."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from interpretable_app import source, state
from interpretable_app.texts import t
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from interpretable.errors import UserError

log = logging.getLogger("interpretable.app")
_warm = asyncio.Event()

HEADERS = {
    # Streamlit needs inline styles and scripts; Vega needs eval. No other host is ever spoken to.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


def place_of(problem: BaseException) -> str:
    """File and line an exception came from: what a log may hold of it."""
    where = problem.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    return "" if where is None else f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}"


class NoValues(logging.Filter):
    """Streamlit logs every exception with its message; a message may hold values of a person."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            problem = record.exc_info[1]
            record.msg, record.args = "%s at %s", (type(problem).__name__, place_of(problem))
            record.exc_info = record.exc_text = None
        return True


logging.getLogger("streamlit.error_util").addFilter(NoValues())


class SecurityHeaders:
    """Adds HEADERS to every answer."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                known = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message.get("headers", ()), *known]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


async def readyz(_: Request) -> JSONResponse:
    """200 once the study is loaded and the first page will be fast; 503 before."""
    ready = _warm.is_set()
    return JSONResponse({"ready": ready}, status_code=200 if ready else 503)


def _warm_up() -> None:
    """Pays for the slow imports and the first explanation before a person waits for them."""
    try:
        source.warm_up()
    except UserError as problem:  # the start page says it to the person
        log.warning("The study could not be opened: %s", type(problem).__name__)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    async def run() -> None:
        await asyncio.to_thread(_warm_up)
        _warm.set()

    task = asyncio.create_task(run())
    yield {}
    task.cancel()


def on_script_error(problem: Exception) -> bool:
    """Shows a reference, never the message: it may hold values of a person. The log names the same."""
    lang = state.lang()
    if isinstance(problem, UserError):
        st.error(t("error.user", lang, problem=str(problem)), icon=":material/error:")
        return True
    reference = f"E-{secrets.token_hex(4)}"
    log.error("%s: %s at %s", reference, type(problem).__name__, place_of(problem))
    st.error(t("error.unexpected", lang, reference=reference), icon=":material/error:")
    return True


app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=lifespan,
    routes=[Route("/readyz", readyz)],
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=on_script_error,
)
