"""The lines of a journal and how each follows from the one before; reads, never writes, and needs no key.

Line 1 is the header, `{"format", "journal", "practice", "date"}`. Every further line is one commit,
`{"n": 1, 2, 3 …, "prev": SHA-256 of the line before, "epoch", "by": key id, "box", "sig"}` and, where it
anchors other journals, `"heads": {name: [n, hash]}`. docs/journal-format.md is the whole of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from gpa_tui.errors import JournalDamaged, NewerFormat
from gpa_tui.store import seal

FORMAT = 1
ASK = "Nothing in it was altered now. Tell whoever looks after the system; `gpa-tui log verify` says more."
Head = tuple[int, str]
"""How many commits a journal has, and the SHA-256 of its last line."""


class Commit(NamedTuple):
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
    header = {"format": FORMAT, "journal": journal, "practice": practice, "date": date}
    return json.dumps(header, separators=(",", ":")).encode()


def commit_line(
    key: bytes, signer: Any, journal: str, head: Head, epoch: int, events: bytes, heads: Mapping[str, Head]
) -> bytes:
    """The line after `head` that holds `events` (a JSON list), closed with `key` and signed by `signer`."""
    n, prev = head[0] + 1, head[1]
    bound = _bound(journal, n, prev, epoch, signer.id, heads)
    box = seal.text(seal.close(key, events, bound))
    sig = seal.text(signer.sign(bound + b"\n" + box.encode()))
    anchors = f'"heads":{_anchors(heads)},' if heads else ""
    return (
        f'{{"n":{n},"prev":"{prev}","epoch":{epoch},"by":"{signer.id}",{anchors}"box":"{box}","sig":"{sig}"}}'
    ).encode()


END = b"\0"  # no line has a zero byte: the first one ends what is written


def written(content: bytes) -> tuple[list[bytes], bytes, bool]:
    """The whole lines of a journal's bytes, what is left of one more, and whether that is damage.

    A crash or a power cut leaves at most a part of one line, in which an earlier block may be missing. Zero
    bytes with whole lines behind them are no such thing: lines that count were destroyed.
    """
    text, end, rest = content.partition(END)
    *lines, tail = text.split(b"\n")
    torn = (tail + end + rest).rstrip(END)
    return lines, torn, b"\n" in rest.rstrip(END)[:-1]


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

        Raises `JournalDamaged` naming the line, or `NewerFormat` for a header, after which the lines may be
        tried all the same. The line counts once `took` is called.
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
            self.journal = str(header.get("journal", ""))
            raise NewerFormat(self.name, header["format"], FORMAT)
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


_KINDS = (int, str, int, str, str, str)


def _commit_of(value: Any) -> Commit | None:
    try:
        fields = value["n"], value["prev"], value["epoch"], value["by"], value["box"], value["sig"]
        heads = value.get("heads")
    except (KeyError, TypeError, AttributeError):
        return None
    if tuple(map(type, fields)) != _KINDS:
        return None
    if heads is not None and not (isinstance(heads, dict) and all(map(_is_head, heads.values()))):
        return None
    n, prev, epoch, by, box, sig = fields
    if not all(one.isascii() for one in (prev, by, box, sig, *(heads or ()))):
        return None
    anchors = {name: (m, hash_) for name, (m, hash_) in heads.items()} if heads else {}
    return Commit(n, prev, epoch, by, anchors, box, sig)


def _is_head(value: Any) -> bool:
    return isinstance(value, list) and list(map(type, value)) == [int, str]


def _bound(journal: str, n: int, prev: str, epoch: int, by: str, heads: Mapping[str, Head]) -> bytes:
    return f"gpa-tui commit 1\n{journal}\n{n}\n{prev}\n{epoch}\n{by}\n{_anchors(heads)}".encode()


def _anchors(heads: Mapping[str, Head]) -> str:
    if not heads:
        return "{}"
    return json.dumps({name: list(heads[name]) for name in sorted(heads)}, separators=(",", ":"))


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
