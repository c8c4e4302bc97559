"""Who is who: the same person may be written in more than one way."""

from __future__ import annotations

import unicodedata

from rebaseline.domain.decision import Actor

__all__ = ["same_person"]


def same_person(one: Actor, other: Actor) -> bool:
    """Return whether two are the same: by e-mail where both have one, else by name; upper and lower case are one.

    >>> same_person(Actor("Ada", "ADA@bank.example"), Actor("A. Adams", "ada@bank.example"))
    True
    >>> same_person(Actor("Ada"), Actor("ada", "ada@bank.example"))
    True
    """
    if one.email and other.email:
        return _plain(one.email) == _plain(other.email)
    return _plain(one.name) == _plain(other.name)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
