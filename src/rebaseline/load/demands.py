"""What a project file demands of ledger and diff: read alone, for that of another commit may say more than we know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.model import SystemStage
from rebaseline.errors import SuiteErrors
from rebaseline.load.complaints import read_shape
from rebaseline.load.findings import Findings
from rebaseline.load.page import Page
from rebaseline.load.settings import LedgerSettings, Policy
from rebaseline.load.shape_project import LedgerShape, PathsShape
from rebaseline.load.source import SUITE_BYTES, decoded
from rebaseline.load.toml_lines import lines_of
from rebaseline.load.toml_text import parse_toml

__all__ = ["Demands", "ledger_settings", "parse_demands"]


@dataclass(frozen=True, slots=True)
class Demands:
    """What is demanded of a ledger, and where it lies; and what a diff lets pass.

    Attributes:
        ledger: What is demanded.
        baselines: Folder of the baselines, which holds it, absolute.
        probes: Folder of the suites, absolute.
        stage: Stage of the system.
        policy: The policy of that stage.
        python_checks: Whether suites may bring Python checks.
    """

    ledger: LedgerSettings
    baselines: Path
    probes: Path
    stage: str
    policy: Policy
    python_checks: bool


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _System(_Lenient):
    stage: str = SystemStage.PROTOTYPE.value


class _Checks(_Lenient):
    python: bool = False


class _Policy(_Lenient):
    block: list[str] | None = None
    max_waiver_days: int | None = None


class _DemandsShape(_Lenient):
    system: _System = Field(default_factory=_System)
    checks: _Checks = Field(default_factory=_Checks)
    policy: dict[str, _Policy] = Field(default_factory=dict)
    ledger: LedgerShape = Field(default_factory=LedgerShape)
    paths: PathsShape = Field(default_factory=PathsShape)


def parse_demands(raw: bytes, *, root: Path, shown: str) -> Demands:
    """Return what a project file demands of the ledger and of a diff; what else it says is not looked at.

    Args:
        raw: The file.
        root: Folder that paths in it are relative to.
        shown: How messages name the file.

    Raises:
        ConfigurationError: It is no text.
        SuiteErrors: It is no TOML, or a section that is read is wrong.
    """
    text = decoded(raw, shown=shown, limit_bytes=SUITE_BYTES)
    content = parse_toml(text, shown=shown)
    page = Page(shown, lines_of(text), Findings())
    shape = read_shape(_DemandsShape, content, page)
    if shape is None:
        raise SuiteErrors(page.findings.problems)
    policy = shape.policy.get(shape.system.stage, _Policy())
    return Demands(
        ledger=ledger_settings(shape.ledger, root),
        baselines=root / shape.paths.baselines,
        probes=root / shape.paths.probes,
        stage=shape.system.stage,
        policy=Policy(
            None if policy.block is None else frozenset(policy.block), max_waiver_days=policy.max_waiver_days
        ),
        python_checks=shape.checks.python,
    )


def ledger_settings(shape: LedgerShape, root: Path) -> LedgerSettings:
    """Return what `[ledger]` says, with absolute paths."""
    signers = None if shape.signers is None else root / shape.signers
    return LedgerSettings(shape.signed, signers, shape.separate_duties, shape.signed_since)
