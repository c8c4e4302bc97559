"""The pace of a review of recorded replies: keys and seconds an item, of all that is invalid and has a verified repair.

    REBASELINE_DATA=FOLDER python benchmarks/review_pace.py

A reader who sees nothing but the screen takes the first verified repair of each item, gives a reason where one is asked
for, and writes. Seconds are the program's own, from a key to the next question: how long a person reads and thinks is
not in them. Words are what the screen of an item shows beside its keys.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent / "verdicts"))

from recorded import absent, build_workspace
from recorded_rows import ROWS
from reviewed import Held, hold_review

from rebaseline.domain.verdict import VerdictName


def main() -> None:
    """Hold every review and print its pace."""
    why = absent()
    if why is not None:
        sys.exit(why)
    reviews = sorted({(row.assertion.split("/")[0], row.models) for row in ROWS if row.new is VerdictName.INVALID})
    with tempfile.TemporaryDirectory() as name:
        template = Path(name, "template")
        template.mkdir()
        build_workspace(template)
        held = [
            (suite, models, hold_review(template, Path(name, str(number)), suite, models))
            for number, (suite, models) in enumerate(reviews)
        ]
    for suite, models, review in held:
        print(f"{suite:<16} {models[0]} -> {models[1]}")
        print(
            f"    {review.written} written, {len(review.reader.left)} left; {_single(review)} keys and "
            f"{review.reader.letters} letters of reasons; first item after {review.ready_seconds:.1f} s"
        )
        for assertion, verdict in review.reader.taken.items():
            print(f"    {assertion}: {review.before[assertion]} -> {review.after[assertion]} (promised: {verdict})")
    _print_all([review for _, _, review in held])


def _print_all(held: list[Held]) -> None:
    items = sum(review.written for review in held)
    waits = [wait for review in held for wait in review.reader.waits]
    words = [count for review in held for count in review.reader.words]
    print()
    print(f"{items} items in {len(held)} reviews")
    print(f"  {sum(map(_single, held)) / items:.1f} keys an item, writing and quitting included; reasons apart")
    print(f"  first item after {median(review.ready_seconds for review in held):.1f} s (median)")
    print(f"  next question after {median(waits):.2f} s (median), {max(waits):.1f} s (longest: writing)")
    print(f"  {sum(waits) / items:.2f} s of the program an item")
    print(f"  {median(words):.0f} words shown an item (median)")


def _single(review: Held) -> int:
    return review.keys - review.reader.letters


if __name__ == "__main__":
    main()
