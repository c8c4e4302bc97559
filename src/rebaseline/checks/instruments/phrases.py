"""`contains`, `lacks` and `starts_with`: phrases that the reply holds, does not hold, or opens with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from rebaseline.checks.faults import altered, fault, foil, unrelated
from rebaseline.checks.forms import folded, searchable
from rebaseline.checks.kind import SCHEMA_TEXTS, CheckType, shown, texts_of
from rebaseline.checks.markup import without_emphasis, without_fence
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "Contains", "Lacks", "StartsWith"]

_FORMS = (Form.CASE, Form.QUOTES, Form.SPACING, Form.EMPHASIS, Form.NUMBER_FORMAT, Form.LATEX)


@dataclass(frozen=True, slots=True)
class Contains:
    """Passes when the reply holds every phrase.

    Attributes:
        phrases: What must be there; plain substrings.
    """

    phrases: tuple[str, ...]

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = _FORMS
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        missing = [phrase for phrase in self.phrases if phrase not in reply.text]
        if missing and undo:
            text = searchable(reply.text, undo)
            missing = [phrase for phrase in missing if _wanted(phrase, undo)[0] not in text]
        return Look(0.0, f"missing {shown(missing[0])}") if missing else Look(1.0)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that lack a phrase."""
        phrase = self.phrases[0]
        folded_phrase = phrase.casefold()
        gone = reply.text.replace(phrase, "…").casefold().replace(folded_phrase, "…")
        changed = reply.text.replace(phrase, altered(phrase)).casefold().replace(folded_phrase, altered(folded_phrase))
        faults = [fault("phrase taken out", reply, gone), unrelated(reply, self.phrases)]
        if folded_phrase not in changed:
            faults.append(fault("one character changed", reply, changed))
        faults.append(fault("cut before the phrase", reply, gone.split("…", 1)[0] + "…"))
        return tuple(faults)

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that hold every phrase, for a negated check."""
        return _with_leaks(reply, " ".join(self.phrases))


@dataclass(frozen=True, slots=True)
class Lacks:
    """Passes when the reply holds none of the phrases.

    Attributes:
        phrases: What must not be there; plain substrings.
    """

    phrases: tuple[str, ...]

    polarity: ClassVar[Polarity] = Polarity.ABSENCE
    tolerates: ClassVar[tuple[Form, ...]] = _FORMS
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        for phrase in self.phrases:
            if phrase in reply.text or (undo and _lurks(phrase, reply.text, undo)):
                return Look(0.0, f"found {shown(phrase)}")
        return Look(1.0)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies into which a phrase leaks."""
        return tuple(each for phrase in self.phrases[:3] for each in _with_leaks(reply, phrase))

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return a reply that holds no phrase, for a negated check."""
        return (unrelated(reply, self.phrases),)


def _lurks(phrase: str, text: str, undo: frozenset[Form]) -> bool:
    """Say whether a phrase stands in a text once forms are undone, on the harshest reading."""
    text_folded = text.casefold()
    if not all(char in text_folded for char in _characters(phrase)):
        return False
    bare, kept = _wanted(phrase, undo)
    loose = searchable(text, undo, aggressive_for=phrase)
    if kept and kept in loose:
        return True
    return bool(bare) and bare in searchable(text, undo)


@lru_cache(maxsize=1024)
def _characters(phrase: str) -> str:
    """Return the letters and digits without which a phrase lurks nowhere, the rarer first.

    Undoing forms takes characters out of a text, levels case, spaces and quotation marks, and puts no letter in.
    """
    found = {char for char in phrase.casefold() if char.isalnum()}
    return "".join(sorted(found, key=lambda char: (char.isalpha() and char.isascii() and char not in "jqxz", char)))


@lru_cache(maxsize=1024)
def _wanted(phrase: str, undo: frozenset[Form]) -> tuple[str, str]:
    """Return a phrase as it is looked for: without its own marks, and with them."""
    return searchable(phrase, undo), folded(phrase, undo)


def _with_leaks(reply: Reply, phrase: str) -> tuple[SeededFault, ...]:
    half = len(reply.text) // 2
    return (
        fault("leak at the end", reply, f"{reply.text}\n{phrase}"),
        fault("leak at the start", reply, f"{phrase} {reply.text}"),
        fault("leak in bold", reply, f"{reply.text[:half]} **{phrase}** {reply.text[half:]}"),
        fault("leak in quotes", reply, f'{reply.text} The text was "{phrase}".'),
    )


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Passes when the reply opens with one of the phrases.

    Attributes:
        phrases: The openings.
    """

    phrases: tuple[str, ...]

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = (Form.FENCE, Form.CASE, Form.QUOTES, Form.SPACING, Form.EMPHASIS)
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        text = reply.text.lstrip()
        if text.startswith(self.phrases):
            return Look(1.0)
        if undo:
            text = without_fence(text) if Form.FENCE in undo else text
            text = text.lstrip()
            # Only the opening is read: three times the longest phrase leaves room for marks and spaces.
            opening = text[: 3 * max(map(len, self.phrases)) + 200]
            opening = without_emphasis(opening) if Form.EMPHASIS in undo else opening
            opening = folded(opening, undo).lstrip()
            opening = opening.lstrip("\"'([") if Form.QUOTES in undo else opening
            if opening.startswith(tuple(folded(phrase, undo) for phrase in self.phrases)):
                return Look(1.0)
        return Look(0.0, f"opens {shown(text, 40)}")

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that open otherwise."""
        text = foil(self.phrases)
        return (
            unrelated(reply, self.phrases),
            fault("a sentence put before it", reply, f"{text} {reply.text}"),
            fault("opening cut off", reply, f"… {reply.text.lstrip()[max(map(len, self.phrases)) :]}"),
        )

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that open so, for a negated check."""
        return tuple(fault("the forbidden opening", reply, f"{phrase} {reply.text}") for phrase in self.phrases[:3])


def _contains(argument: Any, _options: Mapping[str, Any]) -> Contains:
    return Contains(texts_of("contains", argument))


def _lacks(argument: Any, _options: Mapping[str, Any]) -> Lacks:
    return Lacks(texts_of("lacks", argument))


def _starts_with(argument: Any, _options: Mapping[str, Any]) -> StartsWith:
    return StartsWith(tuple(text.lstrip() for text in texts_of("starts_with", argument)))


TYPES = (
    CheckType("contains", "The reply holds this text, or all of these.", SCHEMA_TEXTS, _contains),
    CheckType("lacks", "The reply holds none of these texts.", SCHEMA_TEXTS, _lacks),
    CheckType("starts_with", "The reply opens with one of these texts.", SCHEMA_TEXTS, _starts_with),
)
