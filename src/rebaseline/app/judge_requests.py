"""What judges must be asked to read the replies that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from rebaseline.app.benches import anchor_reader, judged_leaves
from rebaseline.app.control_errors import controls_of
from rebaseline.app.workspace import Workspace
from rebaseline.assess.suite_reader import CompileCheck
from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.instrument import CheckNode
from rebaseline.domain.judge import Bench, Judge
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, CheckSpec, Probe, Suite, conversation_of
from rebaseline.plan.blocks import plan_blocks
from rebaseline.store.store import Store

_Cell = tuple[str, int]

__all__ = ["Wanted", "readers_of", "requests_of_reply", "wanted_of"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a judge must be asked to read what there is.

    Attributes:
        judge: The judge.
        anchors: Requests about its labelled transcripts, and about controls of assertions that ask it.
        replies: Requests about stored replies; a request about the same words is made once.
    """

    judge: Judge
    anchors: Mapping[str, Probe]
    replies: Mapping[str, Probe]

    @property
    def _others(self) -> tuple[Probe, ...]:
        return tuple(probe for key, probe in self.replies.items() if key not in self.anchors)

    def askings(
        self, stored: AbstractSet[_Cell], recent: AbstractSet[_Cell], *, more: bool = False
    ) -> tuple[tuple[Probe, ...], frozenset[_Cell]]:
        """Return what to ask, the anchors first, and the cells of it that are not to be asked.

        A pinned id is no frozen system. So the anchors are read again, as further samples, whenever replies are judged
        and they were not read lately: what a judge says is worth what it said of the anchors in the same hours.

        Args:
            stored: Request and sample of every stored answer.
            recent: Of these, those that are recent enough to stand beside new ones.
            more: Replies are still to come that this cannot know.
        """
        others = self._others
        pending = more or any((it.id, sample) not in stored for it in others for sample in range(it.samples))
        anchors = tuple(self.anchors.values())
        if not anchors:
            return others, frozenset(stored)
        held = {cell for cell in stored if cell[0] in self.anchors}
        blocks, done = plan_blocks(anchors, held, (held & recent) if pending else held)
        again = tuple(replace(anchor, samples=blocks * anchor.samples) for anchor in anchors)
        return (*again, *others), frozenset(stored) | done


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Requests while they are found, by judge id and request."""

    anchors: Mapping[str, dict[str, Probe]]
    replies: Mapping[str, dict[str, Probe]] = field(default_factory=dict)

    @classmethod
    def of(cls, judges: Mapping[str, Judge]) -> _Gathered:
        return cls({name: {} for name in judges}, {name: {} for name in judges})


def wanted_of(
    workspace: Workspace, store: Store, suite: Suite, target: Target, models: Iterable[str]
) -> tuple[Wanted, ...]:
    """Return what the judges of a suite must be asked to read the stored replies of some model versions.

    Args:
        workspace: The project.
        store: The replies.
        suite: The suite.
        target: The target whose replies they are.
        models: Served ids.

    Raises:
        SuiteErrors: A control cannot be read.
    """
    used = frozenset().union(*(assertion.judges for assertion in suite.assertions))
    judges = {name: judge for name, judge in suite.judges.items() if name in used}
    if not judges:
        return ()
    compile_check = workspace.registry.with_bench(Bench(judges)).compile
    found = _Gathered.of(judges)
    for judge in judges.values():
        _add_anchors(judge, found.anchors[judge.id])
    for assertion in suite.assertions:
        _add_controls(assertion, compile_check, found.anchors)
    for model in dict.fromkeys(models):
        _add_replies(suite, target, model, store, compile_check, found.replies)
    return tuple(Wanted(judge, found.anchors[name], found.replies[name]) for name, judge in judges.items())


def _add_anchors(judge: Judge, into: dict[str, Probe]) -> None:
    for anchor in judge.anchors:
        reader, reply = anchor_reader(judge, anchor, Bench({judge.id: judge}))
        into.update(_keyed(reader.requests(reply)))


def _add_controls(assertion: Assertion, compile_check: CompileCheck, into: Mapping[str, dict[str, Probe]]) -> None:
    asking = [spec for spec in (assertion.check, assertion.second) if spec is not None and spec.judges]
    for control in assertion.controls if asking else ():
        reply = Reply(control.text, control.stop, tool_calls=control.tool_calls)
        with controls_of(assertion):
            for spec in asking:
                _add(compile_check(spec, control.given), reply, into)


def _add_replies(
    suite: Suite,
    target: Target,
    model: str,
    store: Store,
    compile_check: CompileCheck,
    into: Mapping[str, dict[str, Probe]],
) -> None:
    readers: dict[tuple[str, str | None], CheckSpec] = {}  # a check that several assertions share is asked once
    for assertion in suite.assertions:
        readers |= {(spec.fingerprint, tag): spec for spec, tag in readers_of(assertion)}
    probes = {probe.id: probe for probe in suite.probes}
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    for record in store.attempts(suite.id, target.name, model, probe_fingerprints=wording):
        if isinstance(record.attempt, Answered):
            probe = probes[record.probe]
            for (_, tag), spec in readers.items():
                if tag is None or tag in probe.tags:
                    _add(compile_check(spec, probe.fields, conversation_of(probe)), record.attempt.reply, into)


def requests_of_reply(
    workspace: Workspace, suite: Suite, probe: Probe, reply: Reply
) -> tuple[tuple[Judge, Probe], ...]:
    """Return what each judge is asked about one reply, each request once."""
    compile_check = workspace.registry.with_bench(Bench(suite.judges)).compile
    found = {
        (leaf.judge.id, request.id): (leaf.judge, request)
        for assertion in suite.assertions
        for spec, tag in readers_of(assertion)
        if tag is None or tag in probe.tags
        for leaf in judged_leaves(compile_check(spec, probe.fields, conversation_of(probe)))
        for request in leaf.requests(reply)
    }
    return tuple(found.values())


def _add(node: CheckNode, reply: Reply, into: Mapping[str, dict[str, Probe]]) -> None:
    for leaf in judged_leaves(node):
        into[leaf.judge.id].update(_keyed(leaf.requests(reply)))


def readers_of(assertion: Assertion) -> Iterator[tuple[CheckSpec, str | None]]:
    """Yield the checks that ask a judge, each with the tag of the probes whose replies it reads."""
    for spec in (assertion.check, assertion.second):
        if spec is not None and spec.judges:
            yield spec, assertion.on
            if assertion.live is not None:
                yield spec, assertion.live.on
                if assertion.live.against is not None:
                    yield spec, assertion.live.against
    if assertion.alive_if is not None and assertion.alive_if.check.judges:
        yield assertion.alive_if.check, assertion.alive_if.on


def _keyed(probes: Iterable[Probe]) -> dict[str, Probe]:
    return {probe.id: probe for probe in probes}
