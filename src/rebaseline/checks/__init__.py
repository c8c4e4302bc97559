"""Instruments: what reads a reply, strictly and tolerantly. Heavy parsers are imported when needed."""

from __future__ import annotations

from rebaseline.checks.bounded import LONGEST_REPLY
from rebaseline.checks.kind import CheckType
from rebaseline.checks.refusal import read_refusal
from rebaseline.checks.registry import Registry

__all__ = ["LONGEST_REPLY", "CheckType", "Registry", "read_refusal"]
