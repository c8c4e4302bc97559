"""A review: the queue of a diff, decisions kept until they are written, and their writing in one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rebaseline.app.accounting import Wanted
from rebaseline.app.deciding import Applied, apply_decisions
from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.edited_suites import edited_suite
from rebaseline.app.repairing import edit_as_diff
from rebaseline.app.review_items import count_of, decided_before, item_of, needs_person
from rebaseline.app.workspace import Workspace, open_workspace
from rebaseline.assess.rules import LOOSER, changes_between
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.comparison import Diff
from rebaseline.domain.decision import Actor
from rebaseline.domain.repair import Trial
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import RebaselineError, UsageError
from rebaseline.report.why import render_why
from rebaseline.report.words import printable, rule_words
from rebaseline.review.console import Console
from rebaseline.review.counting import Counted
from rebaseline.review.desk import Desk, Review
from rebaseline.review.prompts import repaired
from rebaseline.review.queue import Item, matches, order_items
from rebaseline.review.reviewer import review_items
from rebaseline.review.session import Session, parse_session, render_session
from rebaseline.store.replacing import replace_files

__all__ = ["Prepared", "ReviewRequest", "prepare_review", "run_review"]

Label = Callable[["Prepared", Item, Console, frozenset[str]], Item]


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What to review.

    Attributes:
        diff: What is compared.
        only: Words of a filter (`review.queue.matches`); all must fit.
        again: Show what was decided before, too.
    """

    diff: DiffRequest
    only: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A review that is ready to be held.

    Attributes:
        workspace: The project.
        request: What was asked for.
        diff: The diff, with accounts and repairs.
        items: What needs a person, in the order in which it is shown.
        session: What was decided earlier and still is about what is there.
        counted: What of the diff is among the items, and what is not.
        set_aside: Items whose earlier decision is about something that changed since.
        kept_in: Where decisions are kept.
    """

    workspace: Workspace
    request: ReviewRequest
    diff: Diff
    items: tuple[Item, ...]
    session: Session
    counted: Counted
    set_aside: tuple[str, ...]
    kept_in: Path


def prepare_review(workspace: Workspace, request: ReviewRequest) -> Prepared:
    """Return the queue with what was decided earlier. Nothing is written.

    Raises:
        UsageError: The target, a suite or a model version is not known, or kept decisions cannot be read.
        NoBaselineError: There is nothing to compare with.
        SuiteErrors: A suite is wrong.
    """
    diff = diff_models(workspace, replace(request.diff, wanted=Wanted(holding=False), repairs=True))
    unsettled = any(word in {"unsettled", str(VerdictName.INCONCLUSIVE)} for word in request.only)
    before = frozenset[str]() if request.again else decided_before(workspace, diff)
    with workspace.open_store() as store:
        items = [
            item_of(workspace, store, diff, comparison)
            for comparison in diff.comparisons
            if needs_person(comparison, unsettled=unsettled) and comparison.name not in before
        ]
    kept_in = _kept_in(workspace, diff, request)
    session, gone = _read_session(kept_in).fitted(items)
    session = session.seeing(mark for path in _others(kept_in) for mark in _read_session(path).shown)
    chosen = order_items(item for item in items if all(matches(item, word) for word in request.only))
    counted = count_of(diff, {item.name for item in items}, {item.name for item in chosen}, before)
    return Prepared(workspace, request, diff, chosen, session, counted, gone, kept_in)


def _kept_in(workspace: Workspace, diff: Diff, request: ReviewRequest) -> Path:
    name = fingerprint([diff.target, diff.old.name, diff.new.name, sorted(request.diff.suites)])
    return workspace.project.root / ".rebaseline" / "review" / f"{name}.json"


def _others(kept_in: Path) -> Iterator[Path]:
    """Yield the other reviews of the project: what they showed was seen, whichever versions they compared."""
    yield from (path for path in sorted(kept_in.parent.glob("*.json")) if path != kept_in)


def _read_session(path: Path) -> Session:
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return Session()
    except OSError as error:
        raise UsageError(f"the decisions that were kept cannot be read: {error.strerror}", where=str(path)) from error
    return parse_session(text, shown=str(path))


def _keep(path: Path, session: Session) -> None:
    try:
        replace_files({path: render_session(session).encode("utf-8", "replace")})
    except OSError as error:
        raise UsageError(
            f"decisions cannot be kept: {error.strerror}", where=str(path), remedy="check access rights and room"
        ) from error


def run_review(
    prepared: Prepared,
    console: Console,
    *,
    actor: Actor,
    clock: Callable[[], float],
    now: Callable[[], datetime],
    label: Label,
    sign: Callable[[bytes], bytes] | None = None,
) -> Review:
    """Hold a review on a console.

    Args:
        prepared: What `prepare_review` gave.
        console: Where.
        actor: Who reviews.
        clock: Seconds that only grow.
        now: The time, with time zone.
        label: Has replies of an item labelled, and returns the item as it is then; marks name those that were shown.
        sign: Returns the signature of an entry's bytes; None where entries are not signed.

    Raises:
        KeyboardInterrupt: The user stops; decisions are kept.
    """
    files = {path: digest for item in prepared.items for path, digest in item.files}

    def write(session: Session) -> Sequence[str]:
        # What an earlier `w` of this sitting wrote is what the next one looks at.
        workspace = open_workspace(prepared.workspace.project.root, prepared.workspace.environment)
        applied = _write(replace(prepared, workspace=workspace), session, files, actor, now(), sign)
        files.update((change.path, change.after) for change in applied.files)
        return _written(prepared, applied)

    desk = Desk(
        keep=lambda session: _keep(prepared.kept_in, session),
        write=write,
        why=lambda item: _why(prepared, item),
        edit_of=lambda _, trial: _edit(prepared, trial),
        loosens=lambda item, trial: _loosens(prepared, item, trial, actor, now()),
        label=lambda item, place, shown: label(prepared, item, place, shown),
        clock=clock,
        today=now().astimezone(UTC).date(),
    )
    review = review_items(prepared.items, prepared.session, desk, console)
    if not review.session.taken and not review.session.shown:
        prepared.kept_in.unlink(missing_ok=True)
    else:
        _keep(prepared.kept_in, review.session)
    return review


def _write(
    prepared: Prepared,
    session: Session,
    files: Mapping[str, str],
    actor: Actor,
    at: datetime,
    sign: Callable[[bytes], bytes] | None,
) -> Applied:
    decided = {taken.decision.name for taken in session.taken}
    seen = {path: files[path] for item in prepared.items if item.name in decided for path, _ in item.files}
    return apply_decisions(
        prepared.workspace,
        [taken.decision for taken in session.taken],
        models=(prepared.diff.old.name, prepared.diff.new.name),
        target=prepared.diff.target,
        actor=actor,
        at=at,
        seen=seen,
        sign=sign,
    )


def _written(prepared: Prepared, applied: Applied) -> Sequence[str]:
    lines = ["", "  written:"]
    lines += [f"    {change.path}" for change in applied.files]
    for suite in applied.suites:
        counts = dict.fromkeys(suite.recorded.values(), 0)
        for verdict in suite.recorded.values():
            counts[verdict] += 1
        recorded = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
        if recorded:
            lines.append(
                f"  {suite.suite} {suite.version}: the baseline of {printable(prepared.diff.new.name)}: {recorded}"
            )
        if suite.left_out:
            lines.append(f"  {suite.suite}: not decided, so not in the baseline: {', '.join(suite.left_out)}")
    return [*lines, "  commit these files: the record is in git"]


def _why(prepared: Prepared, item: Item) -> Sequence[str]:
    comparison = next(each for each in prepared.diff.comparisons if each.name == item.name)
    return render_why(prepared.diff, comparison).split("\n")


def _edit(prepared: Prepared, trial: Trial) -> Sequence[str]:
    text = edit_as_diff(prepared.workspace, trial.proposal)
    return printable(text).split("\n") if text else ["it edits nothing in the suite's file"]


def _loosens(prepared: Prepared, item: Item, trial: Trial, actor: Actor, at: datetime) -> str:
    """Return what a repair makes looser, of this assertion and of others that the edit touches; in words."""
    suite = prepared.workspace.suites([item.suite])[0]
    day = at.astimezone(UTC).date().isoformat()
    try:
        edited = edited_suite(prepared.workspace, suite, [repaired(item, trial, "")], actor=actor, day=day)
    except RebaselineError:
        return ""  # writing it says what is in the way
    before = {assertion.id: assertion for assertion in edited.before.assertions}
    found = [
        f"{assertion.id}: {rule_words(change)}"
        for assertion in edited.after.assertions
        if assertion.id in before
        for change in changes_between(before[assertion.id], assertion)
        if change.direction == LOOSER
    ]
    return "; ".join(found)
