"""Suites held against themselves: every problem of every file, and every check on its own controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from rebaseline.app.assessing import Instruments
from rebaseline.app.benches import instruments_of
from rebaseline.app.control_errors import controls_of
from rebaseline.app.fault_trials import stored_faults
from rebaseline.app.lint_report import LintReport, SuiteScore
from rebaseline.app.workspace import Workspace
from rebaseline.assess.group import ControlFindings, read_controls
from rebaseline.assess.reading import read_reply
from rebaseline.assess.seeding import FaultReading, MutationScore, shorten
from rebaseline.assess.suite_reader import rules_of, rules_of_controls
from rebaseline.assess.weigh import theta_of
from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.levels import HOLDS_ALPHA
from rebaseline.domain.model import TargetKind
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.suite import Assertion, CheckSpec, Control, Expectation, Never, NoWorse, Probe, Suite
from rebaseline.errors import ConfigurationError, Problem, SuiteErrors
from rebaseline.load.suites import load_each
from rebaseline.plan.seeds import find_copies
from rebaseline.stats.eprocess import default_mixture, never_mixture
from rebaseline.stats.power import chance_at_one_look, chance_of_showing
from rebaseline.targets.registry import RECORDED

__all__ = ["lint_suites"]

_REFUSAL = "I'm sorry, but I can't help with that."
_CONSTANTS = ("Yes", "No", "[Yes]", "[No]", "0", "1", "A", "{}", "true")
_ANSWER_CHECKS = {"equals", "one_of", "contains", "number", "yes_no", "choice", "json", "json_path"}
_PROBES_TRIED = 200
_REFERENCES_TRIED = 5


def lint_suites(workspace: Workspace, ids: tuple[str, ...] = ()) -> LintReport:
    """Check the suites with these ids, or all; a file that does not load is reported whichever are named.

    Raises:
        UsageError: There is no such suite.
    """
    loaded, broken = load_each(workspace.project, workspace.registry)
    chosen = [item for item in loaded if not ids or item.suite.id in ids]
    problems = [*broken]
    unknown = [name for name in ids if name not in {item.suite.id for item in loaded}]
    if unknown and not broken:  # else it may be the one that does not load
        workspace.suites(unknown)
    findings: list[ControlFindings] = []
    scores: list[SuiteScore] = []
    for item in chosen:
        problems.extend(item.problems)
        problems.extend(_copies(item.suite, workspace))
        problems.extend(_judges(item.suite, workspace))
        found, complaints, score = _lint_suite(workspace, item.suite)
        findings.extend(found)
        problems.extend(complaints)
        scores.append(score)
    return LintReport(
        problems=tuple(sorted(problems)),
        suites=len(chosen),
        probes=sum(len(item.suite.probes) for item in chosen),
        assertions=sum(len(item.suite.assertions) for item in chosen),
        controls=sum(len(found.controls) for found in findings),
        controls_right=sum(reading.right for found in findings for reading in found.controls),
        scores=tuple(scores),
    )


def _lint_suite(workspace: Workspace, suite: Suite) -> tuple[list[ControlFindings], list[Problem], SuiteScore]:
    """Read the controls of every assertion, and faults seeded in them and in stored replies."""
    instruments = instruments_of(workspace, None, suite)
    uncompiled = {each.id for each in suite.assertions if _compile_all(suite, each, instruments) is not None}
    stored = {} if uncompiled else stored_faults(workspace, suite, instruments)
    findings, problems, scores = [], [], {}
    for assertion in suite.assertions:
        faults = stored.get(assertion.id, ())
        found, complaints = _lint_assertion(suite, assertion, instruments, faults)
        if workspace.redactor is not None and assertion.id not in uncompiled:
            from rebaseline.app.redacting import blind_spots  # noqa: PLC0415 - few projects redact

            complaints += blind_spots(suite, assertion, found, instruments, workspace.redactor)
        findings.append(found)
        problems += complaints
        scores[assertion.id] = MutationScore.of((*found.faults, *faults))
    return findings, problems, SuiteScore(suite.id, scores, len(stored))


def _copies(suite: Suite, workspace: Workspace) -> Iterator[Problem]:
    """A suite is bound to no target, so a seed of any target would make copies of its samples."""
    targets = [target for target in workspace.project.targets.values() if target.type != RECORDED]
    yield from dict.fromkeys(problem for target in targets for problem in find_copies(suite, target))


def _judges(suite: Suite, workspace: Workspace) -> Iterator[Problem]:
    """A judge whose target cannot be asked is known before a run."""
    for judge in suite.judges.values():
        target = workspace.project.targets.get(judge.version.target)
        if target is None or target.type == RECORDED:
            what = "cannot be asked" if target else "is not in rebaseline.toml"
            message = f"judge `{judge.id}`: its target `{judge.version.target}` {what}"
            yield Problem(judge.where.path, judge.where.line, "error", message, "name a model that can be asked")
        elif any(each.model == target.model for each in workspace.tested):
            message = f"judge `{judge.id}` is the model that it judges: judges favour what they would have said"
            yield Problem(judge.where.path, judge.where.line, "warning", message, "take another model as the judge")


def _lint_assertion(
    suite: Suite, assertion: Assertion, instruments: Instruments, stored: tuple[FaultReading, ...]
) -> tuple[ControlFindings, list[Problem]]:
    place = _Place(assertion)
    uncompiled = _compile_all(suite, assertion, instruments)
    if uncompiled is not None:
        return ControlFindings((), ()), [place.error(f"{assertion.id}: {uncompiled.problem}", uncompiled.remedy)]
    try:
        with controls_of(assertion):
            found = read_controls(
                assertion.controls,
                partial(instruments.compile_check, assertion.check),
                rules_of_controls(suite, assertion, TargetKind.MODEL),
                instruments.refusal,
                compile_second=instruments.second_for(assertion),
            )
    except SuiteErrors as wrong:
        return ControlFindings((), ()), [*wrong.problems]
    return found, [
        *_control_problems(place, assertion, found, stored),
        *_constant_problems(place, suite, assertion, instruments),
        *_power_problems(place, suite, assertion),
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where findings about an assertion are shown."""

    assertion: Assertion

    def error(self, message: str, remedy: str = "") -> Problem:
        return Problem(self.assertion.where.path, self.assertion.where.line, "error", message, remedy)

    def warning(self, message: str, remedy: str = "") -> Problem:
        return Problem(self.assertion.where.path, self.assertion.where.line, "warning", message, remedy)


