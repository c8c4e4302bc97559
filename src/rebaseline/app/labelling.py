"""People's labels: replies drawn at random for them, and what they wrote taken into the project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rebaseline.app.drawing import draw_replies, named_assertion
from rebaseline.app.drawn_replies import shows_drawn_reply
from rebaseline.app.workspace import Workspace
from rebaseline.domain.attempt import Reply
from rebaseline.domain.label import AssertionLabels, Draw, Label, reply_digest
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.errors import ConfigurationError, Problem, SuiteErrors, UsageError
from rebaseline.interop.lines import BadLine
from rebaseline.interop.sheets import FilledRow, parse_sheet, render_sheet
from rebaseline.store.labels import append_labels, load_assertion_labels

__all__ = ["DrawRequest", "Drawn", "Taken", "draw_sheet", "take_sheet"]


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """What to draw.

    Attributes:
        assertion: `SUITE/ASSERTION`.
        count: How many replies, at least 1.
        seed: From which the order follows.
        out: The sheet to write; `.csv` for a spreadsheet, else JSON Lines.
        models: Model versions; empty for the two that answered last.
        target: Target name; None where the project has one only.
    """

    assertion: str
    count: int
    seed: int
    out: Path
    models: tuple[str, ...] = ()
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw that was made.

    Attributes:
        draw: The draw.
        labelled: Different replies that are labelled already.
    """

    draw: Draw
    labelled: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a filled sheet.

    Attributes:
        new: Labels that are new, by assertion.
        known: Labels that were taken before.
        replaced: Labels that took the place of another.
        empty: Rows that are not labelled yet.
    """

    new: Mapping[str, int]
    known: int
    replaced: int
    empty: int


def draw_sheet(workspace: Workspace, request: DrawRequest, now: datetime) -> Drawn:
    """Draw stored replies at random, write them as a sheet to be labelled, and keep the draw.

    Raises:
        UsageError: There is no such assertion, model version or stored reply; nothing is left to label; the sheet
            exists already.
        ConfigurationError: A file cannot be written.
    """
    if request.out.exists():
        raise UsageError(f"{request.out} exists already", remedy="name another file: a sheet may hold somebody's work")
    made = draw_replies(
        workspace,
        request.assertion,
        count=request.count,
        seed=request.seed,
        now=now,
        models=request.models,
        target=request.target,
    )
    _write(request.out, render_sheet(made.rows, as_csv=_is_csv(request.out)))
    return Drawn(made.draw, made.labelled)


def _is_csv(path: Path) -> bool:
    return path.suffix.casefold() == ".csv"


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise ConfigurationError(
            f"the sheet cannot be written: {error.strerror}", where=str(path), remedy="name a file in another folder"
        ) from error


def take_sheet(workspace: Workspace, path: Path, *, by: str, now: datetime, replace: bool = False) -> Taken:
    """Take the labels of a filled sheet into the project; all of them, or none where a line is wrong.

    Taking the same sheet again changes nothing.

    Args:
        workspace: The project.
        path: The sheet; `.csv`, else JSON Lines.
        by: Who labelled.
        now: When, with time zone.
        replace: Labels may take the place of others that say something else.

    Raises:
        UsageError: Nobody is named.
        SuiteErrors: Everything that is wrong with the sheet, by line.
        ConfigurationError: A file cannot be read or written.
    """
    if not by.strip():
        raise UsageError("--as is empty", remedy="say who labelled: it is kept with each label")
    intake = _Intake(workspace, path.name, by.strip(), now, replace=replace)
    for row in parse_sheet(_text_of(path), as_csv=_is_csv(path)):
        intake.take(row)
    intake.require_no_gap()
    if intake.problems:
        raise SuiteErrors(sorted(intake.problems))
    taken = {about: labels.values() for about, labels in intake.labels.items() if labels}
    append_labels(workspace.project.paths.labels, taken)
    new = {f"{suite}/{assertion}": len(labels) for (suite, assertion), labels in intake.labels.items() if labels}
    return Taken(new, intake.counts["known"], intake.counts["replaced"], intake.counts["empty"])


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(
            f"the sheet cannot be read: {error.strerror}", where=str(path), remedy="check its name"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"the sheet is no UTF-8 text: byte {error.start + 1}", where=str(path), remedy="save it as UTF-8"
        ) from error


@dataclass
class _Intake:
    """Checks rows one by one, and gathers what is new and what is wrong."""

    workspace: Workspace
    shown: str
    by: str
    now: datetime
    replace: bool
    problems: list[Problem] = field(default_factory=list)
    labels: dict[tuple[str, str], dict[tuple[str, str, str], Label]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _held: dict[str, tuple[Suite, Assertion, AssertionLabels] | None] = field(default_factory=dict)
    _rows: dict[tuple[str, str], dict[int, FilledRow]] = field(default_factory=dict)

    def take(self, row: FilledRow | BadLine) -> None:
        if isinstance(row, BadLine):
            self._object(row.line, row.reason)
            return
        held = self._assertion(row)
        if held is None:
            return
        suite, assertion, known = held
        about = self._about(row, suite, known)
        if about is None:
            return
        if row.value is None:
            self.counts["empty"] += 1
            return
        probe, request, reply = about
        label = Label(probe, request, reply, row.value, self.by, self.now, row.draw, row.row)
        self._add(row, label, known, self.labels.setdefault((suite.id, assertion.id), {}))

    def _assertion(self, row: FilledRow) -> tuple[Suite, Assertion, AssertionLabels] | None:
        if row.assertion not in self._held:
            try:
                suite, assertion = named_assertion(self.workspace, row.assertion)
            except UsageError as unknown:
                self._object(row.line, unknown.problem, unknown.remedy)
                self._held[row.assertion] = None
            else:
                folder = self.workspace.project.paths.labels
                self._held[row.assertion] = suite, assertion, load_assertion_labels(folder, suite.id, assertion.id)
        return self._held[row.assertion]

    def _about(self, row: FilledRow, suite: Suite, known: AssertionLabels) -> tuple[str, str, str] | None:
        """Return what the row is about; None, with the problem noted, where that cannot be known."""
        if row.draw is None:
            probe = next((each for each in suite.probes if each.id == row.probe), None)
            if probe is None:
                self._object(row.line, f"suite {suite.id!r} has no probe {row.probe[:60]!r}")
                return None
            return probe.id, probe.fingerprint, reply_digest(Reply(row.reply))
        draw = next((each for each in known.draws if each.id == row.draw), None)
        if draw is None or not 1 <= row.row <= len(draw.rows):
            what = f"row {row.row} of draw {row.draw[:40]!r} is not known here"
            self._object(row.line, what, "leave the columns `draw` and `row` as they were, and keep the draws in git")
            return None
        rows = self._rows.setdefault((row.assertion, row.draw), {})
        if row.row in rows:
            self._object(row.line, f"row {row.row} stands here twice (first on line {rows[row.row].line})")
            return None
        rows[row.row] = row
        cell = draw.rows[row.row - 1]
        if row.value is not None and not shows_drawn_reply(self.workspace, suite, row, cell):
            what = (
                f"row {row.row} does not show the reply that was drawn for it: it was changed, sorted apart or purged"
            )
            self._object(row.line, what, "leave every column but `label` as it was, and sort whole rows only")
            return None
        return cell.key

    def _add(
        self, row: FilledRow, label: Label, known: AssertionLabels, new: dict[tuple[str, str, str], Label]
    ) -> None:
        earlier = new.get(label.key) or known.labels.get(label.key)
        if earlier is None or (earlier.value is label.value and earlier.draw is None and label.draw is not None):
            new[label.key] = label  # what was chosen before is from now on a label of a random sample
        elif earlier.value is label.value:
            self.counts["known"] += 1
        elif self.replace and label.key not in new:
            self.counts["replaced"] += 1
            new[label.key] = label
        else:
            said = f"{earlier.by} said `{earlier.value.value}` of this reply on {earlier.at:%d %b %Y}"
            self._object(row.line, said, "talk about it; then take the sheet with --replace")

    def require_no_gap(self) -> None:
        """Refuse labels after an empty row: whoever leaves out the hard ones draws no longer at random."""
        for (name, draw_id), rows in self._rows.items():
            held = self._held[name]
            assert held is not None  # rows are only kept of assertions that are known  # noqa: S101
            draw = next(each for each in held[2].draws if each.id == draw_id)
            last = max((number for number, row in rows.items() if row.value is not None), default=0)
            for number in range(1, last):
                row = rows.get(number)
                labelled = draw.rows[number - 1].key in held[2].labels
                if not labelled and (row is None or row.value is None):
                    line = rows[last].line if row is None else row.line
                    self._object(
                        line,
                        f"row {number} has no label, and a later one has",
                        "label rows in their order; write `unclear` where you cannot tell",
                    )

    def _object(self, line: int, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.shown, line, "error", message, remedy))
