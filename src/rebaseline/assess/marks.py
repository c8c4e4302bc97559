"""What the manner of one reply bears: marks that are there or not, told from its form and its set phrases.

These are plain readings of form, not of meaning: they need not be right of every reply, only blind to which side a
reply comes from. Words are looked for in English, at the start and the end of a reply, so that the work does not grow
with its length; a mark that cannot be told of a reply is left untold and is no "no".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from rebaseline.domain.attempt import Reply, Stop

__all__ = ["ASKED_MARKS", "MARKS", "TOLD", "marks_of", "opening_of"]

_START, _END = 300, 400
_SENTENCES = 200
_FEWEST_WORDS = 5
_ENGLISH_SHARE = 0.15
_OPENING_WORDS, _OPENING_WORD = 4, 20

_HEADING = r" {0,3}#{1,6} \S"
_LIST = r"[ \t]{0,6}(?:[-*+\u2022]|\d{1,3}[.)])[ \t]+\S"
_FIRST_LINE = re.compile(f"(?P<heading>{_HEADING})|(?P<list>{_LIST})")
# A pattern that begins with a line feed is looked for at line feeds only: that is fast.
_LATER_HEADING, _LATER_LIST = re.compile(f"\n{_HEADING}"), re.compile(f"\n{_LIST}")
_TABLE = re.compile(r"\n[ \t]{0,8}\|?[ \t]{0,8}:?-{3,}:?[ \t]{0,8}\|")
_LATEX = re.compile(r"\\(?:\(|\[|frac|boxed|text|sqrt|begin\{|times|cdot|sum)|\$\$")
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f1e6-\U0001faff]")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u00b4", "'"))
_PREAMBLE = re.compile(
    r"\W{0,3}(?:"
    r"(?:sure|certainly|of course|absolutely|okay|ok|great question|good question|happy to help|gladly|yes, here)\b"
    r"|(?:here(?:'s| is| are)|below (?:is|are)|the following (?:is|are))\b[^\n]{0,160}[:.])"
)
_OFFER = re.compile(
    r"\b(?:let me know|feel free|don't hesitate|do not hesitate|(?:hope|trust) (?:this|that|it) helps|happy to help"
    r"|if you (?:have|need|want|would like|'d like)\b[^\n]{0,80}"
    r"\b(?:question|help|assist|clarif|more|further|ask|me|i can)"
    r"|would you like (?:me|to)|is there anything|anything else|want me to|i can (?:also|help))"
)
_APOLOGY = re.compile(r"\b(?:sorry|apolog(?:y|ies|i[sz]e)|i regret|my (?:bad|mistake)|regrettably)\b")
_HEDGE = re.compile(
    r"\b(?:i (?:think|believe|guess|suppose|would say|might be wrong|may be wrong|'m not sure|am not sure)|i'm not sure"
    r"|i'm not certain|perhaps|possibly|probably|it (?:seems|appears|depends)|likely|it's possible|it is possible)\b"
)
_MACHINE = re.compile(
    r"\b(?:(?:as|i'm|i am|i'm just|i am just|i'm only|i am only) an? (?:\w+ ){0,2}"
    r"(?:ai|artificial|language model|assistant|chatbot|llm)"
    r"|(?<= )ai (?:language )?model|my (?:training|programming|knowledge cutoff))\b"
)
_FIRST_PERSON = frozenset(("i", "i'm", "i'll", "i've", "i'd", "i,", "my", "me", "me.", "me,"))

_OFFERS = (
    *("let me know", "feel free", "hesitate", "helps", "happy to help", "if you ", "would you like", "is there any"),
    *("anything else", "want me to", "i can "),
)
_APOLOGIES = ("sorry", "apolog", "regret", "my bad", "my mistake")
_HEDGES = (
    *("i think", "i believe", "i guess", "i suppose", "i would say", "be wrong", "not sure", "not certain", "perhaps"),
    *("possibl", "probabl", "it seems", "it appears", "it depends", "likely"),
)
_MACHINES = (
    "language model",
    " ai",
    "artificial",
    "assistant",
    "chatbot",
    "llm",
    "my training",
    "my programming",
    "my knowl",
)
"""What every match of the patterns above holds: to look for it first is much faster."""
_COMMON_ENGLISH = frozenset(
    (
        *("the", "of", "and", "to", "a", "in", "is", "it", "that", "for", "on", "with", "as", "are", "be", "this"),
        *("you", "not", "or", "by", "from", "at", "an", "have", "has", "was", "but", "if", "can", "will", "i", "your"),
        *("they", "which", "their", "its", "we", "do"),
    )
)


def _emphasis(text: str) -> bool:
    return "**" in text or "__" in text


def _is_empty(reply: Reply) -> bool:
    return not reply.tool_calls and (not reply.text or reply.text.isspace())


def _plain(text: str) -> str:
    """Return a text in lower case, its apostrophes all of one kind."""
    return text.lower() if text.isascii() else text.lower().translate(_APOSTROPHES)


def _holds(text: str, telling: tuple[str, ...], pattern: re.Pattern[str]) -> bool:
    return any(words in text for words in telling) and pattern.search(text) is not None


def _english(words: list[str]) -> bool | None:
    """Tell English by its commonest words; of fewer than five words nothing is told."""
    if len(words) < _FEWEST_WORDS:
        return None
    return sum(map(_COMMON_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words)


def _other_script(text: str) -> bool | None:
    """Tell whether most letters at the start are not Latin; of a text without letters nothing is told."""
    start = text[:_START]
    if start.isascii():
        return False if any(map(str.isalpha, start)) else None
    letters = [char for char in start if char.isalpha()]
    latin = sum(char.isascii() or unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return 2 * latin < len(letters) if letters else None


def _form(reply: Reply) -> tuple[bool | None, ...]:
    text = reply.text
    first = _FIRST_LINE.match(text)
    begins = first.lastgroup if first else None
    later = "\n" in text
    return (
        "```" in text or "~~~" in text,
        _emphasis(text),
        begins == "heading" or (later and "#" in text and _LATER_HEADING.search(text) is not None),
        begins == "list" or (later and _LATER_LIST.search(text) is not None),
        later and "|" in text and "--" in text and _TABLE.search(text) is not None,
        ("\\" in text or "$$" in text) and _LATEX.search(text) is not None,
        not text.isascii() and _EMOJI.search(text) is not None,
    )


def _words(reply: Reply) -> tuple[bool | None, ...]:
    """Tell what the reply says of itself and to whom it speaks; of an empty one only that it says nothing of it."""
    text = reply.text
    start, end = _plain(text[:_START]), _plain(text[-_END:]).rstrip()
    words = start.split()
    return (
        _PREAMBLE.match(start) is not None,
        _holds(end[-_SENTENCES:], _OFFERS, _OFFER),
        _holds(start, _APOLOGIES, _APOLOGY),
        _holds(start, _HEDGES, _HEDGE),
        _holds(start, _MACHINES, _MACHINE),
        not _FIRST_PERSON.isdisjoint(words),
        end.endswith("?"),
        _english(words),
        _other_script(text),
    )


def _end(reply: Reply) -> tuple[bool | None, ...]:
    return (
        _is_empty(reply),
        reply.stop is Stop.CUT,
        reply.stop in (Stop.REFUSED, Stop.FILTERED),
        reply.stop is Stop.UNKNOWN,
        bool(reply.tool_calls),
    )


_NAMES = (
    *("fences", "emphasis", "headings", "lists", "tables", "LaTeX", "emoji"),
    *("preamble", "closing offer", "apology", "hedges", "speaks of itself as an AI", "first person", "asks back"),
    *("English", "other than Latin script"),
    *("empty", "cut", "withheld by the provider", "unknown ending", "tool calls"),
    "refuses",
)
MARKS: Mapping[str, int] = MappingProxyType({name: place for place, name in enumerate(_NAMES)})
"""Marks of a reply, each with its bit."""
ASKED_MARKS: Mapping[str, int] = MappingProxyType({"request no longer taken": len(_NAMES)})
"""Marks of a request, answered or not."""
TOLD = 32
"""How far the bit that says that a mark could be told lies from the bit of the mark."""
_BITS = tuple((1 << place, 1 << (place + TOLD)) for place in MARKS.values())
_ALL_TOLD = sum(1 << (place + TOLD) for place in (*MARKS.values(), *ASKED_MARKS.values()))
"""An answered request was taken: the mark of one that was not is told, and is not borne."""


def marks_of(reply: Reply, *, refuses: bool | None) -> int:
    """Return the marks of a reply, one bit each, and 32 bits further which of them could be told.

    Args:
        reply: The reply.
        refuses: The built-in refusal reading; None where it cannot tell.
    """
    bits = _ALL_TOLD
    for borne, (bit, told) in zip((*_form(reply), *_words(reply), *_end(reply), refuses), _BITS, strict=True):
        if borne:
            bits |= bit
        elif borne is None:
            bits ^= told
    return bits


def opening_of(text: str) -> str:
    """Return the first words of a reply, at most four of twenty characters each. It quotes the reply: untrusted."""
    words = text[:_START].split(maxsplit=_OPENING_WORDS)[:_OPENING_WORDS]
    return " ".join(word[:_OPENING_WORD] for word in words)
