"""Wrappers that keep every instrument to its contract, whoever wrote it."""

from __future__ import annotations

from dataclasses import replace

from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Instrument, Look, Polarity, SeededFault

__all__ = ["LONGEST_REPLY", "Bounded", "Isolated", "Opposed", "core_of"]

LONGEST_REPLY = 2_000_000
"""Characters beyond which no check reads a reply."""

_LONGEST_NOTE = 200
_NOTHING: frozenset[Form] = frozenset()
_EVERYTHING = frozenset(Form)
_TOO_LONG = Look(None, f"longer than {LONGEST_REPLY} characters")


class _Wrapper:
    """An instrument around another one."""

    __slots__ = ("inner", "judges_refusal", "polarity", "tolerates")

    def __init__(self, inner: Instrument) -> None:
        self.inner = inner
        self.polarity: Polarity = inner.polarity
        self.tolerates: tuple[Form, ...] = inner.tolerates
        self.judges_refusal: bool = inner.judges_refusal

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wrapper) and type(other) is type(self) and other.inner == self.inner

    def __hash__(self) -> int:
        return hash((type(self), self.inner))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        return self.inner.look(reply, undo)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return mutations; see `Instrument.seeded_faults`."""
        return self.inner.seeded_faults(reply)


class Bounded(_Wrapper):
    """Refuses replies past `LONGEST_REPLY`, and turns exhaustion of the interpreter into unreadable."""

    __slots__ = ()

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        if len(reply.text) > LONGEST_REPLY:
            return _TOO_LONG
        try:
            return self.inner.look(reply, undo)
        except RecursionError:
            return Look(None, "nested too deeply")
        except MemoryError:
            return Look(None, "too large to read")

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return mutations; none of a reply that is too long or too deep to read.

        A mutation of a passing reply may be another passing reply: the schema does not need the key that was taken out,
        the path may be empty. What a built-in check permits is no fault and is left out. A check that permits all of
        them is dead, and they are kept to show it. What a plug-in offers is its own word.
        """
        if len(reply.text) > LONGEST_REPLY:
            return ()
        try:
            offered = self.inner.seeded_faults(reply)
            if isinstance(self.inner, Isolated):
                return offered
            return tuple(each for each in offered if not self._permits(each.reply)) or offered
        except (RecursionError, MemoryError):
            return ()

    def _permits(self, reply: Reply) -> bool:
        return any(self.inner.look(reply, undo).value == 1.0 for undo in (_NOTHING, _EVERYTHING))


class Isolated(_Wrapper):
    """Code of others: whatever it raises or returns, a look is a look. A crash of an instrument is never a value."""

    __slots__ = ()

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        try:
            found = self.inner.look(reply, undo)
        except Exception as error:  # noqa: BLE001 - code that is not ours may raise anything
            return Look(None, f"the check raised {type(error).__name__}: {error}"[:_LONGEST_NOTE])
        if not _is_look(found):
            return Look(None, f"the check returned {found!r}"[:_LONGEST_NOTE])
        return found if len(found.note) <= _LONGEST_NOTE else replace(found, note=found.note[:_LONGEST_NOTE])

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return mutations; none where the code fails, so that it is never shown alive by accident."""
        try:
            return tuple(self.inner.seeded_faults(reply))
        except Exception:  # noqa: BLE001 - code that is not ours may raise anything
            return ()


def _is_look(found: object) -> bool:
    if not isinstance(found, Look):
        return False
    value: object = found.value
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1)


class Opposed(_Wrapper):
    """The instrument under a `not`: it reads alike, and its seeded faults are replies that it finds in order.

    `Leaf.negated` changes pass and fail; this only turns the faults round. Code of others cannot make up a passing
    reply: it has no `planted` and gives none.
    """

    __slots__ = ()

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that the instrument passes, so that its negation must not."""
        planted = getattr(core_of(self.inner), "planted", None)
        return tuple(planted(reply)) if planted is not None and len(reply.text) <= LONGEST_REPLY else ()


def core_of(instrument: Instrument) -> object:
    """Return the instrument inside all wrappers."""
    core: object = instrument
    while isinstance(core, _Wrapper):
        core = core.inner
    return core
