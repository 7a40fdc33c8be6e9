"""A FHIR server we did not write, as a process of the test's own on a free port; and faults for it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

SERVE = Path(__file__).parent / "fhir" / "serve.mjs"


class FhirServer:
    """Its address, and its admin's: faults, what it has seen, what it holds."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._admin = f"{url.rsplit('/', 1)[0]}/_admin/"

    def faults(self, **given: Any) -> None:
        httpx.put(f"{self._admin}faults", json=given).raise_for_status()

    def well(self) -> None:
        httpx.delete(f"{self._admin}faults").raise_for_status()

    def reset(self) -> None:
        """Nothing in it, and no faults."""
        self.well()
        httpx.post(f"{self._admin}reset").raise_for_status()

    def stats(self) -> dict[str, Any]:
        """How many requests it has seen, among others."""
        found: dict[str, Any] = httpx.get(f"{self._admin}stats").json()
        return found

    def dump(self) -> list[dict[str, Any]]:
        """Every resource that it holds."""
        text = httpx.get(f"{self._admin}dump").text
        return [json.loads(line) for line in text.splitlines() if line.strip()]


@contextmanager
def kept_servers(kinds: Mapping[str, Sequence[str]]) -> Iterator[Callable[[str], FhirServer]]:
    """One server of a kind for many tests, each time with nothing in it and nothing wrong."""
    with ExitStack() as stack:
        running: dict[str, FhirServer] = {}

        def of(kind: str) -> FhirServer:
            if kind not in running:
                running[kind] = stack.enter_context(fhir_server(*kinds[kind]))
            running[kind].reset()
            return running[kind]

        yield of


@contextmanager
def fhir_server(*options: str | Path) -> Iterator[FhirServer]:
    command = ["node", str(SERVE), "--port", "0", *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None, "its ready line is read"
            yield FhirServer(json.loads(process.stdout.readline())["ready"])
        finally:
            process.terminate()
