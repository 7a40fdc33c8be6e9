"""One FHIR server over HTTP: answers checked, bounded and cleaned; every trouble says whether to try again.

Certificates are always checked, a redirect to another host is refused, and nothing that a server says reaches
a terminal as it came.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import httpx

from gpa_tui.errors import GpaTuiError
from gpa_tui.sync.auth import Tokens
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.frame import Resource
from gpa_tui.text import clean

MOST_BYTES = 32 * 1024 * 1024  # of one answer
MOST_REDIRECTS = 3
LONGEST_ANSWER = 4  # times that, for an answer that comes in drips
SECONDS = 30.0  # until a server that says nothing is given up
LONGEST_WORDS = 300  # of a server, shown
FHIR = "application/fhir+json"
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may go through later."""


class SyncTrouble(GpaTuiError):
    """A request that came to nothing. `again`: it may be tried as it is, after `wait` seconds if not None."""

    def __init__(
        self,
        reason: str,
        remedy: str = "",
        *,
        again: bool,
        wait: float | None = None,
        status: int = 0,
        answered: bool = False,
    ) -> None:
        super().__init__(clean(reason), remedy)  # it may have something of the server's in it
        self.again = again
        self.wait = wait
        self.status = status
        self._answered = answered

    @property
    def away(self) -> bool:
        """Whether nothing else goes either: the server is not there, does not know us, or asks us to wait."""
        return self.wait is not None or self.status == 401 or not (self.status or self._answered)


class TooSlow(SyncTrouble):
    """No answer in time: less at once may go through."""


OF_ONE = frozenset({400, 413, 422})  # answers to a batch that one of its entries may be the cause of


def is_of_size(error: SyncTrouble) -> bool:
    """Whether the half of it may go through, where the whole did not."""
    return error.status in OF_ONE or isinstance(error, TooSlow)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, entity tag and body; `at` is the server's own time."""

    status: int
    etag: str
    body: Resource
    at: datetime | None
    wait: float | None = None  # seconds that it asks us to wait

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """What an OperationOutcome says, cleaned and shortened."""
        return words_of(self.body)


