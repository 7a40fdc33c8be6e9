"""The practice's settings: read whole, or refused with the file, the field and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gpa_tui.errors import SettingsError
from gpa_tui.settings import PracticeSettings, read_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "practice.toml"


def written(file: Path, text: str) -> PracticeSettings:
    file.write_text(text, "utf-8")
    return read_settings(file)


def test_a_name_is_enough(file: Path) -> None:
    found = written(file, 'name = "Elm Tree Surgery"\n')
    assert found == PracticeSettings(
        name="Elm Tree Surgery",
        time_zone="Europe/London",
        idle_lock_minutes=3,
        pregnancy_asked_from=12,
        pregnancy_asked_to=55,
        csv_map="plain",
    )
    assert found.zone == ZoneInfo("Europe/London")


def test_every_setting_can_be_set(file: Path) -> None:
    text = """\
name = "Ysbyty’r Llan"
time_zone = "Europe/Guernsey"
idle_lock_minutes = 1
pregnancy_asked_from = 10
pregnancy_asked_to = 60
csv_map = "emis"
shared_with_group = true
effort_meter = false
wait_long_minutes = 10
wait_very_long_minutes = 10
address = "1 Elm Road, Ash"
telephone = "01632 960001"
ask_climbs_minutes = 5
bp_substantial_mmhg = 15
bp_devices = ["Omron M7, room 2"]
phrases = ["Rest and drink."]
[news2]
totals = false
owner = "Dr N Patel"
three_in_one = "a"
five_or_more = "b"
seven_or_more = "c"
[plan]
owner = "Dr N Patel"
safety_nets = ["fever; Friday; 111"]
[ecg]
under_16 = "record"
chest_pain = "record"
rate_now_low = 39
rate_now_high = 130
rate_today_low = 49
rate_today_high = 110
qtc_now_ms = 480
alarming_words = ["infarto*"]
late_minutes = 5
very_late_minutes = 5
show_formulas = true
folder = "/srv/cart"
[review]
sample_percent = 0
late_note_minutes = 30
[retention]
keep_days = 400
then = "destroy"
folder = "/srv/archive"
[downtime]
folder = "/srv/downtime"
folder_minutes = 5
printer = "office"
printer_minutes = 60
"""
    found = written(file, text)
    above, news2, plan, ecg, review, retention, downtime = (
        {line.split(" ")[0] for line in part.splitlines()} for part in re.split(r"\[\w+\]\n", text)
    )
    assert set(found.model_dump()) - {"ecg", "news2", "plan", "review", "retention", "downtime"} == above
    assert set(found.news2.model_dump()) == news2
    assert set(found.plan.model_dump()) == plan
    assert set(found.ecg.model_dump()) == ecg
    assert set(found.review.model_dump()) == review
    assert set(found.retention.model_dump()) == retention
    assert set(found.downtime.model_dump()) == downtime
    assert found.ecg.alarming_words == ("infarto*",)
    assert found.name == "Ysbyty’r Llan"
    assert found.zone == ZoneInfo("Europe/Guernsey")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "name"),
        ('name = ""', "name"),
        (f'name = "{"x" * 61}"', "name"),
        ("name = 5", "name"),
        ('name = "Elm"\nidle_lock_minuets = 5', "idle_lock_minuets"),
        ('name = "Elm"\nidle_lock_minutes = 0', "idle_lock_minutes"),
        ('name = "Elm"\nidle_lock_minutes = 61', "idle_lock_minutes"),
        ('name = "Elm"\nidle_lock_minutes = "soon"', "idle_lock_minutes"),
        ('name = "Elm"\npregnancy_asked_from = 7', "pregnancy_asked_from"),
        ('name = "Elm"\npregnancy_asked_to = 71', "pregnancy_asked_to"),
        ('name = "Elm"\ntime_zone = "Europe/Lundon"', "'Europe/Lundon' is not a time zone"),
        ('name = "Elm"\ntime_zone = ""', "'' is not a time zone"),
        ('name = "Elm"\ntime_zone = "../etc/localtime"', "is not a time zone"),
        ('name = "Elm"\n[ecg]\nlate = 5', "ecg.late"),
        ('name = "Elm"\n[ecg]\nunder_16 = "maybe"', "ecg.under_16"),
        ('name = "Elm"\n[ecg]\nlate_minutes = 30', "late_minutes is above very_late_minutes"),
        ('name = "Elm"\n[ecg]\nrate_now_low = 55', "within those that are told today"),
        ('name = "Elm"\n[ecg]\nalarming_words = [" * "]', "alarming_words"),
        ('name = "Elm"\n[plan]\nsafety_nets = ["a; b; c"]', "have no owner"),
        ('name = "Elm"\n[plan]\nowner = "Dr N"\nsafety_nets = ["a; b"]', "has not three parts"),
        ("name = Elm", "line 1"),
        ('name = "Elm"\nname = "Oak"', "name"),
    ],
)
def test_a_mistake_is_named_with_file_and_field(file: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        written(file, text)
    assert str(file) in refused.value.reason
    assert says in refused.value.reason
    assert refused.value.remedy.startswith("Mend that")


def test_a_folder_of_zones_is_not_a_zone(file: Path) -> None:
    with pytest.raises(SettingsError, match="is not a time zone"):
        written(file, 'name = "Elm"\ntime_zone = "Europe"')


def test_the_ages_asked_about_pregnancy_cannot_be_empty(file: Path) -> None:
    with pytest.raises(SettingsError, match="pregnancy_asked"):
        written(file, 'name = "Elm"\npregnancy_asked_from = 50\npregnancy_asked_to = 12')


def test_a_file_that_is_not_there_or_not_text_is_refused(file: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_settings(file)
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(SettingsError, match=r"practice\.toml"):
        read_settings(file)


def test_settings_cannot_be_changed_once_read(file: Path) -> None:
    found = written(file, 'name = "Elm"')
    with pytest.raises(ValueError, match="frozen"):
        found.name = "Oak"  # type: ignore[misc]
