"""The one table of keys. Bindings, hint lines, the `?` screen and docs/keys.md are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

PLAIN_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "backspace": "Backspace",
    "shift+tab": "Shift+Tab",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "question_mark": "?",
    "colon": ":",
    "minus": "-",
    "plus": "+",
    "slash": "/",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One act by key: its id (`noun.verb`), the keys that do it (the first is shown), and its words."""

    id: str
    keys: tuple[str, ...]
    hint: str
    says: str

    @property
    def action(self) -> str:
        """`app.lock` is the App's; every other is the method `action_noun_verb` of the place's widget."""
        return self.id if self.id.startswith("app.") else self.id.replace(".", "_")

    @property
    def shown(self) -> str:
        return show_key(self.keys[0])


@dataclass(frozen=True, slots=True)
class Place:
    """Where keys mean something: on a list single letters act, in a field letters type."""

    id: str
    title: str
    kind: Literal["list", "field"]
    keys: tuple[str, ...]
    hints: tuple[str, ...]


def show_key(key: str) -> str:
    """The key as printed on a keyboard: `Ctrl+L`, `Enter`, `a`."""
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return PLAIN_NAMES.get(key, key)


_KEYS = (
    Key(
        "app.help",
        ("question_mark", "colon"),
        "keys",
        "The keys that work here; type to find one",
    ),
    Key("app.palette", ("ctrl+p",), "keys", "The same list of keys, from a field too"),
    Key("app.lock", ("ctrl+l",), "lock", "Lock and hide now; what is half typed is kept"),
    Key("app.quit", ("q",), "quit", "Sign out and leave"),
    Key("screen.back", ("escape", "backspace"), "back", "Back to where you came from"),
    Key("field.back", ("escape", "ctrl+g"), "back", "Back; what is half typed is kept"),
    Key("sign_in.leave", ("escape", "ctrl+g"), "leave", "Leave the program; what is locked stays locked"),
    Key("field.next", ("enter",), "next", "Next field; from the last one it saves"),
    Key("field.previous", ("shift+tab", "up"), "field before", "The field before"),
    Key("field.forward", ("tab", "down"), "", "The field after, without saving"),
    Key("text.save", ("ctrl+o",), "save", "Save these words"),
    Key(
        "text.phrase",
        ("ctrl+t",),
        "phrase",
        "Keep these words as a phrase of yours, or drop it; Tab takes one",
    ),
    Key("row.up", ("up",), "", "Up"),
    Key("row.down", ("down",), "", "Down"),
    Key("row.page_up", ("pageup",), "", "A page up"),
    Key("row.page_down", ("pagedown",), "", "A page down"),
    Key("row.first", ("home",), "", "To the first"),
    Key("row.last", ("end",), "", "To the last"),
    Key("appointment.open", ("enter",), "open", "Open this patient's record"),
    Key("stage.next", ("space",), "next stage", "To the natural next stage"),
    Key("appointment.arrived", ("a",), "arrived", "The patient has arrived"),
    Key("appointment.sent_in", ("s",), "sent in", "Sent in: the patient is with the GP"),
    Key("appointment.left", ("l",), "left", "The patient has left"),
    Key("appointment.absent", ("d",), "did not attend", "The patient did not attend"),
    Key(
        "appointment.outcome",
        ("o",),
        "outcome",
        "Another outcome: t h v n q, the practice system's letter",
    ),
    Key("appointment.walk_in", ("plus",), "walk-in", "Somebody without an appointment has come"),
    Key("appointment.walked_out", ("w",), "walked out", "The patient walked out before being seen"),
    Key("patient.find", ("slash",), "find", "Find a patient by the beginning of a name; one alone is opened"),
    Key("patient.next", ("n",), "next", "To the next patient who needs you"),
    Key("act.take_back", ("u",), "undo", "Take back my last one-key act in this place"),
    Key("day.earlier", ("y",), "earlier day", "The list of the latest earlier day, and back to today"),
    Key("review.open", ("r",), "review", "Review the session; for a clinician: its log, entry by entry"),
    Key("review.agree", ("a",), "agree", "I agree with this entry, or with the whole of this row"),
    Key("review.query", ("q",), "query", "Ask whoever wrote it, in words"),
    Key("review.send_back", ("b",), "send back", "Send it back to be mended, with words"),
    Key(
        "review.rest",
        ("t",),
        "the rest",
        "Agree, ask or send back: every row in which nothing is left that stands out",
    ),
    Key(
        "review.entries",
        ("enter",),
        "entries",
        "The line of the log it rests on, among the entries",
    ),
    Key("review.sign", ("s",), "sign off", "Sign the review off, with your words; or reopen it"),
    Key("review.numbers", ("n",), "numbers", "The session in numbers, beside the ten before it"),
    Key("review.sheet", ("p",), "sheet", "The session's sheet: printed, or saved as PDF or text"),
    Key("review.day", ("y",), "another day", "Another day of this store"),
    Key("log.whole", ("l",), "log", "The whole session log, entry by entry"),
    Key("log.search", ("slash",), "search", "Look through the log of all days; the search is recorded"),
    Key("found.open", ("enter",), "open", "The log of that day, at this entry"),
    Key("entry.whole", ("enter",), "whole entry", "The whole of this entry"),
    Key("page.prep", ("1",), "prep", "The prep page"),
    Key("page.observations", ("2",), "obs", "The observations page"),
    Key("observations.line", ("o",), "one line", "A set in one line: 16 97 a 128/76 72 a 36.8, or by labels"),
    Key("observations.correct", ("c",), "correct", "Correct a value of the last set of mine: temp 38.1"),
    Key(
        "observations.breaths",
        ("space",),
        "count",
        "Counts breaths: Space for each, 60 s, or Enter after 30 s",
    ),
    Key("observations.taken", ("@",), "taken at", "When the set was taken, if not now: @09:10"),
    Key("page.ecg", ("3",), "ECG", "The ECG page"),
    Key("page.plan", ("4",), "plan", "The plan page"),
    Key("page.brief", ("5",), "brief", "The brief, as the GP has it"),
    Key("page.log", ("6",), "log", "Every entry of this patient today"),
    Key("identity.check", ("i",), "identity", "Check who the patient is: what they say, against the list"),
    Key(
        "patient.whole",
        ("b",),
        "all of it",
        "Every allergy, need and medicine on the list",
    ),
    Key("clinic.choose", ("g",), "clinics", "Follow one clinic of the day, or all"),
    Key("session.huddle", ("b",), "huddle", "The huddle sheet: who needs what today"),
    Key("session.close", ("c",), "close", "Close the session: first what is still open"),
    Key("session.closed", ("enter",), "close it", "Close the session with this still open"),
    Key("pin.set", ("p",), "PIN", "A short PIN to re-open this terminal's lock"),
    Key("task.list", ("t",), "tasks", "Tasks: mine, and what nobody has answered"),
    Key("waiting.list", ("f",), "for me", "Only what waits for your answer: asks, wording, briefs"),
    Key(
        "waiting.answer",
        ("enter",),
        "answer",
        "Answer: heard, seen, done with your words, or open the record",
    ),
    Key("task.ask", ("t",), "task", "Ask for a task about this patient"),
    Key("task.new", ("plus",), "new", "Ask for a task about nobody in particular"),
    Key("task.accept", ("a",), "accept", "I do it"),
    Key("task.done", ("d",), "done", "It is done"),
    Key("task.pass_on", ("r",), "pass on", "Pass it on to somebody else"),
    Key("task.drop", ("x",), "drop", "Drop it, with the reason"),
    Key("staff.list", ("m",), "staff", "Who works here, and what they are signed off for"),
    Key("staff.open", ("enter",), "signed off for", "What this person is signed off for"),
    Key("staff.add", ("plus",), "new", "Somebody new, who may sign in"),
    Key("staff.change", ("c",), "change", "Another name, or other roles"),
    Key("staff.reset", ("r",), "passphrase", "A new passphrase for somebody who forgot theirs"),
    Key("staff.leave", ("x",), "has left", "They have left; it asks for the word"),
    Key(
        "competency.gathered",
        ("enter",),
        "evidence",
        "What a competency gathered: counts, visits, words",
    ),
    Key("competency.sign", ("g",), "sign off", "Sign this person off: seen when, till when, in your words"),
    Key("competency.withdraw", ("x",), "withdraw", "The sign-off no longer holds, with the reason"),
    Key("portfolio.list", ("j",), "portfolio", "My portfolio: what I did, evidence, what supervisors said"),
    Key(
        "portfolio.open",
        ("enter",),
        "open",
        "Open this evidence; or read a supervisor's words: may they leave?",
    ),
    Key("portfolio.drop", ("x",), "drop", "It is no evidence any more"),
    Key("portfolio.export", ("p",), "export", "Export: a ZIP for the portal, PDF or Markdown"),
    Key("evidence.pick", ("j",), "evidence", "This visit as evidence for my portfolio"),
    Key("evidence.write", ("enter",), "write", "Write under this heading"),
    Key("evidence.read", ("d",), "read again", "Read it with what may tell somebody marked: may it leave?"),
    Key("reading.leaves", ("y",), "it leaves", "Read to the end: these words may leave with the portfolio"),
    Key("reading.stays", ("n",), "it stays", "These words stay here"),
    Key("paper.time", ("z",), "paper", "Typed from paper: the time at which it was done; z, Enter ends it"),
    Key("room.note", ("w",), "room", "In the room: who is there, chaperone, capacity, a need, a concern"),
    Key("entry.mend", ("v",), "mend", "Strike this entry of mine, or move it to the right patient"),
    Key("patient.escalate", ("e",), "escalate", "Something worries me: raise it; Enter alone will do"),
    Key("field.escalate", ("ctrl+r",), "escalate", "Escalate; what is half typed is kept"),
    Key("escalation.tell", ("k",), "told", "Say whom you told; a clinician: I have heard it"),
    Key("escalation.card", ("9",), "call card", "The call card: where, who, call-back, raw figures, times"),
    Key("prep.done", ("d",), "done", "Done"),
    Key("prep.not_needed", ("x",), "not needed", "Not needed"),
    Key("prep.declined", ("minus",), "declined", "The patient declined"),
    Key("prep.unable", ("r",), "unable", "Could not be done, with the reason"),
    Key("prep.value", ("enter",), "answer", "Answer with words or a choice"),
    Key("prep.template", ("m",), "other list", "Another prep list"),
    Key("prep.hand_over", ("g",), "hand over", "Show the brief and hand over to the GP"),
    Key("ecg.done", ("d",), "done", "As it should be; where something is to be said, it is asked"),
    Key(
        "ecg.words",
        ("enter",),
        "in words",
        "Seen to, saying what is other than standard; saves a copy of a file",
    ),
    Key("ecg.not_good", ("r",), "not good", "Not good: recorded again, three times at most; or not obtained"),
    Key("ecg.refused", ("minus",), "refused", "The patient refused, with the reason"),
    Key("ecg.not_needed", ("x",), "not needed", "Not needed any more, with the reason"),
    Key("ecg.ask", ("plus",), "new ECG", "Ask for an ECG: by whom, how soon, why"),
    Key("ecg.file", ("f",), "file", "Attach the file from the cart"),
    Key("ecg.correct", ("c",), "correct", "Correct the cart's numbers or words that I typed"),
    Key("plan.edit", ("enter",), "type", "Type or change these words"),
    Key("plan.handout", ("p",), "handout", "The patient's handout: printed, or saved as PDF or text"),
    Key("plan.plainer", ("l",), "plainer", "Plain words for the hard ones, to be read before it is kept"),
    Key("plan.release", ("r",), "released", "The GP released the wording"),
    Key("plan.said_back", ("d",), "own words", "Said back in the patient's own words"),
    Key("plan.their_words", ("h",), "their words", "Said back: the very words you heard, typed"),
    Key("plan.another_go", ("a",), "again", "Said back after another go: put it another way"),
    Key("plan.not_checked", ("x",), "not checked", "Not checked, with the reason"),
    Key("entry.copy", ("y",), "copy", "Copy the record entry for the practice's system"),
    Key("brief.hand_over", ("enter",), "hand over", "Hand over: the patient is ready for the GP"),
    Key("server.open", ("v",), "server", "The practice's server: what it asks, what it refused, what waits"),
    Key(
        "server.settle",
        ("enter",),
        "settle",
        "Settle what only a person can: the same person? which status? Of what was refused: the record",
    ),
    Key("server.again", ("r",), "once more", "Send once more all that was refused"),
    Key("choice.take", ("enter",), "choose", "Take this one"),
)
KEYS = {key.id: key for key in _KEYS}

