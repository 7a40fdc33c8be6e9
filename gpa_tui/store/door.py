"""What the sign-in screen shows of a store, read with the standard library alone so that it is there at once.

The whole store, with its models, is `store/practice.py`; it is loaded while the passphrase is typed.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from gpa_tui.errors import StoreUnusable

HOME_VARIABLE = "GPA_TUI_HOME"
SETTINGS_FILE = "practice.toml"
EFFORT = "effort"  # the folder of keys and seconds per task
INFO_FILE = "store.json"
ROSTER_FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roster: short name, the name others see, and what they may act as."""

    id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """The practice's name and time zone, whether it is a demo, and who may sign in."""

    home: Path
    name: str
    zone: ZoneInfo
    demo: bool
    people: tuple[Person, ...]


def default_home() -> Path:
    """`GPA_TUI_HOME`, or the platform's data folder."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("gpa-tui")


def read_door(home: Path) -> Door:
    """What stands at the door of the store in `home`. Raises `StoreUnusable`."""
    try:
        info = json.loads((home / INFO_FILE).read_bytes())
        settings = tomllib.loads((home / SETTINGS_FILE).read_text("utf-8"))
        roster = json.loads((home / ROSTER_FILE).read_bytes())
        people = tuple(
            Person(entry["member"]["id"], entry["member"]["name"], tuple(entry["member"]["roles"]))
            for entry in roster["staff"]
            if entry["slot"] is not None  # who has left does not sign in
        )
        zone = ZoneInfo(settings.get("time_zone", "Europe/London"))
        return Door(home, settings["name"], zone, bool(info["demo"]), people)
    except FileNotFoundError as error:
        if not (home / INFO_FILE).exists():
            raise no_store(home) from error
        raise StoreUnusable(f"{error.filename} is missing.", _TELL) from error
    except OSError as error:
        raise StoreUnusable(f"{error.filename}: {error.strerror}.", _TELL) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreUnusable(f"The store in {home} is damaged: {error}.", _TELL) from error


def no_store(home: Path) -> StoreUnusable:
    """There is no practice in `home`."""
    return StoreUnusable(
        f"There is no practice in {home}.",
        "Make one with `gpa-tui init`, or look at a made-up one with `gpa-tui demo`.",
    )


_TELL = "Tell whoever looks after this computer."
