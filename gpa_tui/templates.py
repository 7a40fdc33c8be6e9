"""Prep lists as files: those that are shipped, a practice's own beside or in place of them, and what is wrong
with one, by its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from gpa_tui.errors import SettingsError
from gpa_tui.records.prep import PrepTemplate

FOLDER = "prep"  # within the store's own


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a file: in which line, from 1, and what."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words}"


def shipped_templates() -> dict[str, PrepTemplate]:
    """The lists in `gpa_tui/reference/prep`, by id; `core` is part of every visit's."""
    folder = files("gpa_tui").joinpath("reference", "prep")
    found = (
        PrepTemplate.model_validate(tomllib.loads(entry.read_text("utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )
    return _by_title(found)


def read_templates(home: Path) -> dict[str, PrepTemplate]:
    """The shipped lists and the practice's own in `home`; of the same id its own. Raises `SettingsError`."""
    own: list[PrepTemplate] = []
    for path in sorted((home / FOLDER).glob("*.toml")):
        template, wrong = check(path)
        if template is None:
            raise SettingsError(f"{wrong[0]}.", "Mend that line; `gpa-tui templates check` says all of them.")
        own.append(template)
    return _by_title({**shipped_templates(), **{one.id: one for one in own}}.values())


def _by_title(templates: Iterable[PrepTemplate]) -> dict[str, PrepTemplate]:
    return {one.id: one for one in sorted(templates, key=lambda one: one.title)}


def check(path: Path) -> tuple[PrepTemplate | None, list[Wrong]]:
    """The list in a file, or all that is wrong with it, each with its line."""
    try:
        text = path.read_text("utf-8")
        return PrepTemplate.model_validate(tomllib.loads(text)), []
    except OSError as error:
        return None, [Wrong(path.name, 1, error.strerror or str(error))]
    except UnicodeDecodeError:
        return None, [Wrong(path.name, 1, "it is not UTF-8")]
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        last = text.count("\n") + 1
        return None, [Wrong(path.name, int(found[1]) if found else last, str(error))]
    except ValidationError as error:
        faults = [(_line(text, one["loc"]), _words(one["loc"], one["msg"])) for one in error.errors()]
        return None, [Wrong(path.name, line, words) for line, words in faults]


def _words(where: tuple[int | str, ...], message: str) -> str:
    fields = [str(part) for part in where if isinstance(part, str) and part != "items"]
    said = message.removeprefix("Value error, ")
    return f"{fields[-1]}: {said[:1].lower()}{said[1:]}" if fields else said


def _line(text: str, where: tuple[int | str, ...]) -> int:
    """The line that a fault is in: the item's key, else its heading; at the top the key, else the first."""
    lines, start = text.splitlines(), 0
    if len(where) > 1 and where[0] == "items" and isinstance(where[1], int):
        headings = [number for number, line in enumerate(lines) if line.strip() == "[[items]]"]
        start = headings[where[1]] if where[1] < len(headings) else 0
    keys = [part for part in where if isinstance(part, str) and part != "items"]
    for number, line in enumerate(_until_heading(lines, start), start):
        if keys and re.match(rf"\s*{re.escape(keys[-1])}\s*=", line):
            return number + 1
    return start + 1


def _until_heading(lines: list[str], start: int) -> Iterator[str]:
    for number in range(start, len(lines)):
        if number > start and lines[number].strip() == "[[items]]":
            return
        yield lines[number]
