"""Suite and project files, turned into domain records with all problems at once."""

from __future__ import annotations

from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.suites import Loaded, load_suite, parse_suite

__all__ = ["CheckGrammar", "Loaded", "load_suite", "parse_suite"]
