"""The lines of a journal and how each follows from the one before; reads, never writes, and needs no key.

Line 1 is the header, `{"format", "journal", "practice", "date"}`. Every further line is one commit,
`{"n": 1, 2, 3 …, "prev": SHA-256 of the line before, "epoch", "by": key id, "box", "sig"}` and, where it
anchors other journals, `"heads": {name: [n, hash]}`. docs/journal-format.md is the whole of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpa_tui.errors import JournalDamaged, NewerFormat
from gpa_tui.store import seal

FORMAT = 1
ASK = "Nothing in it was altered now. Tell whoever looks after the system; `gpa-tui log verify` says more."
Head = tuple[int, str]
"""How many commits a journal has, and the SHA-256 of its last line."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One line as it stands in the file; what `box` holds takes a key to see."""

    n: int
    prev: str
    epoch: int
    by: str
    heads: Mapping[str, Head]
    box: str
    sig: str

    def bound(self, journal: str) -> bytes:
        """What the box is bound to, and the signature covers besides: everything else that the line says."""
        return _bound(journal, self.n, self.prev, self.epoch, self.by, self.heads)

    def signed(self, journal: str) -> bytes:
        return self.bound(journal) + b"\n" + self.box.encode()


def header_line(journal: str, practice: str, date: str) -> bytes:
    """The first line of a new journal, without its line break."""
    return _line({"format": FORMAT, "journal": journal, "practice": practice, "date": date})


def commit_line(
    key: bytes, signer: Any, journal: str, head: Head, epoch: int, events: bytes, heads: Mapping[str, Head]
) -> bytes:
    """The line after `head` that holds `events` (a JSON list), closed with `key` and signed by `signer`."""
    n, prev = head[0] + 1, head[1]
    bound = _bound(journal, n, prev, epoch, signer.id, heads)
    box = seal.text(seal.close(key, events, bound))
    sig = seal.text(signer.sign(bound + b"\n" + box.encode()))
    anchors = {"heads": heads} if heads else {}
    return _line({"n": n, "prev": prev, "epoch": epoch, "by": signer.id, **anchors, "box": box, "sig": sig})


class Chain:
    """Takes the lines of one journal in order and says of each what it holds.

    `practice` and `date` are what the header must say; None takes any.
    """

    def __init__(self, name: str, practice: str | None = None, date: str | None = None) -> None:
        self.name = name
        self.journal = ""  # its id, once the header is read
        self._expected = {"practice": practice, "date": date}
        self._lines = 0
        self.last_hash = ""

    @property
    def commits(self) -> int:
        return max(0, self._lines - 1)

    @property
    def head(self) -> Head:
        return self.commits, self.last_hash

    def read(self, line: bytes) -> Commit | None:
        """The next line, without its line break; None for the header.

        Raises `JournalDamaged` naming the line, or `NewerFormat`. The line counts once `took` is called.
        """
        if self._lines:
            return self._commit(line)
        self._read_header(line)
        return None

    def took(self, line: bytes) -> None:
        """`line` follows, and is in the file for good."""
        self._lines += 1
        self.last_hash = hashlib.sha256(line).hexdigest()

    def _read_header(self, line: bytes) -> None:
        header = _parse(line)
        if not isinstance(header, dict) or not isinstance(header.get("format"), int):
            raise self.damaged("is not a journal's header")
        if header["format"] > FORMAT:
            raise NewerFormat(
                f"{self.name} has format {header['format']}, this version writes format {FORMAT}.",
                "Use the version of gpa-tui that wrote it.",
            )
        if header["format"] != FORMAT:
            raise self.damaged(f"is a header of format {header['format']}, which was for demo stores only")
        for field, expected in self._expected.items():
            if expected is not None and header.get(field) != expected:
                raise self.damaged(f"says that the file belongs to another {field}")
        if not isinstance(header.get("journal"), str):
            raise self.damaged("is not a journal's header")
        self.journal = header["journal"]

    def _commit(self, line: bytes) -> Commit:
        number = self.commits + 1
        commit = _commit_of(_parse(line))
        if commit is None:
            raise self.damaged("is not a commit")
        if commit.n != number:
            raise self.damaged(f"says it is commit {commit.n}, but commit {number} belongs here")
        if commit.prev != self.last_hash:
            raise self.damaged("does not follow from the line before it: one of the two was changed")
        return commit

    def damaged(self, what: str) -> JournalDamaged:
        """The error that names the line that comes next."""
        line = self._lines + 1
        return JournalDamaged(f"{self.name}: line {line} {what}.", ASK, line=line)


_TEXTS = ("prev", "by", "box", "sig")
_NUMBERS = ("n", "epoch")


def _commit_of(value: Any) -> Commit | None:
    if not isinstance(value, dict):
        return None
    if not all(isinstance(value.get(name), str) for name in _TEXTS):
        return None
    if not all(type(value.get(name)) is int for name in _NUMBERS):
        return None
    heads = value.get("heads", {})
    if not isinstance(heads, dict) or not all(map(_is_head, heads.values())):
        return None
    anchors = {name: (n, hash_) for name, (n, hash_) in heads.items()}
    return Commit(value["n"], value["prev"], value["epoch"], value["by"], anchors, value["box"], value["sig"])


def _is_head(value: Any) -> bool:
    return isinstance(value, list) and list(map(type, value)) == [int, str]


def _bound(journal: str, n: int, prev: str, epoch: int, by: str, heads: Mapping[str, Head]) -> bytes:
    anchors = json.dumps({name: list(heads[name]) for name in sorted(heads)}, separators=(",", ":"))
    return f"gpa-tui commit 1\n{journal}\n{n}\n{prev}\n{epoch}\n{by}\n{anchors}".encode()


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
