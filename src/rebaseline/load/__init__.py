"""Suite and project files, turned into domain records with all problems at once."""

from __future__ import annotations

from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.project import PROJECT_FILE, find_project, load_project, parse_project
from rebaseline.load.schema import render_schema, suite_schema
from rebaseline.load.settings import Paths, Policy, Project, RunSettings, StoreSettings, TargetLimits
from rebaseline.load.suites import Loaded, load_suite, load_suites, parse_suite
from rebaseline.load.yaml_tree import parse_yaml

__all__ = [
    "PROJECT_FILE",
    "CheckGrammar",
    "Loaded",
    "Paths",
    "Policy",
    "Project",
    "RunSettings",
    "StoreSettings",
    "TargetLimits",
    "find_project",
    "load_project",
    "load_suite",
    "load_suites",
    "parse_project",
    "parse_suite",
    "parse_yaml",
    "render_schema",
    "suite_schema",
]
