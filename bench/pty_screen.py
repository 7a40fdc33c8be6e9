"""A plain xterm without its window: takes a program's output, keeps the screen, answers queries."""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

import pyte
from pyte.screens import Char

_SEQUENCE = re.compile(
    r"\x1b(?:\[(?P<prefix>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<osc>[^\x07\x1b]*)(?P<osc_end>\x07|\x1b\\)"
    r"|[PX^_](?:[^\x1b]|\x1b(?!\\))*\x1b\\"
    r"|[ -/]+[0-~]"
    r"|(?P<single>[0-OQ-WYZ`-~\\]))",
    re.DOTALL,
)
_UNFINISHED = re.compile(
    r"\x1b(?:\[[0-9;:<=>?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_](?:[^\x1b]|\x1b(?!\\))*\x1b?|[ -/]*)\Z",
    re.DOTALL,
)
# Characters without a cell of their own; pyte would drop the text that follows one of them.
_NO_CELL = re.compile("[\x80-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_DRAWN_SINGLES = "78cDEHM"
_DRAWN_PRIVATE_MODES = ("6", "7", "25")
_ALTERNATE_SCREEN_MODES = ("47", "1047", "1049")
_COLOURS = {"10": "rgb:dddd/dddd/dddd", "11": "rgb:0000/0000/0000"}

Token = str | re.Match[str]


class Screen:
    """The emulated screen. Output is answered at once and drawn only when somebody looks:
    drawing is slow, and must not delay the reading of what is being timed."""

    def __init__(self, cols: int, rows: int) -> None:
        self._main = pyte.Screen(cols, rows)
        self._alternate = pyte.Screen(cols, rows)
        self._use(self._main)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._unfinished = ""
        self._waiting: deque[tuple[float, list[Token]]] = deque()

    def take(self, output: bytes, at: float) -> bytes:
        """Keeps output that was read at this time; gives the terminal's answer to its queries."""
        tokens = list(self._tokens(self._unfinished + self._decode(output)))
        self._waiting.append((at, tokens))
        return "".join(self._answer(t) for t in tokens if not isinstance(t, str)).encode()

    def draw_next(self) -> float | None:
        """Draws the oldest output not yet drawn; gives the time it was read, `None` if none is left."""
        if not self._waiting:
            return None
        at, tokens = self._waiting.popleft()
        for token in tokens:
            if isinstance(token, str):
                self._stream.feed(_NO_CELL.sub("", token))
            else:
                self._draw_sequence(token)
        return at

    def draw_all(self) -> None:
        """Draws everything read so far."""
        while self.draw_next() is not None:
            pass

    def lines(self) -> list[str]:
        """The rows as drawn, without trailing spaces."""
        return [line.rstrip() for line in self._active.display]

    def cells(self) -> list[list[Char]]:
        """Every cell with its character, colours and attributes, row by row."""
        buffer, columns = self._active.buffer, range(self._active.columns)
        return [[buffer[row][column] for column in columns] for row in range(self._active.lines)]

    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, counted from 0."""
        return self._active.cursor.y, min(self._active.cursor.x, self._active.columns - 1)

    def resize(self, cols: int, rows: int) -> None:
        """Another size, for this screen and the one behind it."""
        self.draw_all()
        self._main.resize(rows, cols)
        self._alternate.resize(rows, cols)

    def _use(self, screen: pyte.Screen) -> None:
        self._active = screen
        self._stream = pyte.Stream(screen)

    def _tokens(self, text: str) -> Iterator[Token]:
        """Runs of plain text and whole sequences; the start of an unfinished one is kept for later."""
        self._unfinished = ""
        position = 0
        while position < len(text):
            escape = text.find("\x1b", position)
            if escape != position:
                end = len(text) if escape < 0 else escape
                yield text[position:end]
                position = end
            elif sequence := _SEQUENCE.match(text, escape):
                yield sequence
                position = sequence.end()
            elif _UNFINISHED.match(text, escape):
                self._unfinished = text[escape:]
                return
            else:
                position += 1

    def _draw_sequence(self, token: re.Match[str]) -> None:
        final, prefix, single = token["final"], token["prefix"], token["single"]
        if single is not None and single in _DRAWN_SINGLES:
            self._stream.feed(token[0])
        elif final is None or token["middle"] or ":" in token["numbers"]:
            return
        elif prefix == "?" and final in "hl":
            self._draw_private_modes(token["numbers"].split(";"), final)
        elif not prefix and final in pyte.Stream.csi and final not in "cn":
            with suppress(TypeError, UnboundLocalError):  # pyte, of parameters it does not expect
                self._stream.feed(token[0])

    def _draw_private_modes(self, modes: list[str], final: str) -> None:
        for mode in modes:
            if mode in _DRAWN_PRIVATE_MODES:
                self._stream.feed(f"\x1b[?{mode}{final}")
            elif mode in _ALTERNATE_SCREEN_MODES:
                if final == "h" and self._active is not self._alternate:
                    self._alternate.reset()
                self._use(self._alternate if final == "h" else self._main)

    def _answer(self, token: re.Match[str]) -> str:
        if token["osc"] is not None:
            number, _, question = token["osc"].partition(";")
            known = question == "?" and number in _COLOURS
            return f"\x1b]{number};{_COLOURS[number]}{token['osc_end']}" if known else ""
        match token["prefix"], token["numbers"], token["middle"], token["final"]:
            case "", "" | "0", "", "c":
                return "\x1b[?62;1;6;22c"
            case "", "5", "", "n":
                return "\x1b[0n"
            case "", "6", "", "n":
                self.draw_all()
                row, column = self.cursor()
                return f"\x1b[{row + 1};{column + 1}R"
            case "?", mode, "$", "p":
                return f"\x1b[?{mode};0$y"
            case _:
                return ""
