"""Which entries stand before which: the graph that parents make of a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rebaseline.domain.ledger import Entry

__all__ = ["Lineage", "lineage_of"]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The graph of a ledger, each set of entries being the bits of one number: thousands of entries are one `or`.

    Attributes:
        order: Digests, parents first; what a cycle leads to is left out.
        bits: The bit of each entry in `order`.
        before: The entries that stand before each.
        looped: Digests that a cycle leads to, sorted.
    """

    order: tuple[str, ...]
    bits: Mapping[str, int]
    before: Mapping[str, int]
    looped: tuple[str, ...]

    def latest(self, digests: Iterable[str], *, before: str | None = None) -> tuple[str, ...]:
        """Return those of some entries that none of them stands after: where branches meet, there are several.

        Args:
            digests: Some of `order`.
            before: Look only at what stands before this entry; None looks at all.
        """
        chosen = [each for each in digests if before is None or self.before[before] & self.bits[each]]
        covered = 0
        for each in chosen:
            covered |= self.before[each]
        return tuple(each for each in chosen if not covered & self.bits[each])


def lineage_of(entries: Mapping[str, Entry]) -> Lineage:
    """Return the graph of entries by digest. A parent that is not among them is passed over."""
    left = {digest: {each for each in entry.parents if each in entries} for digest, entry in entries.items()}
    children: dict[str, list[str]] = {digest: [] for digest in entries}
    for digest, parents in left.items():
        for parent in parents:
            children[parent].append(digest)
    order = [digest for digest, parents in left.items() if not parents]
    bits: dict[str, int] = {}
    before: dict[str, int] = {}
    for digest in order:  # grows below
        bits[digest] = 1 << len(bits)
        before[digest] = 0
        for parent in entries[digest].parents:
            if parent in entries:
                before[digest] |= before[parent] | bits[parent]
        for child in children[digest]:
            left[child].discard(digest)
            if not left[child]:
                order.append(child)
    return Lineage(tuple(order), bits, before, tuple(sorted(set(entries) - set(order))))
