"""Reaching a FHIR server we did not write: who we are to it, what it does, every way it can fail."""

from __future__ import annotations

import base64
import gzip
import http.server
import json
import resource
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pydantic import ValidationError
from real.fhir_server import FhirServer, fhir_server

from gpa_tui.errors import SettingsError
from gpa_tui.sync import client as client_module
from gpa_tui.sync.client import Server, SyncTrouble
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.probe import probe


def connected(server: FhirServer, **config: Any) -> Server:
    return Server(SyncConfig(url=server.url, **config))


def a_secret(folder: Path, text: str | bytes, name: str = "secret") -> str:
    file = folder / name
    file.touch(mode=0o600)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


# ── what it really does ───────────────────────────────────────────────────────────────────────


def test_a_server_that_does_all_of_it_is_found_so_and_nothing_is_left_there() -> None:
    with fhir_server() as server, connected(server) as ours:
        found = probe(ours)
        assert (found.put_creates, found.refuses_stale, found.stale_in_batch) == (True, True, True)
        assert (found.batch_apart, found.create_once, found.by_time, found.claims) == (True, True, True, True)
        assert found.fhir == "4.0.1"
        assert "claims can be offered" in " ".join(found.in_words())
        assert server.dump() == []


def test_a_server_that_gives_ids_of_its_own_is_found_so() -> None:
    with fhir_server("--put-create", "off") as server, connected(server) as ours:
        found = probe(ours)
        assert not found.put_creates
        assert found.refuses_stale
        assert server.dump() == []


@pytest.mark.parametrize(
    "options", [("--version-ids", "uuid"), ("--require-if-match",), ("--page-size", "3")]
)
def test_other_kinds_of_server_are_told_apart_without_trouble(options: tuple[str, ...]) -> None:
    with fhir_server(*options) as server, connected(server) as ours:
        found = probe(ours)
        assert found.claims


def test_a_clock_that_is_wrong_is_said() -> None:
    with fhir_server("--skew-ms=-90000") as server, connected(server) as ours:
        found = probe(ours)
        assert (
            -95 <= found.seconds_apart <= -85 or found.seconds_apart == 0
        )  # HTTP's Date may be the real one


# ── who we are ────────────────────────────────────────────────────────────────────────────────


def test_a_static_token_is_sent_from_a_file_that_is_ours_alone(tmp_path: Path) -> None:
    with fhir_server("--token", "s3cret") as server:
        with connected(server, auth="bearer", token_file=a_secret(tmp_path, "s3cret\n")) as ours:
            assert probe(ours).claims
        with connected(server, auth="bearer", token_file=a_secret(tmp_path, "wrong", "w")) as ours:
            with pytest.raises(SyncTrouble, match="401") as refused:
                probe(ours)
            assert "s3cret" not in str(refused.value)
            assert not refused.value.again


def test_a_secret_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    file = Path(a_secret(tmp_path, "s3cret"))
    file.chmod(0o640)
    with (
        fhir_server("--token", "s3cret") as server,
        connected(server, auth="bearer", token_file=str(file)) as ours,
    ):
        with pytest.raises(SettingsError, match="Others may read"):
            probe(ours)


def test_client_credentials_give_a_token_that_is_renewed_when_it_ends(tmp_path: Path) -> None:
    now = [datetime.now(UTC)]
    with fhir_server("--client", "surgery", "--client-secret", "hush", "--token-ttl", "300") as server:
        config = SyncConfig(
            url=server.url,
            auth="client_credentials",
            client_id="surgery",
            secret_file=a_secret(tmp_path, "hush"),
        )
        with Server(config, lambda: now[0]) as ours:
            assert probe(ours).claims
            first = ours._tokens.header()
            assert ours._tokens.header() == first
            now[0] += timedelta(seconds=241)  # a minute before its end
            assert ours._tokens.header() != first


def test_a_token_that_the_server_no_longer_takes_is_asked_for_anew_once(tmp_path: Path) -> None:
    with (
        fhir_server("--client", "surgery", "--client-secret", "hush") as server,
        connected(
            server, auth="client_credentials", client_id="surgery", secret_file=a_secret(tmp_path, "hush")
        ) as ours,
    ):
        ours.expect("GET", "metadata")
        ours._tokens._token = "spoilt"
        assert ours.ask("GET", "Basic").ok


def test_a_wrong_secret_is_said_without_the_secret(tmp_path: Path) -> None:
    with (
        fhir_server("--client", "surgery", "--client-secret", "hush") as server,
        connected(
            server, auth="client_credentials", client_id="surgery", secret_file=a_secret(tmp_path, "loud")
        ) as ours,
    ):
        with pytest.raises(SyncTrouble, match="No token was given") as refused:
            probe(ours)
        assert "loud" not in str(refused.value)


