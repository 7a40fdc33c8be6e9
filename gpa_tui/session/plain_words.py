"""The GP's words on their way to the patient: the draft in plain words, what is to be asked, what was never
said. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gpa_tui.clinical.plain_english import (
    HOW_OFTEN,
    LONGEST_SENTENCE,
    jargon,
    long_sentences,
    lost_negations,
    plainer,
    sentences,
    unsaid,
)
from gpa_tui.clinical.reading_age import NHS_AGES, reading_age
from gpa_tui.clinical.shorthand import Found, Plain, find, plain, refusals
from gpa_tui.records.plan import MOST_MESSAGES, SafetyNet
from gpa_tui.records.shorthand import ShortAct, ShorthandTable


@dataclass(frozen=True)
class PlainWords:
    """A practice's table of shorthand and its lexicon."""

    table: ShorthandTable
    lexicon: Mapping[str, str]
    nets: tuple[str, ...] = ()  # of the practice, adopted by a clinician

    @cached_property
    def terms(self) -> frozenset[str]:
        """Names of conditions that a wording may not bring in by itself."""
        return frozenset(name.casefold() for name in self.table.conditions)

    def draft(self, words: str, answers: Mapping[str, str]) -> Plain:
        """The GP's words in plain ones, as far as that is certain."""
        return plain(words, self.table, answers)

    def message(self, number: int, words: str, answers: Mapping[str, str]) -> str:
        """What message `number` may begin as: a sentence of the draft, and in the last all that is left."""
        found = sentences(self.draft(words, answers).text)
        return " ".join(found[number - 1 :] if number == MOST_MESSAGES else found[number - 1 : number])

    def to_ask(self, words: str, answers: Mapping[str, str]) -> Found | None:
        """The first form that has several senses and no answer yet."""
        left = self.draft(words, answers).open
        return next((one for one in left if one.act is ShortAct.ASK and one.key not in answers), None)

    def to_type_out(self, messages: Sequence[str]) -> list[str]:
        """What still stands in messages for the patient though it is to be typed out, and why."""
        left = [one for message in messages for one in plain(message, self.table).open]
        holes = [sense for message in messages for sense in self._holes if sense in message]
        return [*refusals(tuple(left)), *(f"{sense}: say it whole" for sense in dict.fromkeys(holes))]

    @cached_property
    def _holes(self) -> list[str]:
        """Senses that are not whole by themselves: somebody has to say how much, or what."""
        senses = (sense for short in self.table.short for sense in short.senses)
        return ["…", *(sense for sense in senses if sense.endswith("?") or ": say " in sense)]

    def unsaid(self, messages: Sequence[str], words: str, answers: Mapping[str, str]) -> list[str]:
        """What of the messages stands nowhere in the GP's words: doses, intervals, conditions."""
        said = f"{words}\n{self.draft(words, answers).text}"
        sure = f"{words}\n{self.draft(words, {}).text}"
        found = (one for text in messages for one in unsaid(text, said, frozenset()))
        named = (one for text in messages for one in unsaid(text, sure, self.terms) if one in self.terms)
        lost = (one for text in messages for one in lost_negations(text, said))
        return list(dict.fromkeys((*found, *named, *lost)))

    def unsaid_of_net(self, net: SafetyNet, words: str, answers: Mapping[str, str]) -> list[str]:
        """Numbers and conditions of a safety net; the practice's own nets, adopted, count as said.

        Days and times of the day are left but in what is watched for: by when and where have them by nature.
        """
        said = "\n".join((words, *self.nets))
        found = self.unsaid((net.what, net.by_when, net.where), said, answers)
        to_watch = self.unsaid((net.what,), said, answers)
        timed = [one for one in found if one not in HOW_OFTEN or one in to_watch]
        return [one for one in timed if not set(one.split()) <= TO_RING]

    def nudges(self, message: str) -> list[str]:
        """Hard words with the plain ones, and sentences that are long; never a reason to stop."""
        hard = [f"{message[one.start : one.end]}: {one.plain}" for one in jargon(message, self.lexicon)]
        words = [f"l: plainer – {'; '.join(dict.fromkeys(hard))}"] if hard else []
        lengths = ", ".join(str(len(one.split())) for one in long_sentences(message))
        long = [f"a sentence of {lengths} words; up to {LONGEST_SENTENCE} read easily"] if lengths else []
        short = dict.fromkeys(one.form for one in find(message, self.table))
        left = [f"shorthand: {', '.join(short)}"] if short else []
        return left + words + long

    @staticmethod
    def reading(messages: Sequence[str]) -> str:
        """About how old a reader of all messages must be, where they have words enough for it."""
        age, (least, most) = reading_age("\n".join(messages)), NHS_AGES
        if age is None:
            return ""
        return f"reads at about age {age}" + (f"; the NHS writes for {least} to {most}" if age > most else "")

    def plainer(self, message: str) -> str:
        """The message with the plain words in the place of the hard ones."""
        return plainer(message, self.lexicon)


TO_RING = frozenset({"111", "999", "or"})
AROUND = 24  # characters on each side of a form when it is asked


def around(words: str, found: Found) -> str:
    """The form in its place, a few words on each side."""
    before, after = words[: found.start], words[found.end :]
    if len(before) > AROUND:
        before = f"…{before[-AROUND:].partition(' ')[2]}"
    if len(after) > AROUND:
        after = f"{after[:AROUND].rpartition(' ')[0]}…"
    return " ".join(f"{before}»{found.form}«{after}".split())
