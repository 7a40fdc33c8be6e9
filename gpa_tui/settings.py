"""What a practice sets: `practice.toml` and `competencies.toml` in the store's folder, as frozen models.

Every field has a sentence saying what it does and which default stands when it is absent.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from gpa_tui.errors import SettingsError
from gpa_tui.records.base import Record
from gpa_tui.records.competency import CompetencyList
from gpa_tui.records.plan import is_whole, net_parts
from gpa_tui.records.shorthand import Lexicon, ShorthandTable

AModel = TypeVar("AModel", bound=Record)
COMPETENCIES_FILE = "competencies.toml"
SHORTHAND_FILE, LEXICON_FILE = "shorthand.toml", "lexicon.toml"
OWN_LISTS = (COMPETENCIES_FILE, SHORTHAND_FILE, LEXICON_FILE)  # a practice's, in place of the shipped ones
RCP = "RCP ward response:"
ALARMING = (
    *("acute", "critical", "stemi", "infarct acute", "ischaem*", "ischem*"),
    *("vt", "ventricular tachycardia", "wide complex", "ventricular fibrillation"),
    *("wide qrs tachycardia", "v tach", "vtach", "vf", "vfib", "v fib", "asystole", "sinus arrest"),
    *("st elevation", "st elevated", "complete av block", "high grade av block"),
    *("heart block", "third degree", "3rd degree", "mobitz", "pause*"),
    *("af new", "new af", "new atrial fibrillation", "atrial fibrillation new", "new onset"),
    *("wpw", "wolff parkinson white", "brugada", "long qt*", "prolonged qt*"),
)
"""What of a cart's words a clinician must hear at once (domain brief, 4.6: a proposal)."""


DeviceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=24)]

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class EcgSettings(Record, extra="forbid"):
    """The practice's rules for ECGs, in the table `[ecg]`; a clinician of the practice owns them."""

    under_16: Literal["ask", "record"] = "ask"
    """Under 16, or at an age that is not known: `ask` stops until a clinician said to go on (proposal)."""

    chest_pain: Literal["ask", "record"] = "ask"
    """With chest pain now or in the last 12 hours: `ask` stops until a clinician said to go on (proposal)."""

    rate_now_low: int = Field(default=40, ge=20, le=60)
    """The cart's rate at or below which the GP is called at once (RCP NEWS2 2017: 3 points)."""

    rate_now_high: int = Field(default=131, ge=100, le=200)
    """The cart's rate at or above which the GP is called at once (RCP NEWS2 2017: 3 points)."""

    rate_today_low: int = Field(default=50, ge=30, le=70)
    """The cart's rate at or below which the GP is told before the patient leaves (NEWS2 2017: 1 point)."""

    rate_today_high: int = Field(default=111, ge=90, le=160)
    """The cart's rate at or above which the GP is told before the patient leaves (NEWS2 2017: 2 points)."""

    qtc_now_ms: int = Field(default=500, ge=440, le=600)
    """The cart's QTc, by whichever formula, at or above which the GP is called at once (proposal)."""

    alarming_words: tuple[str, ...] = ALARMING
    """The machine's words that call the GP at once; `*` ends one that goes on: `ischaem*` (proposal)."""

    late_minutes: int = Field(default=10, ge=1, le=600)
    """Minutes from the recording after which an ECG that no clinician has reviewed is late (proposal)."""

    very_late_minutes: int = Field(default=20, ge=1, le=600)
    """Minutes after which the frame of every screen says so (proposal)."""

    show_formulas: bool = False
    """Whether QTc by four named formulas is shown beside the cart's, without a verdict."""

    folder: str = Field(default="", max_length=400)
    """The folder that the cart writes its files to; empty: the path of a file is typed."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.late_minutes > self.very_late_minutes:
            raise ValueError("late_minutes is above very_late_minutes")
        if self.rate_now_low > self.rate_today_low or self.rate_today_high > self.rate_now_high:
            raise ValueError("a rate that calls the GP at once lies within those that are told today")
        if any(not word.strip(" *-") for word in self.alarming_words):
            raise ValueError("one of alarming_words is empty")
        return self


class News2Settings(Record, extra="forbid"):
    """What a practice does with NEWS2, in the table `[news2]`; a clinician of the practice owns the texts."""

    totals: bool = True
    """Whether a total is kept; without it the parts alone, and 3 in one parameter still calls the GP."""

    owner: str = Field(default="", max_length=60)
    """Which clinician of the practice has adopted the texts below; shown with them."""

    three_in_one: str = Field(default=f"{RCP} a nurse informs the medical team, who decide", max_length=200)
    """What stands beside the question whom you told, where one parameter scores 3 (RCP 2017 as shipped)."""

    five_or_more: str = Field(
        default=f"{RCP} urgent assessment by a clinician competent in acute illness",
        max_length=200,
    )
    """The same from a total of 5 on (RCP 2017 as shipped)."""

    seven_or_more: str = Field(
        default=f"{RCP} emergency assessment by a team with critical-care skills", max_length=200
    )
    """The same from a total of 7 on (RCP 2017 as shipped)."""

    def response(self, trigger: str) -> str:
        """The practice's text for the trigger that was met; empty without one."""
        if not trigger:
            return ""
        if "7 or more" in trigger:
            return self.seven_or_more
        return self.five_or_more if "5 or" in trigger else self.three_in_one


