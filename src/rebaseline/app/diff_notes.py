"""What the reader of a diff must know beside the verdicts: what is no longer asked, and what is left out of replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rebaseline.app.workspace import Workspace
from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.store.baseline_path import safe_name

__all__ = ["gone_words", "redacted_words", "retired_words", "taken_out_words"]


def taken_out_words(
    suite: Suite, accepted: Mapping[str, AcceptedAssertion], rules: Mapping[str, AcceptedAssertion]
) -> list[str]:
    """Name what was accepted and is not asked any more: a suite can also get green by what it leaves out.

    Args:
        suite: The suite as it stands.
        accepted: What the compared baseline holds, and what went unrecorded since it was accepted by another.
        rules: What was accepted of each assertion.
    """
    retired = [assertion for assertion in suite.retired if assertion.id in accepted]
    known = {assertion.id for assertion in suite.assertions}
    assertions = sorted(accepted.keys() - known - {assertion.id for assertion in retired})
    asked = {probe for name in accepted.keys() | (known & rules.keys()) for probe in rules[name].readings}
    probes = sorted(asked - {probe.id for probe in suite.probes})
    few = ", ".join(probes[:3]) + (", …" if len(probes) > 3 else "")  # noqa: PLR2004 - three show what it is about
    return [
        *(_retired_words(suite, assertion) for assertion in retired),
        *([f"{suite.id}: accepted, and no longer in the suite: {', '.join(assertions)}"] if assertions else []),
        *([f"{suite.id}: accepted, and no longer in the suite: {len(probes):,} probes ({few})"] if probes else []),
    ]


def _retired_words(suite: Suite, assertion: Assertion) -> str:
    why = assertion.retired
    return f"{suite.id}/{assertion.id}: retired {why.on:%d %b %Y}: {why.reason}" if why is not None else ""


def retired_words(suite: Suite, asked: Suite) -> list[str]:
    """Name what is retired and was looked at all the same."""
    again = {assertion.id for assertion in asked.assertions}
    return [_retired_words(suite, assertion) for assertion in suite.retired if assertion.id in again]


def gone_words(workspace: Workspace, suites: Sequence[str], old: str | None) -> list[str]:
    """Name the suites that have baselines and are no longer there."""
    folder = workspace.project.paths.baselines
    if suites or old or not folder.is_dir():
        return []
    known = {safe_name(suite.id) for suite in workspace.suites()}
    gone = sorted({path.parts[-3] for path in folder.glob("*/*/*.json")} - known)
    return [f"accepted, and no longer in the project: {', '.join(gone)}"] if gone else []


def redacted_words(workspace: Workspace) -> list[str]:
    """Say that checks read what was stored: less than what was said."""
    rules = len(workspace.project.store.redact)
    return [f"replies are redacted before they are stored ({rules} under [store] redact), and read so"] if rules else []
