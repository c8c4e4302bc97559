"""`contains`, `lacks` and `starts_with`: phrases that the reply holds, does not hold, or opens with.

What must not be said must not be said to a tool either, so `lacks` also reads the arguments of tool calls.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from rebaseline.checks.faults import altered, dressed, fault, foil, foils, unrelated
from rebaseline.checks.forms import folded, is_worded, searchable
from rebaseline.checks.kind import SCHEMA_TEXTS, CheckType, shown, texts_of
from rebaseline.checks.markup import without_emphasis, without_fence
from rebaseline.checks.structure import MISSING, parse_json
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "Contains", "Lacks", "StartsWith"]

_ALL = frozenset(Form)
_LEAST_APART = 4
_LEAST_PLAIN = 10
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
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
            missing = [phrase for phrase in missing if not _stands_in(phrase, reply.text, undo)]
        return Look(0.0, f"missing {shown(missing[0])}") if missing else Look(1.0)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that lack a phrase."""
        phrase = self.phrases[0]
        text, wanted = reply.text.casefold(), phrase.casefold()
        if wanted not in text:  # it stands there in a form
            text, wanted = searchable(reply.text, _ALL, typed=is_worded(phrase)), _wanted(phrase, _ALL)[0]
        hole = "…" if "…" not in wanted else "#"
        before, *behind = text.split(wanted)
        return (
            unrelated(reply, self.phrases),
            fault("phrase taken out", reply, hole.join((before, *behind))),
            fault("one character changed", reply, altered(wanted).join((before, *behind))),
            fault("cut before the phrase", reply, before + hole),
        )

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
        for where, text in _said(reply):
            lurks = _lurking(text, undo)
            for phrase in self.phrases:
                if phrase in text or (undo and lurks(phrase)):
                    return Look(0.0, f"found {shown(phrase)}{where}")
        return Look(1.0)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies into which a phrase leaks."""
        return tuple(each for phrase in self.phrases[:3] for each in _with_leaks(reply, phrase))

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that hold no phrase, for a negated check."""
        away = tuple(fault(f"off the subject ({n})", reply, text) for n, text in enumerate(foils(self.phrases), 1))
        return away[:3] or (unrelated(reply, self.phrases),)


def _said(reply: Reply) -> Iterator[tuple[str, str]]:
    """Yield every text in which a leak would be one, and where it stands: the reply, and what its tools are given."""
    yield "", reply.text
    for call in reply.tool_calls:
        yield " in a tool call", call.arguments
        if "\\" in call.arguments:
            yield " in a tool call", _unescaped(call.arguments)


def _unescaped(arguments: str) -> str:
    """Return the texts that the arguments of a tool call hold, each apart from the next."""
    value = parse_json(arguments)
    if value is MISSING:  # cut, or malformed: its escapes can be read all the same
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _CONTROLS[match[2]], arguments)
    return "\x00".join(_texts_in(value))


def _texts_in(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield from part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _stands_in(phrase: str, text: str, undo: frozenset[Form]) -> bool:
    """Say whether a phrase stands in a text once forms are undone, where a miss is no danger."""
    return _wanted(phrase, undo)[0] in searchable(text, undo, typed=is_worded(phrase))


def _lurking(text: str, undo: frozenset[Form]) -> Callable[[str], bool]:
    """Return what says whether a phrase stands in a text once forms are undone, on the harshest reading."""
    letters: list[str] = []  # of the whole text, made once it is needed

    def lurks(phrase: str) -> bool:
        if not letters:
            letters.append(_letters(text))
        if not all(char in letters[0] for char in _characters(phrase)):
            return False
        bare, kept, apart = _wanted(phrase, undo)
        typed = is_worded(phrase)
        if kept and kept in searchable(text, undo, typed=typed, aggressive_for=phrase):
            return True
        if bare and bare in searchable(text, undo, typed=typed):
            return True
        if apart is None:
            return False
        squeezed = searchable(text, undo - {Form.SPACING}, typed=typed, aggressive_for=phrase)
        return apart.search(squeezed) is not None

    return lurks


def _letters(text: str) -> str:
    """Return a text in which every letter and digit that undoing forms may bring to light stands plainly."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


@lru_cache(maxsize=1024)
def _characters(phrase: str) -> str:
    """Return the letters and digits without which a phrase lurks nowhere, the rarer first.

    Undoing forms takes characters out of a text, levels case, spaces, typographic and compatibility characters, and
    puts no other letter in.
    """
    found = {char for char in _letters(phrase) if char.isalnum()}
    return "".join(sorted(found, key=lambda char: (char.isalpha() and char.isascii() and char not in "jqxz", char)))


@lru_cache(maxsize=1024)
def _wanted(phrase: str, undo: frozenset[Form]) -> tuple[str, str, re.Pattern[str] | None]:
    """Return a phrase as it is looked for: without its own marks, with them, and with white space anywhere in it."""
    typed = is_worded(phrase)
    kept = phrase
    if typed and Form.QUOTES in undo:
        kept = unicodedata.normalize("NFKC", kept)
    kept = folded(kept, undo, typed=typed)
    apart = _set_apart(kept) if typed and Form.SPACING in undo else None
    return searchable(phrase, undo, typed=typed), kept, apart


def _set_apart(phrase: str) -> re.Pattern[str] | None:
    """Return a pattern of a phrase with white space put in anywhere: a leak that is wrapped or set apart is a leak.

    It stands apart from other words, since "hate" is not in "that each". Few letters may be words of their own ("a
    part" for "apart"), so in these only a line break is passed over, and fewer than four characters may be chance.
    """
    bare = "".join(phrase.split())
    few = bare.isalpha() and len(bare) < _LEAST_PLAIN
    if len(bare) < _LEAST_APART or (few and bare != phrase):
        return None
    gap = r"(?:[^\S\n]*\n\s*)?" if few else r"\s*"
    before = r"(?<!\w)" if bare[0].isalnum() else ""
    behind = r"(?!\w)" if bare[-1].isalnum() else ""
    return re.compile(before + gap.join(map(re.escape, bare)) + behind)


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
            fault("a mark put before it", reply, f"> {reply.text}"),
            fault("opening cut off", reply, f"… {reply.text.lstrip()[max(map(len, self.phrases)) :]}"),
        )

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that open so, for a negated check."""
        opened = (
            (
                fault("the forbidden opening", reply, f"{phrase} {reply.text}"),
                *dressed("the opening alone", reply, phrase),
            )
            for phrase in self.phrases[:3]
        )
        return tuple(each for faults in opened for each in faults)


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