class Server:
    """A connection that is kept open. Use it as a context."""

    def __init__(
        self,
        config: SyncConfig,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        together: bool = True,
    ) -> None:
        """`together`: several requests may go in one batch, and each is answered."""
        self.config, self.now, self.together = config, now, together
        self._http = httpx.Client(
            verify=config.trust(),
            proxy=config.proxy or None,
            trust_env=False,
            timeout=SECONDS,
            follow_redirects=False,
            headers={"Accept": FHIR, "Accept-Encoding": "identity", "User-Agent": "gpa-tui"},
        )
        self._tokens = Tokens(config, self._post_form, self._token_address, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Resource | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; of any answer that is whole. Raises `SyncTrouble` where there is none.

        A refused token is asked for anew once. `path` is under the base, or a whole address of the same host.
        """
        try:
            answer = self._once(method, path, body, headers, params, fresh=False)
            if answer.status == httpx.codes.UNAUTHORIZED and self.config.auth not in {"none", "bearer"}:
                answer = self._once(method, path, body, headers, params, fresh=True)
        except NOT_UNDERSTOOD as error:
            raise not_understood(error) from error
        return answer

    def expect(self, method: str, path: str, body: Resource | None = None, **more: Any) -> Answer:
        """The same, where anything but success is trouble."""
        answer = self.ask(method, path, body, **more)
        if not answer.ok:
            raise trouble(answer, f"{method} {path.partition('?')[0]}")
        return answer

    def batch(self, entries: Sequence[Resource]) -> list[Resource]:
        """An answer for each of these entries: in one request, or one each. Raises `SyncTrouble`."""
        if not self.together:
            return [self._apart(entry) for entry in entries]
        bundle = {"resourceType": "Bundle", "type": "batch", "entry": list(entries)}
        answers = self.expect("POST", "", bundle).body.get("entry")
        if not isinstance(answers, list) or len(answers) != len(entries):
            raise SyncTrouble("The server did not answer each entry.", again=True)
        return [one if isinstance(one, dict) else {} for one in answers]

    def _apart(self, entry: Resource) -> Resource:
        answer = self.alone(entry)
        if answer.status == httpx.codes.UNAUTHORIZED or answer.wait is not None:
            raise trouble(answer, entry["request"]["url"])
        return as_entry(answer)

    def alone(self, entry: Resource) -> Answer:
        """An entry of a batch as a request of its own. Raises `SyncTrouble`."""
        request = entry["request"]
        headers = {name: request[key] for key, name in CONDITIONS.items() if key in request}
        return self.ask(request["method"], request["url"], entry.get("resource"), headers=headers)

    def _once(
        self,
        method: str,
        path: str,
        body: Resource | None,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
        *,
        fresh: bool,
    ) -> Answer:
        url = path if "://" in path else f"{self.config.base}/{path.lstrip('/')}"
        self._require_same_host(url)
        sent = {**self._tokens.header(fresh=fresh), **(headers or {})}
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            sent["Content-Type"] = FHIR
        for _ in range(MOST_REDIRECTS + 1):
            status, heads, raw = self._exchange(method, url, content, sent, params)
            if status not in {301, 302, 303, 307, 308}:
                return Answer(
                    status,
                    heads.get("etag", ""),
                    _parsed(raw, status),
                    _server_time(heads),
                    retry_after(heads, self.now()),
                )
            url, params = _joined(url, heads.get("location", "")), None
            self._require_same_host(url)
        raise SyncTrouble("The server redirects in a circle.", "Is the address right?", again=False)

    def _exchange(
        self,
        method: str,
        url: str,
        content: bytes | None,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            with self._http.stream(
                method, url, content=content, headers=dict(headers), params=dict(params) if params else None
            ) as found:
                raw, until = bytearray(), time.monotonic() + LONGEST_ANSWER * SECONDS
                if found.headers.get("content-encoding", "identity") != "identity":
                    raise SyncTrouble("The server packs its answers, though asked not to.", again=False)
                for piece in found.iter_raw():  # never unpacked: a little could be made of very much
                    raw += piece
                    if time.monotonic() > until:
                        raise TooSlow("The server did not answer in time.", again=True)
                    if len(raw) > MOST_BYTES:
                        raise SyncTrouble(
                            f"The server's answer is over {MOST_BYTES // 1024 // 1024} MB.", again=False
                        )
                return found.status_code, found.headers, bytes(raw)
        except httpx.TimeoutException as error:
            raise TooSlow("The server did not answer in time.", again=True) from error
        except httpx.LocalProtocolError as error:  # its words may have what proves who we are in them
            raise SyncTrouble("What was to be sent is no HTTP.", "Check the token.", again=False) from error
        except httpx.HTTPError as error:
            raise SyncTrouble(_not_reached(error), again=True) from error
        except httpx.InvalidURL as error:
            raise SyncTrouble(f"The server named no address: {clean(str(error))}.", again=False) from error

    def _require_same_host(self, url: str) -> None:
        there, ours = _host_of(url), _host_of(self.config.base)
        if there != ours:
            host = clean(there[1] or "nowhere")
            raise SyncTrouble(f"The server points to another host, {host}: refused.", again=False)

    # ── tokens ────────────────────────────────────────────────────────────────────────────────

    def _token_address(self) -> str:
        """As SMART says it is found."""
        url = f"{self.config.base}/.well-known/smart-configuration"
        status, _, raw = self._exchange("GET", url, None, {"Accept": "application/json"}, None)
        address = _parsed(raw, status).get("token_endpoint", "")
        parts = urlsplit(str(address))
        ours = urlsplit(self.config.base)
        if status != httpx.codes.OK or not parts.hostname or parts.scheme != ours.scheme:
            raise SyncTrouble(
                "The server does not say where a token is asked for.", "Give --token-url.", again=False
            )
        return str(address)

    def _post_form(
        self, address: str, fields: dict[str, str], login: tuple[str, str] | None
    ) -> dict[str, Any]:
        sent = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if login is not None:
            sent["Authorization"] = f"Basic {b64encode(':'.join(login).encode()).decode()}"
        status, heads, raw = self._exchange("POST", address, urlencode(fields).encode(), sent, None)
        answer = _parsed(raw, status)
        if status != httpx.codes.OK or not answer.get("access_token"):
            why = clean(str(answer.get("error_description") or answer.get("error") or status))
            raise SyncTrouble(
                f"No token was given: {why[:LONGEST_WORDS]}.",
                "Check client id, key or secret with whoever runs the server.",
                again=status in AGAIN,
                wait=retry_after(heads, self.now()),
            )
        return answer


CONDITIONS = {"ifNoneExist": "If-None-Exist", "ifMatch": "If-Match"}
"""What an entry of a batch calls a header."""
NOT_UNDERSTOOD = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError),
)
"""What reading an answer that nobody has thought of may end in: it ends that turn, and not the worker."""


def not_understood(error: Exception) -> SyncTrouble:
    """An answer that cannot be read."""
    return SyncTrouble(f"The server's answer is not understood ({type(error).__name__}).", again=True)


def as_entry(answer: Answer) -> Resource:
    """An answer as one of a batch's."""
    response = {"status": str(answer.status), "outcome": answer.body, "etag": answer.etag}
    return {"resource": answer.body, "response": response}


def trouble(answer: Answer, what: str) -> SyncTrouble:
    """An answer that is no success, in words."""
    words = f": {answer.words}" if answer.words else ""
    remedy = {401: "Check how we prove who we are.", 403: "The server does not let us do this."}
    return SyncTrouble(
        f"{what} came back with {answer.status}{words}.",
        remedy.get(answer.status, ""),
        again=answer.status in AGAIN,
        wait=answer.wait,
        status=answer.status,
    )


def id_given(entry: Resource) -> str:
    """The id that an entry of a batch was given: in what is sent back, or where it is said to be."""
    body, response = entry.get("resource"), entry.get("response")
    if isinstance(body, dict) and isinstance(body.get("id"), str):
        return str(body["id"])
    where = response.get("location", "") if isinstance(response, dict) else ""
    parts = str(where).split("/_history")[0].rsplit("/", 1)
    return parts[1] if len(parts) == 2 else ""


def words_of(body: Resource) -> str:
    """What an OperationOutcome says, without what could steer a terminal."""
    issues = body.get("issue") if body.get("resourceType") == "OperationOutcome" else None
    found = []
    for issue in issues if isinstance(issues, list) else []:
        if isinstance(issue, dict):
            details = issue.get("details")
            text = details.get("text") if isinstance(details, dict) else None
            found.append(str(issue.get("diagnostics") or text or issue.get("code") or ""))
    return clean("; ".join(part for part in found if part))[:LONGEST_WORDS]


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the server asks us to wait, however it says so."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - now).total_seconds()) if said else None
    except (ValueError, TypeError, OverflowError):
        return None


def _host_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. Raises `SyncTrouble` for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError as error:
        raise SyncTrouble(f"The server named no address: {clean(url)[:80]}.", again=False) from error


def _joined(url: str, location: str) -> str:
    try:
        return str(httpx.URL(url).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise SyncTrouble(f"The server named no address: {clean(location)[:80]}.", again=False) from error


def status_of(entry: Any) -> int:
    """What an entry of a batch's answer says became of it; 0 where it says nothing that can be read."""
    response = entry.get("response") if isinstance(entry, dict) else None
    said = str(response.get("status", ""))[:3] if isinstance(response, dict) else ""
    return int(said) if said.isascii() and said.isdigit() else 0


def _parsed(raw: bytes, status: int) -> Resource:
    if not raw:
        return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        if status < 400:
            raise SyncTrouble(
                "The server's answer is no JSON.", "Is the address right?", again=False
            ) from error
        return {}
    if b"\\u" in raw:  # half a character, which nothing can write
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return found if isinstance(found, dict) else {}


def _server_time(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers["date"]) if "date" in headers else None
    except (ValueError, TypeError, OverflowError):
        return None


def _not_reached(error: httpx.HTTPError) -> str:
    text = clean(str(error))[:LONGEST_WORDS] or type(error).__name__
    if "CERTIFICATE" in text.upper():
        return f"The server's certificate is not trusted: {text}."
    return f"The server was not reached: {text}."