ROWS = ("row.up", "row.down", "row.page_up", "row.page_down", "row.first", "row.last")
URGENT = ("patient.escalate", "escalation.tell", "escalation.card")
EVERYWHERE = ("app.help", "app.palette", "app.lock", *URGENT)
_PAGES = ("page.prep", "page.observations", "page.ecg", "page.plan", "page.brief", "page.log")
CARD = (
    *_PAGES,
    "observations.line",
    "observations.correct",
    "identity.check",
    "patient.whole",
    "room.note",
    "paper.time",
    "evidence.pick",
    "task.ask",
    "entry.mend",
    "prep.hand_over",
    "entry.copy",
    "field.escalate",
    "act.take_back",
    "stage.next",
    "patient.next",
    "screen.back",
    *ROWS,
    *EVERYWHERE,
)
_STAGES = (
    "stage.next",
    "appointment.arrived",
    "appointment.sent_in",
    "appointment.left",
    "appointment.absent",
    "appointment.walked_out",
    "appointment.outcome",
    "appointment.walk_in",
)

PLACES = {
    place.id: place
    for place in (
        Place(
            "sign_in",
            "Sign in",
            "field",
            ("field.next", "field.previous", "field.forward", "sign_in.leave"),
            ("field.next", "field.previous", "sign_in.leave"),
        ),
        Place(
            "day",
            "Day",
            "list",
            (
                "appointment.open",
                *_STAGES,
                "patient.find",
                "patient.next",
                "act.take_back",
                "task.list",
                "waiting.list",
                "clinic.choose",
                "session.huddle",
                "session.close",
                "pin.set",
                "staff.list",
                "day.earlier",
                "paper.time",
                "portfolio.list",
                "server.open",
                "review.open",
                "app.quit",
                *ROWS,
                *EVERYWHERE,
            ),
            (
                "appointment.open",
                "appointment.arrived",
                "appointment.sent_in",
                "appointment.left",
                "stage.next",
                "patient.next",
                "app.help",
            ),
        ),
        Place(
            "prep",
            "Prep",
            "list",
            (
                "prep.done",
                "prep.not_needed",
                "prep.declined",
                "prep.unable",
                "prep.value",
                "prep.template",
                *CARD,
            ),
            (
                "prep.done",
                "prep.value",
                "prep.not_needed",
                "prep.declined",
                "prep.unable",
                "prep.hand_over",
                "app.help",
            ),
        ),
        Place(
            "observations",
            "Observations",
            "field",
            (
                "field.next",
                "field.previous",
                "field.forward",
                "observations.line",
                "observations.taken",
                "observations.breaths",
                "field.back",
                "field.escalate",
                "app.palette",
                "app.lock",
            ),
            ("field.next", "field.previous", "field.back", "field.escalate", "app.palette"),
        ),
        Place(
            "ecg",
            "ECG",
            "list",
            (
                "ecg.done",
                "ecg.words",
                "ecg.not_good",
                "ecg.refused",
                "ecg.not_needed",
                "ecg.ask",
                "ecg.file",
                "ecg.correct",
                *(name for name in CARD if name != "observations.correct"),
            ),
            (
                "ecg.done",
                "ecg.words",
                "ecg.not_good",
                "ecg.ask",
                "ecg.file",
                "ecg.refused",
                "app.help",
            ),
        ),
        Place(
            "plan",
            "Plan",
            "list",
            (
                "plan.edit",
                "plan.release",
                "plan.said_back",
                "plan.their_words",
                "plan.another_go",
                "plan.not_checked",
                "plan.plainer",
                "plan.handout",
                *CARD,
            ),
            (
                "plan.edit",
                "plan.release",
                "plan.said_back",
                "plan.another_go",
                "plan.not_checked",
                "plan.handout",
                "app.help",
            ),
        ),
        Place(
            "tasks",
            "Tasks",
            "list",
            (
                "task.accept",
                "task.done",
                "task.pass_on",
                "task.drop",
                "task.new",
                "act.take_back",
                "screen.back",
                *ROWS,
                *EVERYWHERE,
            ),
            ("task.accept", "task.done", "task.pass_on", "task.drop", "task.new", "screen.back", "app.help"),
        ),
        Place(
            "for_me",
            "What waits for you",
            "list",
            ("waiting.answer", "screen.back", *ROWS, *EVERYWHERE),
            ("waiting.answer", "screen.back", "app.lock", "app.help"),
        ),
        Place(
            "server",
            "The practice's server",
            "list",
            ("server.settle", "server.again", "screen.back", *ROWS, *EVERYWHERE),
            ("server.settle", "server.again", "screen.back", "app.help"),
        ),
        Place(
            "staff",
            "Who works here",
            "list",
            (
                "staff.open",
                "staff.add",
                "staff.change",
                "staff.reset",
                "staff.leave",
                "screen.back",
                *ROWS,
                *EVERYWHERE,
            ),
            ("staff.open", "staff.add", "staff.change", "staff.reset", "staff.leave", "screen.back"),
        ),
        Place(
            "competencies",
            "Signed off for",
            "list",
            (
                "competency.gathered",
                "competency.sign",
                "competency.withdraw",
                "screen.back",
                *ROWS,
                *EVERYWHERE,
            ),
            ("competency.gathered", "competency.sign", "competency.withdraw", "screen.back", "app.help"),
        ),
        Place(
            "gathered",
            "One competency, with its evidence",
            "list",
            ("portfolio.open", "competency.sign", "competency.withdraw", "screen.back", *ROWS, *EVERYWHERE),
            ("portfolio.open", "competency.sign", "competency.withdraw", "screen.back", "app.help"),
        ),
        Place(
            "close",
            "What is still open",
            "list",
            ("session.closed", "screen.back", *ROWS, *EVERYWHERE),
            ("session.closed", "screen.back", "app.help"),
        ),
        Place(
            "sheet",
            "A sheet to read",
            "list",
            ("screen.back", *ROWS, *EVERYWHERE),
            ("screen.back", "app.lock", "app.help"),
        ),
        Place(
            "gp",
            "The brief in a record",
            "list",
            CARD,
            ("page.plan", "entry.copy", "screen.back", "app.help"),
        ),
        Place("log", "Patient's log", "list", CARD, ("entry.mend", "screen.back", "app.help")),
        Place(
            "review",
            "Review of a session",
            "list",
            (
                "review.agree",
                "review.query",
                "review.send_back",
                "review.rest",
                "review.entries",
                "review.sign",
                "review.numbers",
                "review.sheet",
                "review.day",
                "clinic.choose",
                "log.whole",
                "log.search",
                "screen.back",
                *ROWS,
                *EVERYWHERE,
            ),
            (
                "review.agree",
                "review.query",
                "review.send_back",
                "review.rest",
                "review.entries",
                "review.sign",
                "app.help",
            ),
        ),
        Place(
            "entries",
            "A patient's entries, in review",
            "list",
            (
                "review.agree",
                "review.query",
                "review.send_back",
                "entry.whole",
                "screen.back",
                *ROWS,
                *EVERYWHERE,
            ),
            (
                "review.agree",
                "review.query",
                "review.send_back",
                "entry.whole",
                "screen.back",
                "app.help",
            ),
        ),
        Place(
            "session_log",
            "Session log",
            "list",
            ("entry.whole", "log.search", "screen.back", *ROWS, *EVERYWHERE),
            ("entry.whole", "log.search", "screen.back", "app.lock", "app.help"),
        ),
        Place(
            "portfolio",
            "My portfolio",
            "list",
            ("portfolio.open", "portfolio.drop", "portfolio.export", "screen.back", *ROWS, *EVERYWHERE),
            ("portfolio.open", "portfolio.drop", "portfolio.export", "screen.back", "app.help"),
        ),
        Place(
            "evidence",
            "A visit as evidence",
            "list",
            ("evidence.write", "evidence.read", "screen.back", *ROWS, *EVERYWHERE),
            ("evidence.write", "evidence.read", "screen.back", "app.help"),
        ),
        Place(
            "reading",
            "Words read again",
            "list",
            ("reading.leaves", "reading.stays", "screen.back", *ROWS, *EVERYWHERE),
            ("reading.leaves", "reading.stays", "screen.back", "app.help"),
        ),
        Place(
            "found",
            "What a search found",
            "list",
            ("found.open", "log.search", "screen.back", *ROWS, *EVERYWHERE),
            ("found.open", "log.search", "screen.back", "app.help"),
        ),
        Place(
            "line",
            "A line to type",
            "field",
            ("field.next", "text.phrase", "field.back", "field.escalate", "app.lock"),
            ("field.next", "field.back", "field.escalate"),
        ),
        Place(
            "words",
            "Words to type",
            "field",
            ("text.save", "text.phrase", "field.back", "field.escalate", "app.lock"),
            ("text.save", "field.back", "field.escalate"),
        ),
        Place(
            "brief",
            "Brief for the GP",
            "list",
            ("brief.hand_over", "entry.copy", "screen.back", *ROWS, *EVERYWHERE),
            ("brief.hand_over", "entry.copy", "screen.back", "app.help"),
        ),
        Place(
            "bare",
            "Record entry, bare",
            "list",
            ("screen.back", *ROWS, *EVERYWHERE),
            ("screen.back",),
        ),
        Place(
            "choice",
            "A choice",
            "list",
            ("choice.take", "screen.back", *ROWS, *EVERYWHERE),
            ("choice.take", "screen.back"),
        ),
        Place("choice_line", "A letter to press", "field", ("field.back", "app.lock"), ("field.back",)),
        Place(
            "help", "Keys", "field", ("field.next", "field.back", "app.lock"), ("field.next", "field.back")
        ),
    )
}


def bindings(*names: str) -> list[BindingType]:
    """Textual bindings for the keys with these ids."""
    return [
        Binding(",".join(KEYS[name].keys), KEYS[name].action, KEYS[name].says, id=name, show=False)
        for name in names
    ]


def place_bindings(place: str, *but: str) -> list[BindingType]:
    """The bindings of a place, without those that another widget there already has."""
    return bindings(
        *(name for name in PLACES[place].keys if name not in but and name not in ROWS + EVERYWHERE)
    )


def hint_line(place: str, width: int) -> str:
    """The keys that matter most in a place, for the last line of the screen; the last of them always."""
    hints = [f"{KEYS[name].shown} {KEYS[name].hint}" for name in PLACES[place].hints]
    while len(hints) > 1 and len("  ".join(hints)) >= width:
        del hints[-2]
    return "  ".join(hints)
