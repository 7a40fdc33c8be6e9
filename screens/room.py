"""In the room: who is there, chaperone, interpreter, capacity or proxy, a need, a safeguarding concern."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from gpa_tui.records.facts_room import Chaperone, Interpreter
from gpa_tui.session import acts
from gpa_tui.session.roles import Act
from screens.chooser import ChooserScreen
from screens.escalation import ask_told
from screens.widgets.line_list import BOLD, Row
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

WHAT = {
    "p": "who is here",
    "c": "chaperone",
    "i": "interpreter",
    "a": "capacity, proxy",
    "n": "need",
    "x": "need ended",
    "2": "SpO2 scale",
    "b": "background for BMI",
    "s": "concern",
}
OFFERED: dict[str, Chaperone] = {"y": "accepted", "x": "declined", "n": "none to be had"}
MODES: dict[str, Interpreter] = {
    **{"r": "in the room", "t": "by telephone", "v": "by video"},
    **{"d": "declined", "n": "none to be had"},
}
SCALES = {"1": "scale 1", "2": "scale 2: hypercapnic failure, target 88 to 92 % (RCP 2017)"}
Saved = Callable[[str], Coroutine[Any, Any, bool]]


async def ask_room(screen: PatientScreen) -> None:
    """Which of them, by its letter; a concern never waits for the identity check."""

    async def chosen(letter: str) -> bool:
        if letter == "2" and not await screen.workstation.may(Act.SET_SCALE):
            return True
        if letter == "s":
            _ask(
                screen, "Concern: what you saw or heard, in their words", "concern", partial(_concern, screen)
            )
        else:
            await screen.when_identified(partial(_ask_about, screen, letter))
        return True

    screen.ask(Question("In the room:", chosen, choices=WHAT))


async def _ask_about(screen: PatientScreen, letter: str) -> None:
    if letter == "c":
        screen.ask(Question("A chaperone was offered:", partial(_chaperone, screen), choices=OFFERED))
    elif letter == "i":
        note = "A professional. Not family or friends; a child never interprets."
        screen.ask(Question("An interpreter:", partial(_interpreter, screen), note=note, choices=MODES))
    elif letter == "p":
        _ask(screen, "Who else is in the room?", "present", partial(_present, screen))
    elif letter == "a":
        prompt = "Capacity: what you saw, or who speaks for them and by which right"
        _ask(screen, prompt, "capacity", partial(_capacity, screen))
    elif letter == "2":
        screen.ask(Question("Which SpO2 scale, from now on?", partial(_scale, screen), choices=SCALES))
    elif letter == "x":
        await _ask_which_ended(screen)
    elif letter == "b":
        prompt = "May it be used for BMI? If so, their family background as they say it"
        _ask(screen, prompt, "background", partial(_background, screen))
    else:
        _ask(screen, "Need (words, or its mark on the list)", "need", partial(_need, screen))


def _ask(screen: PatientScreen, prompt: str, form: str, saved: Saved) -> None:
    screen.ask(Question(prompt, saved, form=form))


async def _present(screen: PatientScreen, who: str) -> bool:
    return _said(screen, await screen.workstation.write(acts.note_present, who=who), "who is in the room")


async def _capacity(screen: PatientScreen, text: str) -> bool:
    return _said(screen, await screen.workstation.write(acts.note_capacity, text=text), "capacity or proxy")


async def _need(screen: PatientScreen, text: str) -> bool:
    from gpa_tui.intake.needs import from_words, is_safeguarding

    if is_safeguarding(text):
        screen.notice("That is no need for a list: w, then s, raises it in private.", loud=True)
        return False
    return _said(screen, await screen.workstation.write(acts.note_need, need=from_words(text)), "the need")


async def _ask_which_ended(screen: PatientScreen) -> None:
    noted = screen.workstation.visit.noted_needs

    async def chosen(need: str) -> None:
        _ask(screen, f"{need}: why does it hold no more?", "need ended", partial(_ended, screen, need))

    if not noted:
        screen.notice("No need was noted here. What the list says is changed in the practice's system.")
        return
    rows = [Row(need.text, ((f" {need.text}", BOLD),)) for need in noted]
    await screen.workstation.push_screen(ChooserScreen("Which need holds no more?", rows, chosen))


async def _ended(screen: PatientScreen, need: str, why: str) -> bool:
    events = await screen.workstation.write(acts.end_need, need=need, why=why)
    return _said(screen, events, f"{need} holds no more")


async def _scale(screen: PatientScreen, letter: str) -> bool:
    scale: Literal[1, 2] = 2 if letter == "2" else 1

    async def ground(text: str) -> bool:
        events = await screen.workstation.write(acts.set_spo2_scale, scale=scale, text=text)
        return _said(screen, events, f"SpO2 scale {scale}")

    prompt = "On what ground? Diagnosis, target, where it is written"
    _ask(screen, prompt, f"scale {scale}", ground)
    return True


async def _background(screen: PatientScreen, text: str) -> bool:
    events = await screen.workstation.write(acts.note_background, text=text)
    return _said(screen, events, "family background")


async def _concern(screen: PatientScreen, text: str) -> bool:
    """The words are on no screen after this; whom they told is asked at once."""
    events = await screen.workstation.write(acts.raise_safeguarding, text=text)
    if not events:
        return False
    ask_told(screen, screen.workstation.visit.id, events[-1].id)
    return True


async def _chaperone(screen: PatientScreen, letter: str) -> bool:
    offered = OFFERED[letter]

    async def said(text: str) -> bool:
        events = await screen.workstation.write(acts.record_chaperone, offered=offered, text=text)
        return _said(screen, events, "the chaperone")

    if offered == "declined":
        return await said("")
    prompt = "The chaperone's name" if offered == "accepted" else "Why was there no chaperone?"
    _ask(screen, prompt, "chaperone", said)
    return True


async def _interpreter(screen: PatientScreen, letter: str) -> bool:
    mode = MODES[letter]

    async def said(text: str) -> bool:
        events = await screen.workstation.write(acts.record_interpreter, mode=mode, text=text)
        return _said(screen, events, "the interpreter")

    nobody = mode in {"declined", "none to be had"}
    prompt = "Who declined, or why was there none?" if nobody else "Language, and their name or number"
    _ask(screen, prompt, "interpreter", said)
    return True


def _said(screen: PatientScreen, events: object, what: str) -> bool:
    if events:
        screen.notice(f"Saved: {what}.")
    return bool(events)
