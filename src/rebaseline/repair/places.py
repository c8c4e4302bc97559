"""Edits of what stands under `check`."""

from __future__ import annotations

from typing import Any

from rebaseline.domain.edit import Drop, Edit, Put
from rebaseline.repair.facts import Facts

__all__ = ["new_check", "set_in_check", "without_means"]


def set_in_check(facts: Facts, key: str, value: Any) -> Edit:
    """Return the edit that sets one key of the check; one that is written by its name alone is written out."""
    if isinstance(facts.entry.get("check"), dict):
        return Put(facts.place("check", key), value)
    return Put(facts.place("check"), {**facts.check, key: value})


def new_check(facts: Facts, check: Any) -> Edit:
    """Return the edit that puts another check in the place of the one there is."""
    return Put(facts.place("check"), check)


def without_means(facts: Facts) -> tuple[Edit, ...]:
    """Return the edit that takes out the second reading, where there is one."""
    return (Drop(facts.place("means")),) if "means" in facts.entry else ()
