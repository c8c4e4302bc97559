"""Material for seeded faults: passing replies with a known fault put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.instrument import SeededFault

__all__ = ["altered", "dressed", "fault", "foil", "foils", "unrelated", "with_text"]

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
    return next(iter(foils(avoid)), "\u2013")


def foils(avoid: Iterable[str] = ()) -> tuple[str, ...]:
    """Return all texts off the subject that hold none of the texts in `avoid`, in whatever case."""
    folded = [text.casefold() for text in avoid if text]
    return tuple(text for text in _FOILS if not any(part in text.casefold() for part in folded))


def dressed(name: str, reply: Reply, text: str) -> tuple[SeededFault, ...]:
    """Return the fault that the whole reply is `text`: bare, and in forms that are a fault where they are undone."""
    return (
        fault(name, reply, text),
        fault(f"{name}, between blank lines", reply, f"\n\n{text}\n"),
        fault(f"{name}, in bold", reply, f"**{text}**"),
        fault(f"{name}, in a fence", reply, f"```\n{text}\n```"),
        fault(f"{name}, announced", reply, f"Answer: {text}"),
    )


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
