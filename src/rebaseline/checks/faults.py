"""Material for seeded faults: passing replies with a known fault put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.instrument import SeededFault

__all__ = ["altered", "fault", "foil", "unrelated", "with_text"]

_FOILS = (
    "The committee will meet again next week to look at the remaining points.",
    "Weather and traffic kept changing, so nobody arrived early.",
    "###",
    "0",
    "zzz",
    "\u2013",
)


def with_text(reply: Reply, text: str) -> Reply:
    """Return the reply with another text, ended in the ordinary way."""
    stop = reply.stop if reply.stop not in (Stop.REFUSED, Stop.FILTERED) else Stop.COMPLETE
    return replace(reply, text=text, stop=stop)


def fault(name: str, reply: Reply, text: str) -> SeededFault:
    """Return a fault that is a change of text alone."""
    return SeededFault(name, with_text(reply, text))


def foil(avoid: Iterable[str] = ()) -> str:
    """Return a text off the subject that holds none of the texts in `avoid`, in whatever case."""
    folded = [text.casefold() for text in avoid if text]
    return next((text for text in _FOILS if not any(part in text.casefold() for part in folded)), "\u2013")


def unrelated(reply: Reply, avoid: Iterable[str] = ()) -> SeededFault:
    """Return the fault of an answer that is off the subject."""
    return fault("off the subject", reply, foil(avoid))


def altered(text: str) -> str:
    """Return a text of the same length that differs from `text` in its middle character, and not by case alone."""
    if not text:
        return "x"
    middle = len(text) // 2
    old = text[middle]
    new = str((int(old) + 1) % 10) if old in "0123456789" else ("q" if old.casefold() != "q" else "z")
    return text[:middle] + new + text[middle + 1 :]