class PlanSettings(Record, extra="forbid"):
    """Words for the plan, in the table `[plan]`, that a clinician of the practice owns."""

    owner: str = Field(default="", max_length=60)
    """Which clinician of the practice has adopted the words below; needed where there are any."""

    safety_nets: tuple[str, ...] = Field(default=(), max_length=9)
    """Safety nets to begin from, each of three parts: `watch for what; better by when; where to turn`."""

    @model_validator(mode="after")
    def _owned_and_whole(self) -> Self:
        if self.safety_nets and not self.owner.strip():
            raise ValueError("safety_nets have no owner: name the clinician who adopted them")
        for net in self.safety_nets:
            if not is_whole(net_parts(net)):
                raise ValueError(f"{net!r} has not three parts with ; between them")
        return self


class ReviewSettings(Record, extra="forbid"):
    """The practice's rules for reviewing a session, in the table `[review]`."""

    sample_percent: int = Field(default=20, ge=0, le=100)
    """Of a hundred rows how many are looked at in any case, drawn at random (proposal)."""

    late_note_minutes: int = Field(default=15, ge=1, le=1440)
    """Minutes after the patient left from which a note is shown to the supervisor as late (proposal)."""


def _whole_path(text: str) -> str:
    """Wherever the program is begun, it is the same folder."""
    if text and not text.startswith("/"):
        raise ValueError(f"{text!r} is not a whole path: it begins with /")
    return text


FolderPath = Annotated[str, StringConstraints(max_length=400), AfterValidator(_whole_path)]


class DowntimeSettings(Record, extra="forbid"):
    """Where the downtime pack goes, in the table `[downtime]`: list, briefs and blank forms as one PDF."""

    folder: FolderPath = ""
    """A folder of the practice's choice, kept up while somebody is signed in; empty: none."""

    folder_minutes: int = Field(default=2, ge=1, le=600)
    """Minutes after a change until the file in the folder has it, at most (proposal)."""

    printer: str = Field(default="", max_length=80, pattern=r"^[A-Za-z0-9._-]*$")
    """The printer, as `lp` calls it, that gets the pack when it has changed; empty: none."""

    printer_minutes: int = Field(default=120, ge=5, le=1440)
    """Minutes between two packs to the printer, at least (proposal)."""


class RetentionSettings(Record, extra="forbid"):
    """How long sessions are kept, in the table `[retention]`; `gpa-tui retention` does what it says."""

    keep_days: int = Field(default=365, ge=8, le=36500)
    """Days after its sign-off that a date is kept, for supervision and portfolios (proposal); over a week."""

    then: Literal["archive", "destroy"] = "archive"
    """What becomes of it then: `archive` packs it, sealed, into `folder`; `destroy` keeps nothing of it."""

    folder: FolderPath = ""
    """The folder for archives; empty: `archive` in the store's folder."""


