"""Key names and the bytes an xterm sends for them."""

_NAMED = {
    "enter": "\r",
    "tab": "\t",
    "esc": "\x1b",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "shift+tab": "\x1b[Z",
    "ctrl+space": "\x00",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "end": "\x1b[F",
    "home": "\x1b[H",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "f11": "\x1b[23~",
    "f12": "\x1b[24~",
}


def key_bytes(name: str) -> bytes:
    """The bytes of one key: a name (`down`, `ctrl+l`, `alt+x`) or a single character.

    Raises `ValueError` for a name it does not know, so that a misspelt key is not typed as text.
    """
    if len(name) == 1:
        return name.encode()
    if name in _NAMED:
        return _NAMED[name].encode()
    modifier, _, character = name.partition("+")
    if modifier == "ctrl" and len(character) == 1 and "@" <= character.upper() <= "_":
        return bytes([ord(character.upper()) & 0x1F])
    if modifier == "alt" and len(character) == 1:
        return b"\x1b" + character.encode()
    raise ValueError(f"There is no key called {name!r}.")
