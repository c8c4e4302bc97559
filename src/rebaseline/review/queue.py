"""The queue of a review: what needs a person, in the order in which it is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rebaseline.domain.decision import Action
from rebaseline.domain.repair import Repairs, Trial
from rebaseline.domain.suite import Kind
from rebaseline.domain.verdict import VerdictName

__all__ = ["Item", "ReplyPair", "matches", "order_items", "sharing"]

_VERDICTS = tuple(VerdictName)
_FIRST = (VerdictName.FAILING, VerdictName.INVALID, VerdictName.INCONCLUSIVE, VerdictName.UNMEASURED)


@dataclass(frozen=True, slots=True)
class ReplyPair:
    """One probe's old and new reply. Texts are untrusted.

    Attributes:
        probe: Probe id.
        sample: Sample index.
        old: What the old version said; None where it is not at hand.
        new: What the new one said; None where there is none.
        old_read: What the check made of the old one, in words.
        new_read: What it made of the new one.
    """

    probe: str
    sample: int
    old: str | None
    new: str | None
    old_read: str
    new_read: str


@dataclass(frozen=True, slots=True)
class Item:
    """One assertion that needs a person.

    Attributes:
        name: `suite/assertion`.
        claim: Its claim.
        kind: Governance or functional.
        owner: Who answers for it.
        layers: Layers of the system that it guards.
        verdict: Its verdict on the new version.
        why: That verdict's reason, in lines that are fit to print.
        pairs: Replies that show it, the most telling first.
        repairs: What was tried; None where nothing was.
        state: Digest of all that was looked at: a decision is about this and nothing else.
        files: Files that the decision rests on, with their SHA-256.
        cited: Replies that the whole chain of the verdict shows: probe and text.
    """

    name: str
    claim: str
    kind: Kind
    owner: str
    layers: tuple[str, ...]
    verdict: VerdictName
    why: tuple[str, ...]
    pairs: tuple[ReplyPair, ...]
    repairs: Repairs | None
    state: str
    files: tuple[tuple[str, str], ...] = ()
    cited: tuple[tuple[str, str], ...] = ()

    @property
    def suite(self) -> str:
        """Its suite's id."""
        return self.name.split("/", 1)[0]

    @property
    def assertion(self) -> str:
        """Its own id."""
        return self.name.split("/", 1)[1]

    @property
    def trials(self) -> tuple[Trial, ...]:
        """What was tried."""
        return () if self.repairs is None else self.repairs.trials

    @property
    def actions(self) -> frozenset[Action]:
        """What may be decided of it, repairs apart. A failing assertion can neither be accepted away nor retired."""
        may = set() if self.verdict is VerdictName.FAILING else {Action.RETIRE}
        if self.verdict in {VerdictName.FAILING, VerdictName.INVALID}:
            may |= {Action.WAIVE, Action.REJECT}
        if self.verdict in {VerdictName.HOLDS, VerdictName.INVALID, VerdictName.INCONCLUSIVE}:
            may.add(Action.REBASELINE)
        return frozenset(may)

    @property
    def group(self) -> str:
        """Equal for items whose best repair is the same; empty where none is verified."""
        best = None if self.repairs is None else self.repairs.best
        return "" if best is None else best.proposal.group


def order_items(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items as they are shown: governance first, then by verdict; those that share a repair stand together."""
    listed = list(items)
    first: dict[str, int] = {}
    for at, item in enumerate(listed):
        first.setdefault(f"{item.verdict} {item.group}" if item.group else item.name, at)
    return tuple(
        sorted(
            listed,
            key=lambda item: (
                item.kind is not Kind.GOVERNANCE,
                _FIRST.index(item.verdict) if item.verdict in _FIRST else len(_FIRST),
                first[f"{item.verdict} {item.group}" if item.group else item.name],
            ),
        )
    )


def sharing(items: Sequence[Item], trial: Trial) -> tuple[tuple[Item, Trial], ...]:
    """Return the items that share a repair, each with its own trial of it, where that is verified."""
    group = trial.proposal.group
    found = []
    for item in items:
        own = next((it for it in item.trials if it.proposal.group == group and it.verified), None)
        if group and own is not None:
            found.append((item, own))
    return tuple(found)


def matches(item: Item, word: str) -> bool:
    """Return whether an item is chosen by one word of a filter.

    Args:
        item: The item.
        word: A verdict (`unsettled` for inconclusive), a kind, `owner=NAME`, `layer=NAME`, or a name in which `*`
            stands for anything.
    """
    key, _, value = word.partition("=")
    match key:
        case "owner" if value:
            return fnmatchcase(item.owner, value)
        case "layer" if value:
            return value in item.layers
        case "unsettled":
            return item.verdict is VerdictName.INCONCLUSIVE
        case _ if key in _VERDICTS:
            return item.verdict == key
        case _ if key in {str(kind) for kind in Kind}:
            return item.kind == key
        case _:
            return any(fnmatchcase(item.name, each) for each in (word, f"{word}/*", f"*/{word}"))
