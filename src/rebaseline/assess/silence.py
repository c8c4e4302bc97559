"""A check with its judges silent: what the rest of it reads by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import AllOf, AnyOf, CheckNode, Leaf, Look, Polarity, SeededFault
from rebaseline.domain.judge import JUDGE
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import CheckSpec

__all__ = ["is_partly_judged", "silenced"]


def is_partly_judged(spec: CheckSpec) -> bool:
    """Return whether a check asks a judge and reads something else as well."""
    return bool(spec.judges) and any(leaf.name != JUDGE for leaf in spec.leaves())


def silenced(node: CheckNode) -> CheckNode:
    """Return the check with every judge in it saying nothing yet."""
    match node:
        case Leaf(name=name):
            return replace(node, instrument=_Silent()) if name == JUDGE else node
        case AllOf(parts=parts):
            return AllOf(tuple(silenced(part) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(silenced(part) for part in parts))


@dataclass(frozen=True, slots=True)
class _Silent:
    """An instrument that waits for an answer."""

    polarity: ClassVar[Polarity] = Polarity.CONDUCT
    tolerates: ClassVar[tuple[Form, ...]] = ()
    judges_refusal: ClassVar[bool] = True

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        del reply, undo
        return Look(None, "", Assumption.JUDGED)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        del reply
        return ()