class PracticeSettings(Record, extra="forbid"):
    """The practice's own settings."""

    name: str = Field(min_length=1, max_length=60)
    """The practice's name, as the frame shows it."""

    address: str = Field(default="", max_length=200)
    """Where the practice is, for the call card: what is read out to an ambulance service."""

    telephone: str = Field(default="", max_length=40)
    """The number to call back, for the call card."""

    time_zone: str = "Europe/London"
    """An IANA name. The clinic's day and every time on screen are local to it."""

    idle_lock_minutes: int = Field(default=3, ge=1, le=60)
    """Minutes without a key until the workstation locks itself (proposal: no NHS figure was found)."""

    pregnancy_asked_from: int = Field(default=12, ge=8, le=60)
    """From this age on, patients not recorded as male are asked about pregnancy before NEWS2 (proposal)."""

    pregnancy_asked_to: int = Field(default=55, ge=8, le=70)
    """Up to and including this age (proposal)."""

    wait_long_minutes: int = Field(default=15, ge=1, le=600)
    """Minutes from which the list says that whoever has arrived, or is ready for the GP, waits (proposal)."""

    wait_very_long_minutes: int = Field(default=30, ge=1, le=600)
    """Minutes from which it says so in capitals (proposal)."""

    bp_substantial_mmhg: int = Field(default=10, ge=1, le=60)
    """How far apart two blood pressures ask for a third; NICE NG136 gives no number (proposal)."""

    phrases: tuple[Phrase, ...] = Field(default=(), max_length=200)
    """Words that are typed often, offered in every field of words by their first letters; Tab takes one."""

    bp_devices: tuple[DeviceName, ...] = Field(default=(), max_length=9)
    """The practice's BP devices as they are called; `d` on the slip, or `dev1` in the line, says which."""

    ask_climbs_minutes: int = Field(default=10, ge=1, le=600)
    """Minutes after which a task of today that nobody has accepted stands first on the list (proposal)."""

    effort_meter: bool = True
    """Whether keys and seconds per task are counted: per date and place, kept on the machine, no names."""

    shared_with_group: bool = False
    """Whether the store's files are open to the group of its folder, for several accounts to share it."""

    news2: News2Settings = Field(default_factory=News2Settings)
    """What is done with NEWS2: a table `[news2]` of its own, below."""

    plan: PlanSettings = Field(default_factory=PlanSettings)
    """Words for the plan: a table `[plan]` of its own, below."""

    ecg: EcgSettings = Field(default_factory=EcgSettings)
    """The rules for ECGs: a table `[ecg]` of their own, below."""

    review: ReviewSettings = Field(default_factory=ReviewSettings)
    """The rules for reviewing a session: a table `[review]` of their own, below."""

    downtime: DowntimeSettings = Field(default_factory=DowntimeSettings)
    """Where the downtime pack goes: a table `[downtime]` of its own, below."""

    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    """How long sessions are kept: a table `[retention]` of its own, below."""

    csv_map: str = "plain"
    """The column map for CSV lists: `plain`, `emis`, or the path of a TOML file of the practice's own."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is not a time zone, e.g. Europe/London") from error
        return value

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.pregnancy_asked_from > self.pregnancy_asked_to:
            raise ValueError("pregnancy_asked_from is above pregnancy_asked_to: nobody would be asked")
        return self

    @model_validator(mode="after")
    def _waits_in_order(self) -> Self:
        if self.wait_long_minutes > self.wait_very_long_minutes:
            raise ValueError("wait_long_minutes is above wait_very_long_minutes")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def read_settings(path: Path) -> PracticeSettings:
    """The settings in `path`. Raises `SettingsError` naming the field and what is wrong with it."""
    return _read(path, PracticeSettings)


def read_competencies(home: Path) -> CompetencyList:
    """The practice's own list in `home`, or else the shipped starter set. Raises `SettingsError`."""
    own = home / COMPETENCIES_FILE
    return _read(own, CompetencyList) if own.exists() else shipped_competencies()


def shipped_competencies() -> CompetencyList:
    """The starter set in `gpa_tui/reference`."""
    return CompetencyList.model_validate(_shipped(COMPETENCIES_FILE))


def read_shorthand(home: Path) -> ShorthandTable:
    """The practice's own table in `home`, or else the shipped one. Raises `SettingsError`."""
    own = home / SHORTHAND_FILE
    return _read(own, ShorthandTable) if own.exists() else shipped_shorthand()


def read_lexicon(home: Path) -> Lexicon:
    """The practice's own lexicon in `home`, or else the shipped one. Raises `SettingsError`."""
    own = home / LEXICON_FILE
    return _read(own, Lexicon) if own.exists() else Lexicon.model_validate(_shipped(LEXICON_FILE))


def _shipped(name: str) -> dict[str, object]:
    return tomllib.loads(files("gpa_tui").joinpath("reference", name).read_text("utf-8"))


def shipped_shorthand() -> ShorthandTable:
    """The table of shorthand in `gpa_tui/reference`."""
    return ShorthandTable.model_validate(_shipped(SHORTHAND_FILE))


def _read(path: Path, model: type[AModel]) -> AModel:
    try:
        return model.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise SettingsError(
            f"{path}: {error.strerror}.", "Put the file back, or ask who looks after this computer."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}.", "Mend that line.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SettingsError(f"{path}: {field}: {first['msg']}.", "Mend that setting.") from error
