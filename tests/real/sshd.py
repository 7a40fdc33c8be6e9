"""A real OpenSSH server of our own on a free loopback port, for the user who runs the tests."""

import getpass
import os
import select
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PRIVILEGE_SEPARATION = Path("/run/sshd")
SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))

CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile {folder}/sshd.pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PermitUserRC no
PrintMotd no
"""


class NoServer(AssertionError):
    """The server could not be had; the message says why and what to do."""


class Sshd:
    """The server while the `with` block lasts; `command` gives an ssh command line to it.

    Run by an ordinary user it serves terminals only where /dev/pts belongs to the group tty, as is usual.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0

    def __enter__(self) -> Self:
        sshd, keygen = program("sshd"), program("ssh-keygen")
        for name in ("host_key", "user_key"):
            make = [keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(self._folder / name)]
            subprocess.run(make, check=True)
        self._port = free_port()
        config = self._folder / "sshd_config"
        config.write_text(CONFIG.format(port=self._port, folder=self._folder))
        host_key = (self._folder / "host_key.pub").read_text()
        (self._folder / "known_hosts").write_text(f"[127.0.0.1]:{self._port} {host_key}")
        if os.geteuid() == 0:
            PRIVILEGE_SEPARATION.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._server = subprocess.Popen([sshd, "-D", "-e", "-f", config], stderr=subprocess.PIPE)
        self._wait_listening()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.terminate()
        self._server.wait(timeout=10)
        assert self._server.stderr is not None
        self._server.stderr.close()

    def command(self, *remote: str) -> list[str]:
        """The ssh command line that runs a remote command on a terminal of its own."""
        options = {
            "BatchMode": "yes",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": str(self._folder / "known_hosts"),
            "LogLevel": "ERROR",
        }
        key, user = str(self._folder / "user_key"), getpass.getuser()
        given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        ssh = [program("ssh"), "-tt", "-F", "none", "-p", str(self._port), "-i", key, *given]
        return [*ssh, f"{user}@127.0.0.1", *remote]

    def _wait_listening(self) -> None:
        assert self._server.stderr is not None
        log, deadline = b"", time.monotonic() + 10
        os.set_blocking(self._server.stderr.fileno(), False)
        while b"Server listening" not in log:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._server.stderr], [], [], left)[0]:
                break
            if not (data := self._server.stderr.read()):
                break
            log += data
        else:
            return
        self._server.kill()
        raise NoServer(f"sshd does not listen on port {self._port}. It says:\n{log.decode(errors='replace')}")


def program(name: str) -> str:
    """Where an OpenSSH program is. Raises `NoServer` when this computer has none."""
    found = shutil.which(name, path=SEARCH_PATH)
    if found is None:
        raise NoServer(f"OpenSSH's {name} is not on this computer: run sh tests/real/setup.sh as root.")
    return found


def free_port() -> int:
    """A loopback port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