def _keys(kind: str) -> tuple[bytes, dict[str, str]]:
    """A private key as PEM and its public half as a JWK."""

    def text(number: int, size: int) -> str:
        return base64.urlsafe_b64encode(number.to_bytes(size, "big")).rstrip(b"=").decode()

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if kind == "RS384":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = key.public_key().public_numbers()
        jwk = {"kty": "RSA", "n": text(public.n, 256), "e": text(public.e, 3)}
    else:
        key = ec.generate_private_key(ec.SECP384R1())
        point = key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-384", "x": text(point.x, 48), "y": text(point.y, 48)}
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem, {**jwk, "kid": "k1", "alg": kind, "use": "sig"}


@pytest.mark.parametrize("kind", ["RS384", "ES384"])
def test_smart_backend_services_with_a_key_of_either_kind(kind: str, tmp_path: Path) -> None:
    pem, jwk = _keys(kind)
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [jwk]}))
    with fhir_server("--client", "surgery", "--jwks", jwks) as server:
        config = {"auth": "private_key_jwt", "client_id": "surgery", "key_id": "k1"}
        with connected(server, **config, private_key_file=a_secret(tmp_path, pem, "key")) as ours:
            assert probe(ours).claims
            assert ours._tokens.header(fresh=True)  # another assertion: none is used twice
        other, _ = _keys(kind)
        with connected(server, **config, private_key_file=a_secret(tmp_path, other, "other")) as ours:
            with pytest.raises(SyncTrouble, match="No token was given"):
                probe(ours)


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("drop", ["before", "mid"])
def test_a_line_that_drops_may_be_tried_again(drop: str) -> None:
    with fhir_server() as server, connected(server) as ours:
        server.faults(dropRate=1, drop=drop)
        with pytest.raises(SyncTrouble) as lost:
            ours.ask("PUT", "Basic/x", {"resourceType": "Basic", "id": "x", "code": {"text": "x" * 4000}})
        assert lost.value.again
        server.well()
        assert ours.ask("GET", "metadata").ok


def test_a_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "SECONDS", 0.3)
    with fhir_server() as server, connected(server) as ours:
        server.faults(dropRate=1, drop="hang")
        with pytest.raises(SyncTrouble, match="did not answer in time") as late:
            ours.ask("GET", "metadata")
        assert late.value.again


@pytest.mark.parametrize(
    ("after", "least", "most"), [("7", 7, 7), ("date", 0, 120)], ids=["seconds", "a date"]
)
def test_how_long_to_wait_is_read_however_it_is_said(after: str, least: float, most: float) -> None:
    with fhir_server() as server, connected(server) as ours:
        server.faults(failRate=1, failStatus=429, retryAfter=int(after) if after.isdigit() else after)
        with pytest.raises(SyncTrouble, match="429") as busy:
            ours.expect("GET", "Basic")
        assert busy.value.again
        assert busy.value.wait is not None
        assert least <= busy.value.wait <= most


def test_what_is_refused_is_not_tried_again_and_says_why() -> None:
    with fhir_server("--validate") as server, connected(server) as ours:
        with pytest.raises(SyncTrouble) as refused:
            ours.expect(
                "PUT", "Observation/x", {"resourceType": "Observation", "id": "x", "status": "perfect"}
            )
        assert not refused.value.again
        assert refused.value.status in {400, 422}
        assert len(str(refused.value)) > 40


def test_an_address_that_is_no_fhir_server_is_said() -> None:
    with web(lambda _: (200, {}, b'{"hello": 1}')) as url, Server(SyncConfig(url=url)) as ours:
        with pytest.raises(SyncTrouble, match="no FHIR server"):
            probe(ours)
    with (
        Server(SyncConfig(url="http://127.0.0.1:9")) as ours,
        pytest.raises(SyncTrouble, match="not reached") as away,
    ):
        probe(ours)
    assert away.value.again


# ── hostile ───────────────────────────────────────────────────────────────────────────────────

Reply = Callable[[str], tuple[int, dict[str, str], bytes]]


