"""A proxy between a store and a FHIR server we did not write: it alters what goes and what comes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from real.fhir_server import FhirServer

Batch = Callable[[list[dict[str, Any]], list[dict[str, Any]]], None]
"""Takes the entries of a batch and its answers, which it may alter."""
PASSED = frozenset({"etag", "date", "retry-after", "location", "content-type"})


@contextmanager
def proxied(server: FhirServer, batch: Batch | None = None, *, batches: bool = True) -> Iterator[FhirServer]:
    """The same server by another address; without `batches` it takes none."""
    base = server.url.rsplit("/", 1)[0]
    client = httpx.Client()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            is_batch = self.command == "POST" and self.path.rstrip("/") == "/fhir"
            if is_batch and not batches:
                self._answer(405, {}, b"{}")
                return
            dropped = {"host", "content-length", "connection"}
            sent = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
            found = client.request(self.command, base + self.path, content=body, headers=sent)
            content = found.content.replace(base.encode(), own.rsplit("/", 1)[0].encode())
            if is_batch and batch is not None and found.is_success:
                answer = json.loads(content)
                batch(json.loads(body)["entry"], answer["entry"])
                content = json.dumps(answer).encode()
            self._answer(found.status_code, {n: v for n, v in found.headers.items() if n in PASSED}, content)

        def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response_only(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own = f"http://127.0.0.1:{listening.server_port}/fhir"
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield FhirServer(own)
    finally:
        listening.shutdown()
        listening.server_close()
        client.close()
