"""What a project file demands of the ledger: read alone, for the file of another commit may say more than we know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.errors import SuiteErrors
from rebaseline.load.complaints import read_shape
from rebaseline.load.findings import Findings
from rebaseline.load.page import Page
from rebaseline.load.settings import LedgerSettings
from rebaseline.load.shape_project import LedgerShape, PathsShape
from rebaseline.load.source import SUITE_BYTES, decoded
from rebaseline.load.toml_lines import lines_of
from rebaseline.load.toml_text import parse_toml

__all__ = ["Demands", "ledger_settings", "parse_demands"]


@dataclass(frozen=True, slots=True)
class Demands:
    """What is demanded of a ledger, and where it lies.

    Attributes:
        ledger: What is demanded.
        baselines: Folder of the baselines, which holds it, absolute.
    """

    ledger: LedgerSettings
    baselines: Path


class _DemandsShape(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    ledger: LedgerShape = Field(default_factory=LedgerShape)
    paths: PathsShape = Field(default_factory=PathsShape)


def parse_demands(raw: bytes, *, root: Path, shown: str) -> Demands:
    """Return what a project file demands of the ledger; what else it says is not looked at.

    Args:
        raw: The file.
        root: Folder that paths in it are relative to.
        shown: How messages name the file.

    Raises:
        ConfigurationError: It is no text.
        SuiteErrors: It is no TOML, or `[ledger]` or `[paths]` is wrong.
    """
    text = decoded(raw, shown=shown, limit_bytes=SUITE_BYTES)
    content = parse_toml(text, shown=shown)
    page = Page(shown, lines_of(text), Findings())
    shape = read_shape(_DemandsShape, content, page)
    if shape is None:
        raise SuiteErrors(page.findings.problems)
    return Demands(ledger_settings(shape.ledger, root), root / shape.paths.baselines)


def ledger_settings(shape: LedgerShape, root: Path) -> LedgerSettings:
    """Return what `[ledger]` says, with absolute paths."""
    signers = None if shape.signers is None else root / shape.signers
    return LedgerSettings(shape.signed, signers, shape.separate_duties, shape.signed_since)
