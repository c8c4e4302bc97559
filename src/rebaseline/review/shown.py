"""What was on the screen of a review beside the version that said it: a label of such a reply is not blind. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.canonical import fingerprint
from rebaseline.review.queue import Item

__all__ = ["marks_of_chain", "marks_of_pair", "shown_mark"]


def shown_mark(suite: str, probe: str, text: str) -> str:
    """Return a digest of what was seen: who saw who said it knows that for every assertion of the suite."""
    return fingerprint([suite, probe, text])


def marks_of_pair(item: Item, at: int) -> Iterator[str]:
    """Yield the marks of what an item's screen shows with one of its pairs of replies."""
    if item.pairs:
        pair = item.pairs[at % len(item.pairs)]
        yield from (shown_mark(item.suite, pair.probe, text) for text in (pair.old, pair.new) if text is not None)


def marks_of_chain(item: Item) -> Iterator[str]:
    """Yield the marks of what the whole chain of an item's verdict shows."""
    yield from (shown_mark(item.suite, probe, text) for probe, text in item.cited)