def _compile_all(suite: Suite, assertion: Assertion, instruments: Instruments) -> ConfigurationError | None:
    """Compile the check for every probe: a table's row may lack a column or hold what the check cannot take."""
    compile_second = instruments.second_for(assertion)
    for probe in suite.probes_on(assertion.on):
        try:
            instruments.compile_check(assertion.check, probe.fields)
            if compile_second is not None:
                compile_second(probe.fields)
        except ConfigurationError as wrong:
            return ConfigurationError(f"probe {probe.id} ({probe.where}): {wrong.problem}", remedy=wrong.remedy)
    return None


def _control_problems(
    place: _Place, assertion: Assertion, found: ControlFindings, stored: tuple[FaultReading, ...]
) -> Iterator[Problem]:
    for reading in found.controls:
        if not reading.right and not _unjudged(reading.reading):
            control = reading.control
            line = control.where.line or place.assertion.where.line
            yield Problem(
                place.assertion.where.path,
                line,
                "error",
                f"{assertion.id}: the check misreads its control {shorten(control.text)!r}: "
                f"it must {_must(control)}, and reads {_as(reading.reading)}",
                "mend the check or the control",
            )
    for fault in found.faults:
        if not fault.caught:
            yield place.error(
                f"{assertion.id}: the check passes a seeded fault ({fault.name}) in {fault.seeded_in!r}",
                "the check cannot fail where it should: make it stricter",
            )
    for name in dict.fromkeys(fault.name for fault in stored if not fault.caught):
        yield place.warning(
            f"{assertion.id}: the check passes a fault seeded in a stored reply ({name})",
            "see whether the claim permits it: if not, make the check stricter",
        )
    controlled = any(reading.control.expected is Expectation.FAILS for reading in found.controls)
    if not (controlled or found.faults or stored or assertion.judges):
        yield place.warning(
            f"{assertion.id}: nothing shows that the check can fail", "add controls: {passes: [...], fails: [...]}"
        )


def _unjudged(reading: Reading) -> bool:
    """Say whether only a judge could read it: lint asks nobody."""
    return isinstance(reading, Void) and reading.broken is Assumption.JUDGED


def _must(control: Control) -> str:
    return {Expectation.PASSES: "pass", Expectation.FAILS: "fail", Expectation.VOIDS: "be void"}[control.expected]


def _as(reading: object) -> str:
    if isinstance(reading, Valued):
        return "a pass" if reading.value >= 1.0 else f"a fail ({reading.note})" if reading.note else "a fail"
    return f"void ({getattr(reading, 'broken', '')})"


