"""A review of recorded replies by a reader who sees the screen and nothing else: takes the first verified repair.

`benchmarks/review_pace.py` prints its pace; `tests/real/test_review.py` holds what comes of it.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.reviewing import ReviewRequest, prepare_review, run_review
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.queue import Item
from rebaseline.review.style import Style

__all__ = ["Held", "hold_review"]

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = Actor("Ada Ruiz", "ada@bank.example")
_REASON = "the system undoes it"
_HEAD = re.compile(r"\d+ of \d+   (?P<name>\S+)   [A-Z]+")
_TRIAL = re.compile(r"    (?P<number>\d)  .*?-> (?P<verdict>\w+),")


@dataclass
class Reader:
    """Reads each item as it is shown, and presses the keys that it names.

    Attributes:
        taken: By assertion: the verdict that the screen promised with the repair that was taken.
        left: Assertions that show no verified repair.
        words: Words shown of each item, keys apart.
        waits: Seconds from each key to the next question.
        letters: Letters typed as reasons.
    """

    taken: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    letters: int = 0
    style: Style = field(default_factory=Style)
    _shown: list[str] = field(default_factory=list)
    _pressed_at: float | None = None
    _wrote: bool = False

    def show(self, lines: Iterable[str]) -> None:
        self._shown += lines

    def key(self) -> str:
        shown = self._take_screen()
        head = _HEAD.search(shown)
        if head is None or self._wrote or "decided, not written" in shown or head["name"] in self.left:
            return self._ended()
        item = shown[head.start() : shown.rindex("\n\n")]  # the keys stand behind the last blank line
        self.words.append(len(item.split()))
        for entry in re.split(r"\n(?=    \d  )", item)[1:]:
            flat = "    " + " ".join(entry.split()).replace(" ", "  ", 1)
            trial = _TRIAL.match(flat)
            if trial is not None and " verified" in flat and "not verified" not in flat:
                self.taken[head["name"]] = trial["verdict"]
                return self._press(trial["number"])
        self.left.append(head["name"])
        return self._press("s")

    def forget(self) -> None:
        """Nothing is typed ahead."""

    def line(self, prompt: str) -> str:
        self._take_screen()
        if "type yes" in prompt:
            return self._press("yes")
        self.letters += len(_REASON)
        return self._press(_REASON)

    def _ended(self) -> str:
        if self._wrote or not self.taken:
            return self._press("q")
        self._wrote = True
        return self._press("w")

    def _press(self, keys: str) -> str:
        self._pressed_at = time.perf_counter()
        return keys

    def _take_screen(self) -> str:
        if self._pressed_at is not None:
            self.waits.append(time.perf_counter() - self._pressed_at)
        shown, self._shown = "\n".join(self._shown), []
        return shown


@dataclass(frozen=True, slots=True)
class Held:
    """A review that was held.

    Attributes:
        reader: Who read, with what was shown and promised.
        keys: Keys that were pressed, letters of reasons included.
        ready_seconds: Until the first item was shown: the diff, and every repair tried.
        written: Decisions that were written.
        before: Verdicts of the new version before, by assertion.
        after: Verdicts of the new version after, by assertion; those that repairs added are among them.
        queue_after: Invalid items that a second review would show.
    """

    reader: Reader
    keys: int
    ready_seconds: float
    written: int
    before: Mapping[str, str]
    after: Mapping[str, str]
    queue_after: tuple[str, ...]


def hold_review(template: Path, folder: Path, suite: str, models: tuple[str, str]) -> Held:
    """Hold a review of what is invalid in one suite between two versions, and diff again.

    Args:
        template: A project that `recorded.build_workspace` made; it stays as it is.
        folder: Where the review takes place; it must not exist.
        suite: Suite id.
        models: The old version and the new one.
    """
    shutil.copytree(template, folder)
    request = ReviewRequest(DiffRequest((suite,), old=models[0], new=models[1]), only=("invalid",))
    before = _verdicts(folder, request.diff)
    begin = time.perf_counter()
    prepared = prepare_review(open_workspace(folder, {}), request)
    ready = time.perf_counter() - begin
    reader = Reader()
    review = run_review(prepared, reader, actor=ADA, clock=time.monotonic, now=lambda: NOON, label=_unlabelled)
    again = prepare_review(open_workspace(folder, {}), request)
    return Held(
        reader,
        review.session.keys,
        ready,
        review.written,
        before,
        _verdicts(folder, request.diff),
        tuple(item.name for item in again.items),
    )


def _unlabelled(_prepared: object, item: Item, _console: object, _shown: object) -> Item:
    return item


def _verdicts(folder: Path, request: DiffRequest) -> dict[str, str]:
    diff = diff_models(open_workspace(folder, {}), request)
    return {each.name: str(VerdictName.of(each.new.verdict)) for each in diff.comparisons}
