"""The project at hand: its files, its checks and its store, wired together."""

from __future__ import annotations

import shutil
import sys
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rebaseline.checks.kind import CheckType
from rebaseline.checks.refusal import read_refusal
from rebaseline.checks.registry import Registry
from rebaseline.domain.label import SuiteLabels
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import ConfigurationError, Problem, UsageError
from rebaseline.gate import DEFAULT_BLOCK
from rebaseline.load.project import PROJECT_FILE, load_project
from rebaseline.load.settings import Project
from rebaseline.load.suites import load_suites
from rebaseline.store.bundle_reading import open_bundle
from rebaseline.store.changeable import Changeable
from rebaseline.store.labels import load_suite_labels
from rebaseline.store.opening import open_store
from rebaseline.store.recovery import finish_changes
from rebaseline.store.store import Store, writes_nothing

if TYPE_CHECKING:
    from rebaseline.app.assessing import Instruments
    from rebaseline.checks.redaction import Redactor

__all__ = ["Workspace", "open_workspace"]

ENTRY_POINT_GROUP = "rebaseline.checks"


@dataclass(frozen=True)
class Workspace:
    """A project with what reads and stores its replies.

    Attributes:
        project: The project file.
        registry: The checks that suites may use.
        environment: Where keys are looked up.
        bundle: A bundle that is read in place of the store; None for the store.
    """

    project: Project
    registry: Registry
    environment: Mapping[str, str] = field(default_factory=dict)
    bundle: Path | None = None
    _labels: dict[str, SuiteLabels] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def instruments(self) -> Instruments:
        """What reads replies."""
        from rebaseline.app.assessing import Instruments  # noqa: PLC0415 - scipy is slow to load, and a run needs none

        return Instruments(self.registry.compile, read_refusal)

    @cached_property
    def redactor(self) -> Redactor | None:
        """What is taken out of replies before they are stored; None where nothing is.

        Raises:
            ConfigurationError: A pattern cannot be used.
        """
        if not self.project.store.redact:
            return None
        from rebaseline.checks.redaction import Redactor  # noqa: PLC0415 - few projects have one

        try:
            return Redactor(self.project.store.redact)
        except ConfigurationError as wrong:
            raise ConfigurationError(
                wrong.problem, where=f"{PROJECT_FILE}: [store] redact", remedy=wrong.remedy
            ) from None

    @cached_property
    def _loaded(self) -> tuple[tuple[Suite, ...], tuple[Problem, ...]]:
        loaded = load_suites(self.project, self.registry)
        return tuple(item.suite for item in loaded), tuple(problem for item in loaded for problem in item.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Findings of loading that stop nothing."""
        return self._loaded[1]

    def suites(self, ids: Sequence[str] = ()) -> tuple[Suite, ...]:
        """Return the suites with these ids, or all.

        Raises:
            SuiteErrors: A suite is wrong.
            UsageError: There is no suite of such an id, or none at all.
        """
        suites = {suite.id: suite for suite in self._loaded[0]}
        for name in ids:
            if name not in suites:
                raise UsageError(f"there is no suite {name!r}", remedy=_known("suites", name, suites))
        if not suites:
            raise UsageError(
                f"there is no suite in {self.project.paths.probes.as_posix()}",
                remedy="write one as probes/NAME/suite.yaml",
            )
        return tuple(suites[name] for name in ids) if ids else tuple(suites.values())

    def target(self, name: str | None = None) -> Target:
        """Return the target of a name, or the only one that is no judge's.

        Raises:
            SuiteErrors: Several are there, and a suite that may say which are judges' is wrong.
            UsageError: There is no such target, or several and none is named.
        """
        targets = self.project.targets
        if name is None and len(targets) == 1:
            return next(iter(targets.values()))
        if name is None and len(targets) > 1:
            only = self.tested
            if len(only) == 1:
                return only[0]
        if name is None:
            raise UsageError(
                "the project has several targets" if targets else "the project has no target",
                remedy=f"name one with --target: {', '.join(targets)}"
                if targets
                else 'add one to rebaseline.toml: [targets.NAME] with type = "recorded" for imported replies',
            )
        if name not in targets:
            raise UsageError(f"there is no target {name!r}", remedy=_known("targets", name, targets))
        return targets[name]

    @property
    def tested(self) -> list[Target]:
        """Return the targets that no suite has as a judge: those are what is tested."""
        judges = {
            version.target
            for suite in self._loaded[0]
            for judge in suite.judges.values()
            for version in (judge.version, judge.previous)
            if version is not None
        }
        return [target for name, target in self.project.targets.items() if name not in judges]

    def open_store(self, *, to_write: bool = False) -> Store:
        """Open the store, made on first use, or the bundle that is read in its place.

        Args:
            to_write: Something is to be stored: a bundle is refused before anything is asked or read.

        Raises:
            StoreError: The store cannot be used, the bundle cannot be read, or it is to be written to.
        """
        if self.bundle is None:
            redact = None if self.redactor is None else self.redactor.attempt
            return open_store(self.project.store.url, root=self.project.root, redact=redact)
        if to_write:
            raise writes_nothing(self.bundle)
        return open_bundle(self.bundle, self._folder_of_bundle())

    def _folder_of_bundle(self) -> Path:
        """Return a new folder that goes with the workspace, at the latest when the process ends."""
        folder = Path(tempfile.mkdtemp(prefix="rebaseline-bundle-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def labels(self, suite: Suite) -> SuiteLabels:
        """Return what people said of replies to a suite, by assertion id.

        Raises:
            SuiteErrors: A file of labels is damaged.
        """
        if suite.id not in self._labels:
            ids = [assertion.id for assertion in suite.assertions]
            self._labels[suite.id] = load_suite_labels(self.project.paths.labels, suite.id, ids)
        return self._labels[suite.id]

    def look_with(self, suite: Suite, labels: SuiteLabels) -> None:
        """Read a suite's replies with these labels from now on; nothing is written."""
        self._labels[suite.id] = labels

    @property
    def changeable(self) -> Changeable:
        """Which files decisions may write."""
        return _changeable(self.project)

    @property
    def block(self) -> frozenset[str]:
        """Findings that block at the system's stage."""
        policy = self.project.policy
        return DEFAULT_BLOCK if policy.block is None else policy.block


def _known(what: str, name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, n=1)
    listed = f"known {what}: {', '.join(known) or 'none'}"
    return f"did you mean {near[0]!r}? {listed}" if near else listed


def _changeable(project: Project) -> Changeable:
    return Changeable(project.root, project.paths.probes, project.paths.baselines, PROJECT_FILE)


def _plugins() -> dict[str, Any]:
    """Return the checks that installed packages add.

    Raises:
        ConfigurationError: One cannot be loaded, is no check, or two have the same name.
    """
    found: dict[str, Any] = {}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        where = f"check plug-in {point.name!r} ({point.value})"
        if point.name in found:
            raise ConfigurationError(
                "two installed packages bring a check of this name", where=where, remedy="uninstall one of them"
            )
        try:
            found[point.name] = point.load()
        except Exception as error:
            raise ConfigurationError(
                f"it cannot be loaded: {type(error).__name__}: {error}", where=where, remedy="mend or uninstall it"
            ) from error
        if not isinstance(found[point.name], CheckType) and not callable(found[point.name]):
            raise ConfigurationError(
                f"it is {type(found[point.name]).__name__}, not a check", where=where, remedy="mend or uninstall it"
            )
    return found


def open_workspace(start: Path, environment: Mapping[str, str], *, bundle: Path | None = None) -> Workspace:
    """Return the project that a folder belongs to.

    Args:
        start: The folder, or any folder under the project's.
        environment: Where keys are looked up when a target is asked.
        bundle: A bundle to read in place of the store.

    Raises:
        ConfigurationError: There is no project file, or it is wrong.
        ChangeError: A change of its files was left unfinished, and cannot be finished.
    """
    project = load_project(start)
    if finish_changes(_changeable(project)):
        project = load_project(start)
    plugins = _plugins()
    if project.python_checks and str(project.root) not in sys.path:
        sys.path.insert(0, str(project.root))  # the project opted in to functions of its own
    registry = Registry.builtin(allow_python=project.python_checks)
    return Workspace(project, registry.extended(plugins) if plugins else registry, environment, bundle)
