"""The strip above the hint line where one thing is asked at a time: a line, a few lines, or a letter."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from gpa_tui.first_letters import completed, matching
from gpa_tui.text import plain_lines
from screens.keys import bindings
from screens.widgets.choice_line import ChoiceLine
from screens.widgets.line_list import BOLD, DIM, PLAIN, fit, wrapped
from screens.widgets.lines import Lines

Then = Callable[[str], Coroutine[Any, Any, bool]]
"""Takes the reply; False when it was refused and the words must stay on screen."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what happens with the reply.

    With `choices` ({letter: words}) one key answers. With `rows` there is room for that many lines, and
    Ctrl+O saves; `enter_saves` lets Enter do it, for words that run on but are one paragraph. Else it is
    one line and Enter saves. `form` names the draft that is kept while typing
    ("" keeps none); in a `step`, one of several questions that are saved together, it is kept until whoever
    saves them drops it. `note` says why it is asked, or what was typed before.
    """

    prompt: str
    then: Then
    form: str = ""
    initial: str = ""
    note: str = ""
    step: bool = False
    rows: int = 0
    enter_saves: bool = False
    choices: Mapping[str, str] | None = None
    draft: str = ""  # Tab takes it, where nothing is typed yet
    secret: bool = False  # what is typed is not shown
    phrases: bool = False  # the practice's phrases, and one's own, are offered
    cursor: int | None = None  # where in `initial` the cursor stands; at its end if not said


class Line(Input):
    """One line; a paste of several is joined, where Textual's own keeps only the first."""

    phrase = ""  # which Tab takes

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "tab" and self.phrase:
            event.stop()
            event.prevent_default()
            self.value = completed(self.value, self.phrase)
            self.cursor_position = len(self.value)
        else:
            await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(" ".join(plain_lines(event.text).split("\n")).strip(), *self.selection)


