"""Packing stored replies into one file, so that a reviewer elsewhere has what is stored here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rebaseline import __version__
from rebaseline.app.sides import nothing_stored, purged_of
from rebaseline.app.versions import compared_versions, newest_version
from rebaseline.app.workspace import Workspace
from rebaseline.domain.bundle import BundleChoice, Manifest
from rebaseline.domain.judge import judging_suite
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import ConfigurationError, NoBaselineError, StoreError, UsageError
from rebaseline.load.secret_names import secret_in
from rebaseline.store.bundle_writing import write_bundle
from rebaseline.store.store import Store

__all__ = ["BundleRequest", "make_bundle"]

_EPOCH = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """What to pack.

    Attributes:
        out: The file to write.
        suites: Suite ids; empty for all.
        target: Target name; None where the project has one only.
        models: Served ids; empty for those that a diff of `old` and `new` reads.
        old: As in a diff: the old model version; None for what a diff compares with by itself.
        new: As in a diff: the new model version; None for the one that answered last.
        replace: Take the place of a file that is there.
    """

    out: Path
    suites: tuple[str, ...] = ()
    target: str | None = None
    models: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None
    replace: bool = False


def make_bundle(workspace: Workspace, request: BundleRequest, now: datetime) -> Manifest:
    """Write a bundle, and return what it holds.

    The instant in it is `now`, or that of `SOURCE_DATE_EPOCH` where the environment names one: then equal content makes
    an equal file.

    Raises:
        UsageError: There is no such suite or target, the options do not go together, or the file is there already.
        NoBaselineError: Nothing is stored of a model version.
        ConfigurationError: `SOURCE_DATE_EPOCH` is no number of seconds.
        StoreError: The store cannot be read, the file cannot be written, or a secret would go into it.
    """
    if request.models and (request.old or request.new):
        raise UsageError("--model names what to pack, and so do --from and --to", remedy="use one way of the two")
    suites, target = workspace.suites(request.suites), workspace.target(request.target)
    with workspace.open_store() as store:
        choice = BundleChoice(
            tuple(sorted(suite.id for suite in suites)), target.name, _models(workspace, store, suites, target, request)
        )
        for model in (*request.models, *filter(None, (request.old, request.new))):
            _require_stored(store, suites, target, model)
        _refuse_secrets(store, suites)
        made_at = _instant(workspace, now).isoformat(timespec="seconds")
        return write_bundle(
            request.out,
            store,
            choice,
            tool=f"rebaseline {__version__}",
            made_at=made_at,
            replace=request.replace,
        )


def _models(
    workspace: Workspace, store: Store, suites: Sequence[Suite], target: Target, request: BundleRequest
) -> tuple[str, ...]:
    if request.models:
        return tuple(sorted(set(request.models)))
    new = request.new or newest_version(store, target, suites, request.old, None)
    if request.old is not None:
        return tuple(sorted({request.old, new}))
    compared = {name for suite in suites for name in compared_versions(workspace, store, suite, target, new)}
    return tuple(sorted({new, *compared}))


def _require_stored(store: Store, suites: Sequence[Suite], target: Target, model: str) -> None:
    wanted = {suite.id for suite in suites}
    held = any(each.suite in wanted and each.model.name == model for each in store.holdings(target=target.name))
    if not held and not any(purged_of(store, suite, target, model) for suite in suites):
        problem, remedy = nothing_stored(store, suites, target, model)
        raise NoBaselineError(problem, remedy=remedy)


def _refuse_secrets(store: Store, suites: Sequence[Suite]) -> None:
    """Refuse to pack a target whose settings hold a secret: a project file cannot, other programs can."""
    names = {suite.id for suite in suites}
    judged = tuple(judging_suite(name, "") for name in names)
    for header in store.sessions():
        if header.suite not in names and not header.suite.startswith(judged):
            continue
        found = secret_in({"settings": dict(header.target.settings), "identity": dict(header.target.identity)})
        if found is not None:
            raise StoreError(
                f"The target {header.target.name!r} is stored with a value for {found!r}, which looks like a secret",
                where=f"session {header.key!r}",
                remedy="Name an environment variable in its settings, change the secret, and ask again.",
            )


def _instant(workspace: Workspace, now: datetime) -> datetime:
    named = workspace.environment.get(_EPOCH)
    if not named:
        return now.astimezone(UTC)
    try:
        return datetime.fromtimestamp(int(named), UTC)
    except (ValueError, OverflowError, OSError):
        raise ConfigurationError(
            f"{named[:40]!r} is no number of seconds", where=_EPOCH, remedy="set it to seconds since 1970, or unset it"
        ) from None
