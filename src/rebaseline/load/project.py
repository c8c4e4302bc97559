"""`rebaseline.toml`: the project, found from any folder in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rebaseline.domain.model import Price, System, Target
from rebaseline.domain.redaction import RedactionRule
from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.load.complaints import read_shape
from rebaseline.load.demands import ledger_settings
from rebaseline.load.findings import Findings, closest
from rebaseline.load.page import Loc, Page
from rebaseline.load.secret_names import is_secret
from rebaseline.load.settings import Paths, Policy, Project, RunSettings, StoreSettings, TargetLimits
from rebaseline.load.shape_project import ProjectShape
from rebaseline.load.shape_targets import RECORDED, TARGET_SHAPES, AskedShape, TargetShape, settings_of
from rebaseline.load.source import SUITE_BYTES, load_text
from rebaseline.load.toml_lines import lines_of
from rebaseline.load.toml_text import parse_toml

__all__ = ["PROJECT_FILE", "find_project", "load_project", "parse_project"]

PROJECT_FILE = "rebaseline.toml"

_SQLITE = re.compile(r"(sqlite(?:\+[a-z]+)?:///)(?!/|:memory:|file:|[A-Za-z]:)(.+)", re.DOTALL)
_TARGET_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")


def find_project(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that holds a project file.

    Raises:
        ConfigurationError: There is none.
    """
    began = start.resolve()
    for folder in (began, *began.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ConfigurationError(
        f"there is no {PROJECT_FILE} in `{began.as_posix()}` or in a folder above it",
        remedy=f"run `rebaseline init`, or create {PROJECT_FILE} with a section `[system]`",
    )


def load_project(start: Path) -> Project:
    """Return the project that a folder belongs to.

    Args:
        start: The folder, or a file in it; the project file is looked for here and above.

    Raises:
        ConfigurationError: There is none, or it cannot be read.
        SuiteErrors: Everything that is wrong with it.
    """
    root = find_project(start)
    return parse_project(load_text(root / PROJECT_FILE, shown=PROJECT_FILE, limit_bytes=SUITE_BYTES), root=root)


def parse_project(text: str, *, root: Path) -> Project:
    """Return the project that a file's text describes.

    Args:
        text: TOML.
        root: Folder that paths in it are relative to.

    Raises:
        SuiteErrors: Everything that is wrong with it.
    """
    content = parse_toml(text, shown=PROJECT_FILE)
    page = Page(PROJECT_FILE, lines_of(text), Findings())
    content = _without_secrets(content, (), page)
    tables = content.get("targets")
    targets = {} if not isinstance(tables, dict) else {name: _target(name, raw, page) for name, raw in tables.items()}
    shape = read_shape(ProjectShape, content, page)
    if shape is None or page.findings.failed:
        raise SuiteErrors(page.findings.problems)
    read = {name: target for name, target in targets.items() if target is not None}
    return _project(shape, read, root)


def _project(shape: ProjectShape, targets: Mapping[str, tuple[Target, TargetLimits]], root: Path) -> Project:
    paths, run = shape.paths, shape.run
    return Project(
        root=root,
        system=System(shape.system.name, shape.system.stage, shape.system.owner),
        targets={name: target for name, (target, _) in targets.items()},
        paths=Paths(root / paths.probes, root / paths.baselines, root / paths.reports, root / paths.labels),
        run=RunSettings(run.reuse_within, run.max_usd, run.max_calls, run.concurrency),
        store=StoreSettings(_anchored(shape.store.url, root), shape.store.retention_days, _redact(shape)),
        limits={name: limits for name, (_, limits) in targets.items()},
        policies={
            stage: Policy(
                None if policy.block is None else frozenset(policy.block),
                frozenset(policy.warn or ()),
                policy.max_waiver_days,
            )
            for stage, policy in shape.policy.items()
        },
        python_checks=shape.checks.python,
        ledger=ledger_settings(shape.ledger, root),
    )


def _redact(shape: ProjectShape) -> tuple[RedactionRule, ...]:
    """Return what is redacted; a preset is replaced by its name in brackets unless the file says otherwise."""
    return tuple(
        RedactionRule(
            each.pattern or "",
            each.preset or "",
            f"[{each.preset or 'redacted'}]" if each.replacement is None else each.replacement,
        )
        for each in shape.store.redact
    )


def _target(name: str, raw: Any, page: Page) -> tuple[Target, TargetLimits] | None:
    """Return a target, or None with its problems noted."""
    loc = ("targets", name)
    if not _TARGET_NAME.fullmatch(name):
        page.error(
            loc, f"a target cannot be named `{name[:60]}`", "use letters, digits, `.`, `_` and `-`: it names a folder"
        )
    kind = raw.get("type") if isinstance(raw, dict) else None
    if not isinstance(kind, str):
        page.error(loc, f"the target `{name}` has no `type`", f"write one: {', '.join(TARGET_SHAPES)}")
        return None
    if kind not in TARGET_SHAPES:
        page.error((*loc, "type"), f"there is no target type `{kind[:60]}`", closest(kind, TARGET_SHAPES))
        return None
    shape = read_shape(TARGET_SHAPES[kind], raw, page, loc)
    return None if shape is None else (_target_of(name, shape), _limits_of(shape))


def _target_of(name: str, shape: TargetShape) -> Target:
    """Return the target. One whose model cannot be named, an application or a replay, bears its own name."""
    unnamed = "" if shape.type == RECORDED else name
    return Target(name, shape.type, shape.kind, shape.model or unnamed, settings_of(shape))


def _limits_of(shape: TargetShape) -> TargetLimits:
    if not isinstance(shape, AskedShape):
        return TargetLimits()
    price = None if shape.price is None else Price(shape.price.input, shape.price.output, shape.price.batch)
    return TargetLimits(shape.timeout_seconds, shape.concurrency, price)


def _without_secrets(content: Any, loc: Loc, page: Page) -> Any:
    """Return the content without keys that name a secret, each noted; their values are not repeated anywhere."""
    if isinstance(content, list):
        return [_without_secrets(each, loc, page) for each in content]
    if not isinstance(content, dict):
        return content
    kept = {}
    for key, value in content.items():
        place = (*loc, key)
        if is_secret(key) and isinstance(value, str):
            page.error(place, f"`{key}` looks like a secret", 'name an environment variable: `api_key_env = "…"`')
        else:
            kept[key] = _without_secrets(value, place, page)
    return kept


def _anchored(url: str, root: Path) -> str:
    """Return the URL with a relative SQLite path made absolute: commands run in any folder of the project."""
    found = _SQLITE.fullmatch(url)
    return url if found is None else f"{found[1]}{(root / found[2]).as_posix()}"
