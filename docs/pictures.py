"""Makes docs/pictures/day.svg from the running program: the demo clinic in the middle of its morning."""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from gpa_tui.clock import local_date
from gpa_tui.demo import demo_practice, write_demo_list
from gpa_tui.intake.daylist import read_list
from gpa_tui.intake.take import take_in
from gpa_tui.records.appointment import Stage
from gpa_tui.records.observation import Measure, Reading
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.admission import as_device, bench_of
from gpa_tui.session.desk import Desk
from gpa_tui.store.door import read_door
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring
from screens.app import Workstation

PICTURE = Path(__file__).parent / "pictures" / "day.svg"
MORNING = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)
WIDTH, HEIGHT = 100, 26
MINUTES_ON = {Stage.ARRIVED: 4, Stage.IN_PREP: 6, Stage.READY: 9, Stage.WITH_GP: 10, Stage.WRAP_UP: 20}


class HandClock:
    """A clock that is set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def work(desk: Desk, clock: HandClock) -> None:
    """The morning as far as the picture shows it."""
    rows = desk.day.rows
    flow = (Stage.ARRIVED, Stage.IN_PREP, Stage.READY, Stage.WITH_GP, Stage.WRAP_UP, Stage.LEFT)
    for row, steps in zip(rows, (6, 4, 2, 1), strict=False):
        clock.at = max(clock.at, row.appointment.start - timedelta(minutes=3))
        for to in flow[:steps]:
            clock.at += timedelta(minutes=2)
            desk.do(partial(acts.move, place=desk.place, appointment=row.id, to=to))
    grace = rows[2].id
    desk.do(partial(acts.open_record, place=desk.place, appointment=grace))
    desk.do(
        partial(
            acts.check_identity,
            place=desk.place,
            appointment=grace,
            said_by="patient",
            name="Okonkwo",
            born="1954-04-12",
        )
    )
    numbers = {
        Measure.RESPIRATION: 22,
        Measure.SPO2: 93,
        Measure.OXYGEN: 0,
        Measure.SYSTOLIC: 128,
        Measure.DIASTOLIC: 76,
        Measure.PULSE: 95,
        Measure.TEMPERATURE: 375,
    }
    taken = [Reading(measure=measure, value=value) for measure, value in numbers.items()]
    taken.append(Reading(measure=Measure.CONSCIOUSNESS, letter="A"))
    desk.do(
        partial(
            acts.record_observations,
            place=desk.place,
            appointment=grace,
            taken=taken,
            missing=(),
            taken_at=clock.at,
            pregnant_or_postpartum=False,
        )
    )


async def picture(practice: Practice, keys: Keyring, clock: HandClock) -> str:
    """The day screen as an SVG drawing."""
    station = Workstation(read_door(practice.home), clock, "room 2")
    with redirect_stdout(io.StringIO()):
        async with station.run_test(size=(WIDTH, HEIGHT)) as pilot:
            await station.sign_in(keys, Role.GPA)
            await pilot.pause()
            await pilot.press("n")
            await pilot.pause(0.2)
            return station.export_screenshot(title="gpa-tui demo")


def without_addresses(svg: str) -> str:
    """The drawing without fonts to be fetched from elsewhere: it shows in the reader's own."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")


def main() -> None:
    """Play the morning and write the picture."""
    clock = HandClock(MORNING)
    with tempfile.TemporaryDirectory() as folder:
        practice, keys = demo_practice(Path(folder) / "clinic", clock)
        today = local_date(clock.now(), practice.settings.zone)
        listed = read_list(
            write_demo_list(Path(folder), today, practice.settings.zone),
            settings=practice.settings,
            practice=practice.info.practice,
            on=today,
            demo=True,
        )
        bench = bench_of(practice, keys, clock, "room 2")
        with closing(Desk(as_device(bench), today)) as desk:
            take_in(desk, listed, None)
        with closing(Desk(bench, today)) as desk:
            desk.read()
            work(desk, clock)
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(without_addresses(asyncio.run(picture(practice, keys, clock))))


if __name__ == "__main__":
    main()
