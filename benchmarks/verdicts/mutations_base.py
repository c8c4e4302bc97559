"""What a mutation is: one function from a reply to a reply whose class is known. Registered by a decorator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Any

from rebaseline.domain.attempt import Stop, ToolCall
from rebaseline.domain.form import Form

__all__ = ["MUTATIONS", "Class", "Item", "Mutation", "Trait", "form", "neither", "substance"]


class Class(StrEnum):
    """What a mutation changes, or what a case is about."""

    FORM = "form"
    """The same substance in another dress: a verdict of Failing is wrong."""
    SUBSTANCE = "substance"
    """Another substance: a verdict of Holds is wrong."""
    BOTH = "both"
    """Another substance in another dress: a verdict of Holds is wrong."""
    NEITHER = "neither"
    """Nothing that anybody would notice: it should hold."""
    CLAIMED = "claimed"
    """Form alone, where the form is claimed or breaks what reads the reply: a verdict of Holds is wrong."""


class Trait(StrEnum):
    """What a check's claim is about: it says which mutations are form to it, and which are substance."""

    BARE = "bare"
    """The reply is a bare answer."""
    HELD = "held"
    """The answer stands somewhere in the reply, as text."""
    OPENING = "opening"
    """The reply opens with a text, so nothing may stand before it."""
    CASED = "cased"
    """Upper and lower case do not matter to the claim."""
    VALUE = "value"
    """There is one right value, so that others are wrong."""
    NUMBER = "number"
    """The value is a number, and the claim is about its amount."""
    BOXED = "boxed"
    """The number stands in a box or a tag; what stands outside it does not matter."""
    JSON = "json"
    """The reply is JSON; that it is JSON may be claimed."""
    FIELD = "field"
    """A value in the JSON is claimed, however it is typed there."""
    KEYED = "keyed"
    """Only that a key stands in the JSON is claimed."""
    TYPED = "typed"
    """The types inside the JSON are claimed."""
    SOURCE = "source"
    """The reply is source text."""
    ABSENT = "absent"
    """A text must not be there."""
    LURKING = "lurking"
    """A text must not be there in any disguise."""
    DECLINES = "declines"
    """The reply declines."""
    ENGAGES = "engages"
    """The reply does what was asked, or the claim presupposes that it does."""
    CALLS = "calls"
    """The model calls a tool."""
    CALL_ARGUMENTS = "call arguments"
    """It calls it with these arguments."""
    NO_CALL = "no call"
    """The model calls no tool."""
    LONG = "long"
    """The reply has at least some length."""
    SHORT = "short"
    """The reply has at most some length."""
    PROSE = "prose"
    """The reply is text for people, of any length."""


@dataclass(frozen=True)
class Item:
    """A reply on its way through mutations.

    Attributes:
        text: What it says.
        wanted: The right value as the text gives it; empty where the claim is about none.
        fields: The row that the check's templates see.
        wrong: Values that are wrong here, right for other replies.
        stop: Why it ended.
        calls: Its tool calls.
        rejected: The provider did not take the request.
        language: Tag of its fence.
    """

    text: str
    wanted: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    stop: Stop = Stop.COMPLETE
    calls: tuple[ToolCall, ...] = ()
    rejected: bool = False
    language: str = ""

    def says(self, text: str, wanted: str | None = None) -> Item | None:
        """Return the item with another text; None where that is the text it has."""
        if text == self.text:
            return None
        return replace(self, text=text, wanted=self.wanted if wanted is None else wanted)


Apply = Callable[[Item, Random], Item | None]


@dataclass(frozen=True)
class Mutation:
    """A mutation.

    Attributes:
        name: The function's name.
        of: What it changes.
        on: It concerns checks that have one of these traits.
        never_on: It does not concern checks that have one of these.
        forms: The named forms that it puts on, where it is one.
        apply: Changes a reply; None where there is nothing to change.
    """

    name: str
    of: Class
    on: frozenset[Trait]
    never_on: frozenset[Trait]
    forms: tuple[Form, ...]
    apply: Apply

    def concerns(self, traits: frozenset[Trait]) -> bool:
        """Say whether it is of its class to a check with these traits."""
        return bool(self.on & traits) and not self.never_on & traits


MUTATIONS: dict[str, Mutation] = {}


def _register(of: Class, on: tuple[Trait, ...], never_on: tuple[Trait, ...], forms: tuple[Form, ...]) -> Any:
    def decorate(apply: Apply) -> Apply:
        name = apply.__name__.replace("_", " ")
        assert name not in MUTATIONS, name
        MUTATIONS[name] = Mutation(name, of, frozenset(on), frozenset(never_on), forms, apply)
        return apply

    return decorate


def form(*on: Trait, never_on: tuple[Trait, ...] = (), forms: tuple[Form, ...] = ()) -> Any:
    """Register a mutation of form for checks with one of the traits."""
    return _register(Class.FORM, on, never_on, forms)


def substance(*on: Trait, never_on: tuple[Trait, ...] = ()) -> Any:
    """Register a mutation of substance for checks with one of the traits."""
    return _register(Class.SUBSTANCE, on, never_on, ())


def neither(*on: Trait) -> Any:
    """Register a mutation that nobody would notice."""
    return _register(Class.NEITHER, on, (), ())
