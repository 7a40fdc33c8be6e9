"""Reads the keyboard for Textual: no byte ends the program, and a line that is gone is a hang-up."""

from __future__ import annotations

import os
import selectors
import signal

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from screens.keystream import ESC, Keystream

LOOK = 0.1  # seconds between looks at whether the program is ending
ESC_WAIT = 0.05  # seconds: a terminal sends the rest of a sequence in the same breath


class KeyboardDriver(LinuxDriver):
    """Textual's driver with another way of reading (its own ends at the first byte that is not UTF-8)."""

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._hang_up()
        except Exception as error:  # noqa: BLE001 – into the program's own account of a fault
            self._app.call_later(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Wait for keys and hand them on, until the program ends or the line is gone."""
        parser, stream = XTermParser(self._debug), Keystream()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(ESC_WAIT if stream.waiting else LOOK):
                    data = os.read(self.fileno, 1024 * 4)
                    if not data:
                        self._hang_up()
                        return
                    for piece in stream.take(data):
                        self._hand_on(parser, piece)
                elif stream.waiting:
                    self._hand_on(parser, stream.waited())
                for event in parser.tick():
                    self.process_message(event)

    def _hand_on(self, parser: XTermParser, piece: str | None) -> None:
        pressed = [events.Key("escape", ESC)] if piece is None else parser.feed(piece)
        for event in pressed:
            self.process_message(event)

    def _hang_up(self) -> None:
        """As if the system had said so: what is half typed is kept, and the program ends."""
        os.kill(os.getpid(), signal.SIGHUP)
