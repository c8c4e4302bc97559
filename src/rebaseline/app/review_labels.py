"""Replies of an item labelled one by one, in random order and without saying which version answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from rebaseline.app.accounting import Wanted
from rebaseline.app.diffing import diff_models
from rebaseline.app.drawing import DrawnReplies, begun_draw, draw_replies
from rebaseline.app.review_items import item_of
from rebaseline.app.reviewing import Prepared
from rebaseline.app.workspace import Workspace
from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.decision import Actor
from rebaseline.domain.label import AssertionLabels, Label, LabelValue
from rebaseline.domain.suite import AtLeast, Never
from rebaseline.domain.verdict import VerdictName
from rebaseline.interop.sheets import SheetRow
from rebaseline.report.words import number_of
from rebaseline.review.console import Console
from rebaseline.review.marking import Piece
from rebaseline.review.queue import Item
from rebaseline.review.shown import shown_mark
from rebaseline.review.style import Style, clean, wrap_pieces, wrap_words
from rebaseline.store.labels import append_labels, load_assertion_labels

__all__ = ["label_item"]

_DRAWN = 200
_REPLY_LINES = 20
_AGAIN = frozenset({"?", " "})
_KEY_LINE = "  p it meets the claim   f it does not   u cannot tell   z take the last back   ? again   q stop"
_KEYS = {"p": LabelValue.PASS, "f": LabelValue.FAIL, "u": LabelValue.UNCLEAR}


def label_item(
    prepared: Prepared,
    item: Item,
    console: Console,
    *,
    actor: Actor,
    seed: int,
    now: datetime,
    shown: frozenset[str] = frozenset(),
) -> Item:
    """Show replies of both versions, mixed, until the verdict is settled or the user stops; return the item then.

    What was said is kept after each key but the last, which may be taken back. A draw that was begun earlier from the
    same replies is gone on with: whoever draws anew until the easy ones come up draws no longer at random.

    Who labels sees counts only until all labels are kept: who sees what a label does, and can take it back, does not
    label blindly.

    A reply that was on the screen beside its version is asked for in its place all the same, and its label is kept as
    one that somebody chose. Which replies a review shows hangs on how they were read: without them the draw would be a
    sample of the others, and a row without a label would end the sample before it. Kept as chosen, the label is one
    person's word on that reply; in every rate the reply is read at its worst both ways, which is safe whoever chose it
    (`assess.labelled`).

    Args:
        prepared: The review.
        item: The item.
        console: Where.
        actor: Who labels.
        seed: Of the draw; it is kept with it.
        now: When, with time zone.
        shown: Marks of the replies that were shown beside their version (`review.shown`).

    Raises:
        UsageError: No reply is left to label.
    """
    diff, workspace = prepared.diff, prepared.workspace
    with workspace.open_store() as store:
        held = {each.model.name for each in store.holdings(suite=item.suite, target=diff.target) if each.answered}
    models = tuple(name for name in dict.fromkeys((diff.old.name, diff.new.name)) if name in held)
    if len(models) == 1 and diff.old.name != diff.new.name:
        console.show(["  replies of one version only are stored here: you know which one answered"])
    drawn = begun_draw(workspace, item.name, models, diff.target) or draw_replies(
        workspace, item.name, count=_DRAWN, seed=seed, now=now, models=models, target=diff.target
    )
    return _Sitting(prepared, item, console, drawn, str(actor), now, shown).run()


class _Sitting:
    """Labels of one item, given one after the other."""

    def __init__(
        self,
        prepared: Prepared,
        item: Item,
        console: Console,
        drawn: DrawnReplies,
        by: str,
        now: datetime,
        shown: frozenset[str],
    ) -> None:
        self._prepared = prepared
        self._item = item
        self._console = console
        self._drawn = drawn
        self._by = by
        self._now = now
        self._shown = shown
        self._given: list[Label] = []
        self._kept = 0

    def run(self) -> Item:
        settled = False
        try:
            settled = self._ask()
        finally:
            self._keep(len(self._given))
        diff, comparison = self._comparison(repairs=True)
        if self._given:
            labels, verdict = number_of(len(self._given), "label"), VerdictName.of(comparison.new.verdict)
            said = f"settled by {labels}: {verdict}" if settled else f"{labels}, not settled: {verdict}"
            self._console.show([f"  {said}"])
        self._console.forget()  # keys that were typed as labels are no keys of the review
        with self._workspace.open_store() as store:
            return item_of(self._workspace, store, diff, comparison)

    def _ask(self) -> bool:
        """Ask for labels until the verdict is settled; False where the user stops before, or no reply is left."""
        rows, anew = self._drawn.rows, True
        while len(self._given) < len(rows):
            row = rows[len(self._given)]
            if anew:
                self._show(row)
            key = self._console.key()
            anew = key in _KEYS or key in _AGAIN
            if key in _KEYS:
                self._give(row, _KEYS[key])
                if _is_settled(self._item.verdict, self._comparison(repairs=False)[1]):
                    return True
            elif key == "z":
                anew = self._take_back()
            elif key == "q":
                return False
            elif key not in _AGAIN:
                self._console.show(["  this key is no label   ? shows the reply again   q stop"])
        return False

    def _show(self, row: SheetRow) -> None:
        lines = _row_lines(row, len(self._given) + 1, len(self._drawn.rows), self._console.style)
        seen = ["  you saw who said this: the label is kept as chosen, and counts in no rate"] * self._is_seen(row)
        self._console.forget()  # a key that was typed before the reply was shown is no label of it
        self._console.show([*lines, *seen, self._console.style.faint(_KEY_LINE)])

    def _is_seen(self, row: SheetRow) -> bool:
        return shown_mark(self._item.suite, self._drawn.draw.rows[row.row - 1].probe, row.reply) in self._shown

    @property
    def _workspace(self) -> Workspace:
        return self._prepared.workspace

    def _give(self, row: SheetRow, value: LabelValue) -> None:
        self._keep(len(self._given))
        cell = self._drawn.draw.rows[row.row - 1]
        drawn = (None, 0) if self._is_seen(row) else (self._drawn.draw.id, row.row)
        label = Label(cell.probe, cell.request, cell.reply, value, self._by, self._now, *drawn)
        self._given.append(label)
        self._look(self._given)

    def _take_back(self) -> bool:
        """Take the last label back; False where it is kept already."""
        if len(self._given) == self._kept:
            self._console.show(["  only the last one can be taken back"])
            return False
        self._given.pop()
        self._look(self._given)
        return True

    def _keep(self, count: int) -> None:
        """Put the first so many labels on the disk."""
        new = self._given[self._kept : count]
        if new:
            append_labels(self._workspace.project.paths.labels, {(self._item.suite, self._item.assertion): new})
            self._kept = count

    def _look(self, given: list[Label]) -> None:
        """Have the project read replies with labels that are not on the disk yet."""
        paths = self._workspace.project.paths
        known = load_assertion_labels(paths.labels, self._item.suite, self._item.assertion)
        labels = {**known.labels, **{label.key: label for label in given}}
        suite = self._workspace.suites([self._item.suite])[0]
        everyone: dict[str, AssertionLabels] = {**self._workspace.labels(suite)}
        everyone[self._item.assertion] = replace(known, labels=labels)
        self._workspace.look_with(suite, everyone)

    def _comparison(self, *, repairs: bool) -> tuple[Diff, Comparison]:
        prepared = self._prepared
        request = replace(
            prepared.request.diff,
            suites=(self._item.suite,),
            new=prepared.diff.new.name,
            wanted=Wanted(holding=False) if repairs else None,
            repairs=repairs,
            assertions=frozenset({self._item.assertion}),
        )
        diff = diff_models(self._workspace, request)
        return diff, next(each for each in diff.comparisons if each.name == self._item.name)


def _is_settled(before: VerdictName, comparison: Comparison) -> bool:
    """Return whether further labels are not needed.

    A verdict that the check reached without any label is settled once labels by themselves show what it says: a
    violation that a person saw, or a rate on that side of the bar, by bounds that hold whenever labelling stops.
    """
    side, bar = comparison.new, comparison.assertion.bar
    verdict = VerdictName.of(side.verdict)
    if verdict not in {VerdictName.HOLDS, VerdictName.FAILING}:
        return False
    if verdict is not before:
        return True
    if isinstance(bar, Never) and verdict is VerdictName.FAILING:
        return side.group.confirmed > 0
    labels = side.group.labels
    if labels is None or not isinstance(bar, AtLeast):
        return False
    low, high = labels.alarm_bounds
    return high < side.evidence.theta if verdict is VerdictName.FAILING else low > side.evidence.theta


def _row_lines(row: SheetRow, number: int, of: int, style: Style) -> Iterator[str]:
    yield ""
    yield style.strong(f"  label {number} of at most {of}")
    yield from wrap_words(f"claim: {row.claim}", style.width, "  ", "       ")
    yield from wrap_words(f"asked: {clean(row.asked)[:600]}", style.width, "  ", "       ")
    if row.given:
        yield from wrap_words(f"given: {clean(row.given)[:300]}", style.width, "  ", "       ")
    lines = wrap_pieces([Piece(row.reply, differs=False)], style, style.width - 4, _REPLY_LINES)
    yield from (f"  | {line}" for line, _ in lines)
    if row.calls:
        yield from wrap_words(f"calls: {clean(row.calls)[:600]}", style.width, "  ", "       ")
