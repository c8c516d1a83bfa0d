"""A small server on loopback that speaks enough of the chat API, and misbehaves on request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


def chat(
    content: str = "yes", *, logprobs: dict[str, float] | None = None, refusal: str | None = None
) -> Reply:
    """A well-formed answer."""
    choice: dict[str, Any] = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": content, "refusal": refusal},
    }
    if logprobs is not None:
        top = [{"token": t, "logprob": p, "bytes": None} for t, p in logprobs.items()]
        choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
    usage = {"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 13}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "fake", "choices": [choice]}
    return 200, {}, json.dumps({**body, "usage": usage, "system_fingerprint": "fp-1"}).encode()


def error(status: int, **headers: str) -> Reply:
    """An error that quotes the request, as servers do."""
    return status, headers, b'{"error": {"message": "quoted: SECRET-VALUE", "type": "x", "code": null}}'


class FakeServer:
    """`reply(body, number)` decides what each request gets; requests are kept in `bodies` and `headers`."""

    def __init__(self, reply: Callable[[dict[str, Any], int], Reply], *, delay: float = 0.0):
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.bodies.append(body)
                outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                time.sleep(delay)
                status, headers, payload = reply(body, len(outer.bodies))
                try:
                    self.send_response(status)
                    for name, value in {"Content-Type": "application/json", **headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(payload)))
                    self.end_headers()
                    self.wfile.write(payload)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client has given up: that is what the test is about

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
