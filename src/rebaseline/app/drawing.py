"""Stored replies drawn at random, to be shown to people who label them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from rebaseline.app.drawn_replies import calls_text, drawn_reply
from rebaseline.app.sides import read_stored
from rebaseline.app.workspace import Workspace
from rebaseline.assess.labelling import draw_cells, populations_of
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.label import Cell, Draw
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, Probe, Role, Suite
from rebaseline.errors import UsageError
from rebaseline.interop.sheets import SheetRow
from rebaseline.load.findings import closest
from rebaseline.store.labels import append_draw, load_assertion_labels
from rebaseline.store.store import Store

__all__ = ["DrawnReplies", "begun_draw", "draw_replies", "named_assertion"]

_VERSIONS = 2


@dataclass(frozen=True, slots=True)
class DrawnReplies:
    """A draw with what it shows.

    Attributes:
        draw: The draw; it is kept in the project.
        rows: What is shown of each reply, in the order of the draw. None says which version answered.
        labelled: Different replies that are labelled already.
    """

    draw: Draw
    rows: tuple[SheetRow, ...]
    labelled: int


def draw_replies(
    workspace: Workspace,
    name: str,
    *,
    count: int,
    seed: int,
    now: datetime,
    models: tuple[str, ...] = (),
    target: str | None = None,
) -> DrawnReplies:
    """Draw replies of complete rounds at random, and keep the draw.

    Args:
        workspace: The project.
        name: `SUITE/ASSERTION`.
        count: How many, at least 1; fewer where there are not so many that nobody labelled yet.
        seed: From which the order follows.
        now: When, with time zone.
        models: Model versions; empty for the two that answered last.
        target: Target name; None where the project has one only.

    Raises:
        UsageError: There is no such assertion, model version or stored reply; nothing is left to label.
    """
    suite, assertion = named_assertion(workspace, name)
    asked = workspace.target(target)
    if count < 1:
        raise UsageError(f"--n is {count}", remedy="draw at least one reply")
    labels = load_assertion_labels(workspace.project.paths.labels, suite.id, assertion.id)
    with workspace.open_store() as store:
        chosen = models or _last_versions(store, suite, asked)
        pool = [cell for model in chosen for cell in _pool(workspace, store, suite, assertion, asked, model)]
        cells = draw_cells(pool, count, seed, without=labels.labels)
        if not cells:
            raise UsageError(
                f"nothing of {name} is left to label: {len(pool):,} replies in complete rounds of "
                f"{', '.join(chosen)}, all labelled",
                remedy="ask more with `rebaseline run`, or name other model versions with --model",
            )
        content = [seed, now.isoformat(), [[cell.model, cell.probe, cell.sample] for cell in cells]]
        draw = Draw(fingerprint([name, *content]), seed, now, populations_of(pool), cells)
        rows = tuple(_sheet_row(store, suite, assertion, draw, number) for number in range(1, len(cells) + 1))
    append_draw(workspace.project.paths.labels, suite.id, assertion.id, draw)
    return DrawnReplies(draw, rows, len({cell.key for cell in pool} & labels.labels.keys()))


def begun_draw(workspace: Workspace, name: str, models: tuple[str, ...], target: str) -> DrawnReplies | None:
    """Return the last draw from the replies that are stored now, with what of it is not labelled; None without one.

    Args:
        workspace: The project.
        name: `SUITE/ASSERTION`.
        models: Model versions.
        target: Target name.

    Raises:
        UsageError: There is no such assertion, model version or stored reply.
    """
    suite, assertion = named_assertion(workspace, name)
    labels = load_assertion_labels(workspace.project.paths.labels, suite.id, assertion.id)
    if not labels.draws:
        return None
    asked = workspace.target(target)
    with workspace.open_store() as store:
        pool = [cell for model in models for cell in _pool(workspace, store, suite, assertion, asked, model)]
        populations = populations_of(pool)
        for draw in reversed(labels.draws):
            rest = [number for number, cell in enumerate(draw.rows, 1) if cell.key not in labels.labels]
            if draw.populations == populations and rest:
                rows = tuple(_sheet_row(store, suite, assertion, draw, number) for number in rest)
                return DrawnReplies(draw, rows, len({cell.key for cell in pool} & labels.labels.keys()))
    return None


def named_assertion(workspace: Workspace, name: str) -> tuple[Suite, Assertion]:
    """Return the suite and the assertion that `SUITE/ASSERTION` names.

    Raises:
        UsageError: There is none.
    """
    suite_id, slash, assertion_id = name.partition("/")
    if not slash:
        raise UsageError(f"{name!r} names no assertion", remedy="write SUITE/ASSERTION")
    suite = workspace.suites([suite_id])[0]
    for assertion in suite.assertions:
        if assertion.id == assertion_id:
            return suite, assertion
    remedy = closest(assertion_id, [assertion.id for assertion in suite.assertions])
    raise UsageError(f"suite {suite_id!r} has no assertion {assertion_id!r}", remedy=remedy)


def _last_versions(store: Store, suite: Suite, target: Target) -> tuple[str, ...]:
    """Return the model versions that answered last, as a diff would compare them."""
    held = sorted(store.holdings(suite=suite.id, target=target.name), key=lambda each: each.last_received_at)
    names = tuple(dict.fromkeys(each.model.name for each in reversed(held) if each.answered))[:_VERSIONS]
    if not names:
        raise UsageError(
            f"no reply to {suite.id} is stored on target {target.name}",
            remedy="ask with `rebaseline run`, or bring replies in with `rebaseline import`",
        )
    return names


def _pool(
    workspace: Workspace, store: Store, suite: Suite, assertion: Assertion, target: Target, model: str
) -> list[Cell]:
    """Return the replies of complete rounds: what verdicts are read from."""
    readings, _ = read_stored(workspace, store, suite, target, model, watched=assertion.id)
    if not readings.attempts:
        raise UsageError(
            f"no reply of {model!r} to {suite.id} is stored on target {target.name}",
            remedy="`rebaseline models` lists what is stored",
        )
    held = readings.labelled[assertion.id]
    complete = set(held.table.complete_rounds())
    return [cell for (_, sample), cell in held.words.items() if sample in complete]


def _sheet_row(store: Store, suite: Suite, assertion: Assertion, draw: Draw, number: int) -> SheetRow:
    cell = draw.rows[number - 1]
    probe = next(each for each in suite.probes if each.id == cell.probe)
    reply = drawn_reply(store, suite, cell)
    return SheetRow(
        assertion=f"{suite.id}/{assertion.id}",
        draw=draw.id,
        row=number,
        claim=assertion.claim,
        asked=_asked(probe),
        given=json.dumps(probe.fields, ensure_ascii=False, default=str) if probe.fields else "",
        reply=reply.text,
        calls=calls_text(reply),
    )


def _asked(probe: Probe) -> str:
    return next(turn.text for turn in reversed(probe.turns) if turn.role is Role.USER)