class Words(TextArea):
    """A few lines; Ctrl+O saves, and Enter too where the words are one paragraph."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("text.save")
    enter_saves = False
    draft = ""
    phrase = ""  # which Tab takes

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and self.enter_saves:
            event.stop()
            event.prevent_default()
            self.action_text_save()
        elif event.key == "tab" and (taken := self._taken()):
            event.stop()
            event.prevent_default()
            self.load_text(taken)
            self.move_cursor(self.document.end)

    def _taken(self) -> str:
        """What Tab makes of the text: the draft where nothing is typed, else a phrase."""
        if not self.text.strip():
            return self.draft
        return completed(self.text, self.phrase) if self.phrase else ""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        result = self.replace(plain_lines(event.text), *self.selection)
        self.move_cursor(result.end_location)

    def action_text_save(self) -> None:
        self.post_message(Strip.Answered(self.text))


class Strip(Vertical):
    """One question at a time. Hidden when nothing is asked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("field.back", "text.phrase")
    DEFAULT_CSS = """
    Strip { height: auto; display: none; }
    Strip Input { height: 1; border: none; padding: 0; }
    Strip TextArea { border: none; padding: 0; }
    """

    class Answered(Message):
        """The reply, whole."""

        def __init__(self, reply: str) -> None:
            super().__init__()
            self.reply = plain_lines(reply)

    class Closed(Message):
        """Left without a reply; `form` names the draft that may have been kept of it."""

        def __init__(self, form: str) -> None:
            super().__init__()
            self.form = form

    class Typed(Message):
        """The text as it now stands, for the draft."""

        def __init__(self, form: str, text: str) -> None:
            super().__init__()
            self.form = form
            self.text = text

    class ToKeep(Message):
        """These words are to be a phrase of whoever typed them; or no longer."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, around: int) -> None:
        """`around`: lines that have to stay in view beside prompt and note."""
        super().__init__(id="strip")
        self.around = around
        self.question: Question | None = None
        self._phrases: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        yield Lines(1, id="prompt")
        yield Lines(1, id="note")
        yield Line(id="line", select_on_focus=False)
        yield Words(id="words", soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
        yield Lines(1, id="phrases")
        yield ChoiceLine()

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one(Words).cursor_blink = False

    @property
    def is_open(self) -> bool:
        return self.question is not None

    @property
    def place(self) -> str:
        """Which place's keys hold now."""
        if self.question is None or self.question.choices:
            return "choice_line"
        return "words" if self.question.rows and not self.question.enter_saves else "line"

    def ask(self, question: Question, phrases: Sequence[str] = ()) -> None:
        """Put a question; the focus is in its field when this returns."""
        self.question, self._phrases = question, phrases if question.phrases else ()
        self.query_one("#phrases", Lines).display = bool(self._phrases)
        line, words, choice = self.query_one(Input), self.query_one(Words), self.query_one(ChoiceLine)
        self._say(question)
        line.display = not question.rows and not question.choices
        words.display = bool(question.rows)
        choice.display = bool(question.choices)
        if question.choices:
            choice.offer(question.choices)
            field: Widget = choice
        elif question.rows:
            words.enter_saves, words.draft = question.enter_saves, question.draft
            words.styles.height = question.rows
            words.load_text(question.initial)
            words.move_cursor(words.document.end)
            field = words
        else:
            line.password = question.secret
            line.value = question.initial
            line.cursor_position = len(question.initial) if question.cursor is None else question.cursor
            field = line
        self.offer(question.initial)
        self.display = True
        field.focus(scroll_visible=False)

    def remember(self, phrases: Sequence[str]) -> None:
        """Other phrases hold from now on."""
        if self.question is not None and self.question.phrases:
            self._phrases = phrases
            self.query_one("#phrases", Lines).display = bool(phrases)

    def offer(self, text: str) -> None:
        """The phrases for the word in hand; Tab takes the first."""
        found = matching(self._phrases, text) if self._phrases else []
        for field in (self.query_one(Line), self.query_one(Words)):
            field.phrase = found[0] if found else ""
        if self._phrases:
            width = max(20, self.screen.size.width - 2)
            shown = fit(f"Tab: {' · '.join(found)}", width) if found else ""
            self.query_one("#phrases", Lines).show_text(f" {shown}", style=DIM)

    def _say(self, question: Question) -> None:
        """The prompt whole; the note on as many lines as there are beside what has to stay in view."""
        width = max(20, self.screen.size.width - 2)
        above = len(wrapped(question.prompt, width)) + question.rows
        most = max(1, self.screen.size.height - self.around - above)
        for name, text, style in (("prompt", question.prompt, BOLD), ("note", question.note, PLAIN)):
            lines = self.query_one(f"#{name}", Lines)
            shown = wrapped(text, width)
            if name == "note" and len(shown) > most:
                shown = [*shown[: most - 1], f"{shown[most - 1][: width - 1]}…"]
            lines.display = bool(text)
            lines.styles.height = len(shown)
            lines.show_text(*(f" {line}" for line in shown), style=style)

    def on_resize(self) -> None:
        if self.question is not None:
            self._say(self.question)

    def close(self) -> None:
        """Ask nothing."""
        self.question = None
        self.display = False

    @on(Input.Submitted)
    def _line_answered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.value))

    @on(ChoiceLine.Chosen)
    def _letter_chosen(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        self.post_message(self.Answered(event.letter))

    @on(Input.Changed)
    def _line_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._typed(event.value)

    @on(TextArea.Changed)
    def _words_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._typed(event.text_area.text)

    def _typed(self, text: str) -> None:
        line, words = self.query_one(Line), self.query_one(Words)
        at_end = line.cursor_position == len(line.value)
        if self.question is not None and self.question.rows:
            at_end = words.cursor_location == words.document.end
        self.offer(text if at_end else "")
        if self.question is not None and self.question.form:
            self.post_message(self.Typed(self.question.form, text))

    def action_text_phrase(self) -> None:
        if self.question is not None and self.question.phrases:
            words = self.query_one(Words).text if self.question.rows else self.query_one(Line).value
            self.post_message(self.ToKeep(plain_lines(words)))

    def action_field_back(self) -> None:
        asked = self.question
        self.close()
        self.post_message(self.Closed(asked.form if asked else ""))