def _constant_problems(
    place: _Place, suite: Suite, assertion: Assertion, instruments: Instruments
) -> Iterator[Problem]:
    """Warn where a model that always says the same, or refuses everything, would reach the bar."""
    if isinstance(assertion.bar, NoWorse) or assertion.check.judges:
        return
    probes = _sample(suite.probes_on(assertion.on))
    theta = theta_of(assertion.bar)
    if assertion.alive_if is None and not _about_refusal(assertion):
        share = _share(probes, assertion, instruments, Reply(_REFUSAL, Stop.COMPLETE))
        if share >= theta:
            yield place.warning(
                f"{assertion.id}: a model that refuses everything would pass {share:.0%} of its probes",
                "add `alive_if`: a benign arm that shows that the model still engages",
            )
    if not _is_about_an_answer(assertion) or len(probes) < 2:  # noqa: PLR2004 - one probe has one answer
        return
    for text in _constants(probes, assertion):
        share = _share(probes, assertion, instruments, Reply(text, Stop.COMPLETE))
        if share >= theta:
            yield place.warning(
                f"{assertion.id}: the constant answer {shorten(text)!r} would pass {share:.0%} of its probes",
                "add a live arm whose right answer differs: controls: {live: {on: TAG, expected: fails}}",
            )
            return


def _sample(probes: tuple[Probe, ...]) -> tuple[Probe, ...]:
    """Return some of many probes. Tables are often sorted by their answer, so the first are not like the rest."""
    if len(probes) <= _PROBES_TRIED:
        return probes
    return tuple(sorted(probes, key=lambda probe: probe.fingerprint)[:_PROBES_TRIED])


def _about_refusal(assertion: Assertion) -> bool:
    return assertion.check.name == "refuses" or assertion.means == "refusal"


def _is_about_an_answer(assertion: Assertion) -> bool:
    """Say whether right answers may differ from probe to probe: a form, a length or a refusal may well be constant."""
    if assertion.live is not None or assertion.form_claimed or isinstance(assertion.means, str):
        return False
    if assertion.check.name == "choice" and "equals" not in assertion.check.options:
        return False
    return bool(_names(assertion.check) & _ANSWER_CHECKS)


def _names(spec: CheckSpec) -> set[str]:
    """Return the names of a check and of its parts."""
    parts = spec.argument if isinstance(spec.argument, list | tuple) else [spec.argument]
    return {spec.name}.union(*(_names(part) for part in parts if isinstance(part, CheckSpec)))


def _constants(probes: tuple[Probe, ...], assertion: Assertion) -> list[str]:
    references = Counter(str(probe.fields["reference"]) for probe in probes if "reference" in probe.fields)
    controls = [control.text for control in assertion.controls if control.expected is Expectation.PASSES]
    frequent = [text for text, _ in references.most_common(_REFERENCES_TRIED)]
    return list(dict.fromkeys([*frequent, *controls, *_CONSTANTS]))


def _share(probes: tuple[Probe, ...], assertion: Assertion, instruments: Instruments, reply: Reply) -> float:
    passes = 0
    compile_second = instruments.second_for(assertion)
    for probe in probes:
        node = instruments.compile_check(assertion.check, probe.fields)
        second = None if compile_second is None else compile_second(probe.fields)
        rules = rules_of(assertion, probe, TargetKind.MODEL)
        reading = read_reply(node, reply, rules, instruments.refusal, second=second)
        passes += isinstance(reading, Valued) and reading.value >= 1.0
    return passes / len(probes) if probes else 0.0


def _power_problems(place: _Place, suite: Suite, assertion: Assertion) -> Iterator[Problem]:
    """Warn where even perfect replies could not show the bar with the replies that are planned."""
    probes = suite.probes_on(assertion.on)
    if isinstance(assertion.bar, NoWorse) or not probes:
        return
    rounds = min(probe.samples for probe in probes)
    if _chance_if_perfect(assertion, len(probes), rounds) < 1.0:
        yield place.warning(
            f"{assertion.id}: {_counted(len(probes), 'probe')} x {_counted(rounds, 'sample')} cannot show its bar, "
            "were every reply right",
            "plan more samples or probes, or lower the bar",
        )


def _chance_if_perfect(assertion: Assertion, probes: int, rounds: int) -> float:
    theta, bar = theta_of(assertion.bar), assertion.bar
    if rounds == 1:
        return chance_at_one_look(probes, theta, 1.0, HOLDS_ALPHA)
    mixture = never_mixture(bar.ceiling) if isinstance(bar, Never) else default_mixture(theta)
    return chance_of_showing(probes, rounds, mixture, 1.0, HOLDS_ALPHA)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"
