"""What the sign-in screen reads of a store, without its models: the same as the store itself says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clinic import a_practice
from platformdirs import user_data_path

from gpa_tui.errors import StoreUnusable
from gpa_tui.store.door import default_home, read_door
from gpa_tui.store.practice import Practice


def test_the_door_says_what_the_store_says(practice: Practice) -> None:
    door = read_door(practice.home)
    assert (door.home, door.name, door.demo) == (practice.home, practice.settings.name, practice.info.demo)
    assert door.zone == practice.settings.zone
    at_the_door = [(person.id, person.name, person.roles) for person in door.people]
    members = [entry.member for entry in practice.roster.staff]
    assert at_the_door == [(one.id, one.name, tuple(role.value for role in one.roles)) for one in members]


def test_the_door_has_the_practices_own_time_zone(practice: Practice) -> None:
    (practice.home / "practice.toml").write_text('name = "Elm"\ntime_zone = "Europe/Jersey"\n')
    assert read_door(practice.home).zone == Practice(practice.home).settings.zone


def test_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="There is no practice in") as refused:
        read_door(tmp_path)
    assert "gpa-tui init" in refused.value.remedy


def folder_for_store_json(home: Path) -> None:
    (home / "store.json").unlink()
    (home / "store.json").mkdir()


DAMAGED: dict[str, Callable[[Path], Any]] = {
    "store.json is cut off": lambda home: (home / "store.json").write_text('{"format'),
    "store.json is not an object": lambda home: (home / "store.json").write_text("[]"),
    "store.json lacks a field": lambda home: (home / "store.json").write_text("{}"),
    "store.json is not text": lambda home: (home / "store.json").write_bytes(b"\xff\xfe\xff"),
    "store.json is a folder": folder_for_store_json,
    "keys.json is cut off": lambda home: (home / "keys.json").write_text("{"),
    "keys.json is gone": lambda home: (home / "keys.json").unlink(),
    "keys.json has a person without a name": lambda home: (home / "keys.json").write_text(
        '{"format": 1, "staff": [{"member": {"id": "x", "roles": []}, "slot": {}}]}'
    ),
    "practice.toml is gone": lambda home: (home / "practice.toml").unlink(),
    "practice.toml is not TOML": lambda home: (home / "practice.toml").write_text("name = Elm"),
    "practice.toml has no name": lambda home: (home / "practice.toml").write_text(""),
    "practice.toml has no such zone": lambda home: (home / "practice.toml").write_text(
        'name = "Elm"\ntime_zone = "Mars/Olympus"'
    ),
    "practice.toml has a folder of zones": lambda home: (home / "practice.toml").write_text(
        'name = "Elm"\ntime_zone = "Europe"'
    ),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_store_is_refused_in_words(tmp_path: Path, how: str) -> None:
    home = a_practice(tmp_path).home
    DAMAGED[how](home)
    with pytest.raises(StoreUnusable) as refused:
        read_door(home)
    assert refused.value.remedy


def test_the_store_is_where_the_variable_says_else_the_platforms_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GPA_TUI_HOME", str(tmp_path))
    assert default_home() == tmp_path
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GPA_TUI_HOME", "~/surgery")
    assert default_home() == tmp_path / "surgery"
    monkeypatch.setenv("GPA_TUI_HOME", "")
    assert default_home() == user_data_path("gpa-tui")