@contextmanager
def web(reply: Reply, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that says what the test says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = reply(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_redirect_to_another_host_is_refused_and_gets_no_token(tmp_path: Path) -> None:
    seen: list[str] = []

    def trap(path: str) -> tuple[int, dict[str, str], bytes]:
        seen.append(path)
        return 200, {}, b"{}"

    with web(trap) as other, web(lambda _: (307, {"Location": f"{other}/taken"}, b"")) as url:
        config = SyncConfig(url=url, auth="bearer", token_file=a_secret(tmp_path, "s3cret"))
        with Server(config) as ours, pytest.raises(SyncTrouble, match="another host") as refused:
            ours.ask("GET", "metadata")
    assert not refused.value.again
    assert seen == []


def test_a_redirect_on_the_same_host_is_followed_but_not_in_a_circle() -> None:
    def reply(path: str) -> tuple[int, dict[str, str], bytes]:
        if path == "/there":
            return 200, {}, b'{"resourceType": "Basic"}'
        return 302, {"Location": "/there" if path == "/here" else path}, b""

    with web(reply) as url, Server(SyncConfig(url=url)) as ours:
        assert ours.ask("GET", "here").body == {"resourceType": "Basic"}
        with pytest.raises(SyncTrouble, match="circle"):
            ours.ask("GET", "round")


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MOST_BYTES", 1024 * 1024)
    with web(lambda _: (200, {}, b"[" * 2 * 1024 * 1024)) as url, Server(SyncConfig(url=url)) as ours:
        with pytest.raises(SyncTrouble, match="over 1 MB"):
            ours.ask("GET", "metadata")


def _replying(status: int, headers: dict[str, str], body: bytes, _: str) -> tuple[int, dict[str, str], bytes]:
    return status, headers, body


def test_an_answer_that_is_packed_is_not_unpacked() -> None:
    packed = gzip.compress(gzip.compress(b"[" * 200 * 1024 * 1024))
    for encoding in ("gzip", "gzip, gzip", "deflate"):
        reply = partial(_replying, 200, {"Content-Encoding": encoding}, packed)
        with web(reply) as url, Server(SyncConfig(url=url)) as ours:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            with pytest.raises(SyncTrouble, match="packs its answers"):
                ours.ask("GET", "metadata")
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def test_a_token_that_is_none_is_said_and_not_shown(tmp_path: Path) -> None:
    given = json.dumps({"access_token": "s3cret\nX: y", "expires_in": "²"}).encode()
    with web(lambda _: (200, {}, given)) as url:
        config = SyncConfig(
            url=url,
            auth="client_credentials",
            client_id="surgery",
            secret_file=a_secret(tmp_path, "hush"),
            token_url=f"{url}/token",
        )
        with Server(config) as ours, pytest.raises(SettingsError) as refused:
            ours.ask("GET", "metadata")
    assert "s3cret" not in str(refused.value)
    typed = SyncConfig(url=url, auth="bearer", token_file=a_secret(tmp_path, "s3 crét", "t"))
    with Server(typed) as ours, pytest.raises(SettingsError) as refused:
        ours.ask("GET", "metadata")
    assert "s3" not in str(refused.value).replace(typed.token_file, "")


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP521R1(), None])
def test_a_key_that_smart_does_not_know_is_said_in_words(
    curve: ec.EllipticCurve | None, tmp_path: Path
) -> None:
    key = ec.generate_private_key(curve) if curve else ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    config = SyncConfig(
        url="http://127.0.0.1:9",
        auth="private_key_jwt",
        client_id="surgery",
        private_key_file=a_secret(tmp_path, pem, "key"),
        token_url="http://127.0.0.1:9/token",
    )
    with Server(config) as ours, pytest.raises(SettingsError, match="P-384"):
        ours.ask("GET", "metadata")


def test_a_proxy_that_is_none_is_said() -> None:
    with pytest.raises(ValidationError, match="is no proxy"):
        SyncConfig(url="https://fhir.example/R4", proxy="ftp://proxy.example")


def test_nothing_a_server_says_can_steer_a_terminal() -> None:
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"diagnostics": "\x1b]0;owned\x07bad\x1b[2J\u202ething " + "x" * 9000}],
    }
    with web(lambda _: (422, {}, json.dumps(outcome).encode())) as url, Server(SyncConfig(url=url)) as ours:
        with pytest.raises(SyncTrouble) as said:
            ours.expect("GET", "metadata")
    text = str(said.value)
    assert text.isprintable()
    assert "bad" in text
    assert len(text) < 500


@pytest.mark.parametrize("body", [b"<html>", b'{"a":' * 100_000, b"\xff\xfe", b'"text"', b"[]", b"null"])
def test_an_answer_that_is_none_raises_nothing_but_trouble(body: bytes) -> None:
    with web(lambda _: (200, {}, body)) as url, Server(SyncConfig(url=url)) as ours:
        with pytest.raises(SyncTrouble):
            probe(ours)


# ── certificates ──────────────────────────────────────────────────────────────────────────────


def a_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed one for 127.0.0.1, by openssl."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    key.chmod(0o600)
    return certificate, key


def test_a_certificate_is_always_checked_and_an_authority_can_be_named(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path, "server")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with web(lambda _: (200, {}, b'{"resourceType": "Basic"}'), tls) as url:
        with (
            Server(SyncConfig(url=url)) as ours,
            pytest.raises(SyncTrouble, match="certificate is not trusted"),
        ):
            ours.ask("GET", "metadata")
        with Server(SyncConfig(url=url, ca_file=str(certificate))) as ours:
            assert ours.ask("GET", "metadata").ok


def test_mutual_tls_shows_our_certificate(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path, "server")
    mine, my_key = a_certificate(tmp_path, "mine")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(mine)
    with web(lambda _: (200, {}, b'{"resourceType": "Basic"}'), tls) as url:
        trusting = {"url": url, "ca_file": str(certificate)}
        with Server(SyncConfig(**trusting)) as ours, pytest.raises(SyncTrouble):
            ours.ask("GET", "metadata")
        config = SyncConfig(**trusting, certificate_file=str(mine), certificate_key_file=str(my_key))
        with Server(config) as ours:
            assert ours.ask("GET", "metadata").ok
