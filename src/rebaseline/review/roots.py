"""Where entries begin: a ledger has one start, and what is added to it follows what was there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.ledger import SIGNATURE, Ledger, Record, record_of
from rebaseline.review.lineage import lineage_of

__all__ = ["records_in", "verify_added", "verify_roots"]


def verify_roots(ledger: Ledger) -> Iterator[Flaw]:
    """Return a warning for each entry that follows none, but the first: alone, a ledger cannot tell which is wrong.

    Two branches that both began the ledger make two, and so does an entry that was put in later.
    """
    roots = sorted(
        (it for it in ledger.records.values() if not it.entry.parents), key=lambda it: (it.entry.at, it.name)
    )
    for record in roots[1:]:
        yield Flaw(
            FlawKind.ROOT,
            record.name,
            f"it follows no entry, and neither does {roots[0].name}: two branches both began the ledger, or one of "
            "the two was put in later",
            "look at git history for when each came: `git log -- FILE`; `--against REF` tells what REF does not have",
            blocks=False,
        )


def records_in(ledger: Ledger, files: Mapping[str, bytes]) -> Mapping[str, Record]:
    """Return the sound entries of a commit by digest; one that is here as it is there is not read again."""
    here = {record.name: record for record in ledger.records.values()}
    records = {}
    for name, content in files.items():
        if name.endswith(SIGNATURE):
            continue
        known = here.get(name)
        record = known if known is not None and known.content == content else record_of(name, content)
        if isinstance(record, Record):
            records[record.digest] = record
    return records


def verify_added(ledger: Ledger, there: Mapping[str, Record], ref: str) -> Iterator[Flaw]:
    """Return what is wrong with where entries stand that a commit does not have.

    Each must follow one of the commit's. One that does not follow all its heads was made on a branch, or put in later
    behind their back: a warning, upon the first of its branch.

    Args:
        ledger: The ledger.
        there: Entries of the commit by digest, at least one.
        ref: The commit, as it was named.
    """
    entries = {digest: record.entry for digest, record in {**there, **ledger.records}.items()}
    lineage = ledger.lineage if there.keys() <= ledger.records.keys() else lineage_of(entries)
    named = {parent for record in there.values() for parent in record.entry.parents}
    heads = [digest for digest in sorted(set(there) - named) if digest in lineage.bits]
    for digest, record in ledger.records.items():
        if digest in there:
            continue
        parents = record.entry.parents
        if not parents:
            yield _new_root(record, len(there), ref)
        elif digest in lineage.before and any(parent in there for parent in parents):
            passed = [head for head in heads if not lineage.before[digest] & lineage.bits[head]]
            if passed:
                yield _behind(record, there[passed[0]], ref)


def _new_root(record: Record, count: int, ref: str) -> Flaw:
    has = "has an entry" if count == 1 else f"has {count:,} entries"
    return Flaw(
        FlawKind.ROOT,
        record.name,
        f"it follows no entry, and {ref} {has}: it was put in past the ledger, or made where it was not known",
        f"take {ref} in, take this entry away, and let what it says be decided anew",
    )


def _behind(record: Record, head: Record, ref: str) -> Flaw:
    return Flaw(
        FlawKind.BEHIND,
        record.name,
        f"it does not follow {head.name}, a head of {ref}: it was made on a branch before that was there, or put in "
        "later",
        "read it as you read the code of the branch",
        blocks=False,
    )
