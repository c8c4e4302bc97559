"""Judges of a suite's file as domain records."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.evidence import MIDDLE_CASES
from rebaseline.domain.judge import LEAST_ANCHORS, Anchor, Judge, JudgeKind, JudgeVersion
from rebaseline.domain.location import Location
from rebaseline.domain.suite import Assertion, CheckSpec, Probe
from rebaseline.errors import ConfigurationError
from rebaseline.load.findings import closest
from rebaseline.load.page import Loc, Page
from rebaseline.load.probes import Tables
from rebaseline.load.shape_judge import AnchorShape, JudgeShape
from rebaseline.load.stencil import names_within
from rebaseline.load.tables import RowTroubles, Table

__all__ = ["JudgeReader", "judge_tests", "pinned"]

_WORDS = {"pass": 1.0, "fail": 0.0}
_PAIR_WORDS = {"better": 1.0, "equal": 0.5, "worse": 0.0}


@dataclass(frozen=True)
class JudgeReader:
    """Reads `judges`, noting every problem.

    Attributes:
        variables: Variables of the suite; an anchor's own fields come over them.
        tables: The tables that anchors name.
        page: The suite's file.
    """

    variables: Mapping[str, Any]
    tables: Tables
    page: Page

    def read(self, shapes: Mapping[str, JudgeShape]) -> dict[str, Judge]:
        """Return every judge by id."""
        return {name: self._judge(name, shape, ("judges", name)) for name, shape in shapes.items()}

    def _judge(self, name: str, shape: JudgeShape, loc: Loc) -> Judge:
        previous = shape.previous
        judge = Judge(
            id=name,
            version=JudgeVersion(shape.target, shape.version),
            kind=shape.kind,
            rubric=shape.rubric,
            reference=shape.reference,
            scale=shape.scale,
            passes_from=shape.passes_from,
            samples=shape.samples,
            parameters=shape.parameters,
            floor=shape.floor,
            previous=None if previous is None else JudgeVersion(previous.target, previous.version),
            where=Location(self.page.path, self.page.line_of(loc)),
        )
        self._check_templates(judge, loc)
        anchors = tuple(self._anchors(judge, shape.anchors, (*loc, "anchors")))
        self._check_anchors(judge, anchors, (*loc, "anchors"))
        return replace(judge, anchors=anchors, fingerprint=_digest(judge))

    def _check_templates(self, judge: Judge, loc: Loc) -> None:
        for key in ("rubric", "reference"):
            try:
                names_within(getattr(judge, key))
            except ConfigurationError as refusal:
                self.page.refusal((*loc, key), refusal)

    def _anchors(self, judge: Judge, written: str | list[AnchorShape], loc: Loc) -> Iterator[Anchor]:
        if isinstance(written, str):
            yield from self._tabled(judge, written, loc)
            return
        for index, shape in enumerate(written):
            where = Location(self.page.path, self.page.line_of((*loc, index)))
            label = _label(judge, shape.label)
            if label is None:
                self.page.error((*loc, index, "label"), f"`label` is {shape.label!r}", _scale_words(judge))
                continue
            yield self._anchor(shape.reply, label, shape.prompt, shape.given, where)

    def _tabled(self, judge: Judge, name: str, loc: Loc) -> Iterator[Anchor]:
        table = self.tables.get(name) or ConfigurationError("has not been read", where=name)
        if not isinstance(table, Table):
            problem = f"{table.where} {table.problem}" if table.where else table.problem
            self.page.error(loc, problem, table.remedy)
            return
        self.page.findings.extend(table.problems)
        missing = [column for column in ("reply", "label") if column not in table.columns]
        if missing:
            self.page.error(
                loc, f"{table.path} has no column `{missing[0]}`", "each row has a `reply` and the `label` of people"
            )
            return
        troubles = RowTroubles(table.path, self.page.findings)
        for row in table.rows:
            reply, label = row.cells.get("reply"), _label(judge, row.cells.get("label"))
            if not isinstance(reply, str) or not reply.strip():
                troubles.add(row.line, "`reply` is empty or no text", "write the reply that people labelled")
            elif label is None:
                troubles.add(row.line, f"`label` is {row.cells.get('label')!r}", _scale_words(judge))
            else:
                given = {key: value for key, value in row.cells.items() if key not in {"reply", "label", "prompt"}}
                yield self._anchor(
                    reply, label, str(row.cells.get("prompt") or ""), given, Location(table.path, row.line)
                )
        troubles.close()

    def _anchor(self, reply: str, label: float, asked: str, given: Mapping[str, Any], where: Location) -> Anchor:
        return Anchor(reply, label, asked, {**self.variables, **given}, where)

    def _check_anchors(self, judge: Judge, anchors: tuple[Anchor, ...], loc: Loc) -> None:
        """Note anchors that can show nothing: too few, all alike, or such as the judge's templates cannot use."""
        if not anchors:
            return
        if len({anchor.label for anchor in anchors}) == 1:
            self.page.error(
                loc,
                f"people give all {len(anchors)} anchors of judge `{judge.id}` the same label",
                "add transcripts of the other kind: a judge that always says the same would pass these",
            )
        self._check_alike(judge, anchors)
        middle = sum(0.0 < anchor.label < 1.0 for anchor in anchors)
        if judge.scale is not None and judge.passes_from is None and middle < MIDDLE_CASES:
            self.page.warning(
                loc,
                f"judge `{judge.id}` has {middle} anchors in the middle of its scale: gone binary would not show",
                f"label at least {MIDDLE_CASES} transcripts between 1 and {judge.scale}",
            )
        if len(anchors) < LEAST_ANCHORS:
            self.page.warning(
                loc,
                f"judge `{judge.id}` has {len(anchors)} anchors: kappa says little of so few",
                f"label at least {LEAST_ANCHORS}",
            )
        wanted = _names_of(judge)
        for anchor in anchors:
            lacking = sorted(wanted - anchor.given.keys())
            if lacking:
                self.page.findings.error(
                    anchor.where.path,
                    anchor.where.line,
                    f"judge `{judge.id}` asks for `{lacking[0]}`, which this anchor is not given",
                    closest(lacking[0], anchor.given) or f"write `given: {{{lacking[0]}: …}}`, or add the column",
                )
                return

    def _check_alike(self, judge: Judge, anchors: tuple[Anchor, ...]) -> None:
        """Refuse one transcript under two labels: a judge could only be wrong about it."""
        labels: dict[str, float] = {}
        for anchor in anchors:
            key = fingerprint([anchor.reply, anchor.asked, dict(anchor.given)])
            if labels.setdefault(key, anchor.label) != anchor.label:
                self.page.findings.error(
                    anchor.where.path,
                    anchor.where.line,
                    f"judge `{judge.id}`: people give this transcript another label elsewhere among its anchors",
                    "settle which is right, or leave it out",
                )

    def check_use(self, assertion: Assertion, judges: Mapping[str, Judge], probes: tuple[Probe, ...], loc: Loc) -> bool:
        """Note checks that name no judge, and judges that ask for fields which a probe does not have.

        Returns:
            Whether every judge is there.
        """
        unknown = sorted(name for name in assertion.judges if name not in judges)
        for name in unknown:
            remedy = closest(str(name), judges) if judges else "describe it under `judges`"
            self.page.error((*loc, "check"), f"the suite has no judge `{str(name)[:60]}`", remedy)
        for name in assertion.judges - set(unknown):
            wanted = _names_of(judges[name])
            lacking = [(probe, sorted(wanted - probe.fields.keys())) for probe in probes]
            for probe, names in [each for each in lacking if each[1]][:1]:
                self.page.error(
                    (*loc, "check"),
                    f"judge `{name}` asks for `{names[0]}`, which probe `{probe.id}` ({probe.where}) does not have",
                    closest(names[0], probe.fields) or "add it to `vars`, or as a column of the table",
                )
        graded = sorted(name for name in assertion.check.judges if name in judges and judges[name].graded)
        if graded and isinstance(assertion.means, str):
            self.page.error(
                (*loc, "means"),
                f"`means: {assertion.means}` is a yes or no, and judge `{graded[0]}` gives points",
                "write `passes_from` under the judge, or take `means` out",
            )
        return not unknown


def _names_of(judge: Judge) -> frozenset[str]:
    """Return the fields that a judge's templates ask for; malformed ones have been noted."""
    texts = [judge.rubric] if judge.kind is JudgeKind.RUBRIC else [judge.rubric, judge.reference]
    try:
        return names_within(texts)
    except ConfigurationError:
        return frozenset()


def _label(judge: Judge, written: Any) -> float | None:
    """Return what people say on the scale of the judge's values; None for what is not on it."""
    text = str(written).strip().lower()
    if judge.kind is JudgeKind.PAIRWISE:
        return _PAIR_WORDS.get(text)
    if judge.scale is None:
        return _WORDS.get(text)
    try:
        points = float(text)
    except ValueError:
        return None
    return (points - 1.0) / (judge.scale - 1.0) if math.isfinite(points) and 1.0 <= points <= judge.scale else None


def _scale_words(judge: Judge) -> str:
    if judge.kind is JudgeKind.PAIRWISE:
        return "write `better`, `equal` or `worse`: how the reply stands beside the other one"
    return "write `pass` or `fail`" if judge.scale is None else f"write points from 1 to {judge.scale}"


def _digest(judge: Judge) -> str:
    content = {
        "version": [judge.version.target, judge.version.served],
        "kind": judge.kind,
        "rubric": judge.rubric,
        "reference": judge.reference if judge.kind is not JudgeKind.RUBRIC else None,
        "scale": judge.scale,
        "passes_from": judge.passes_from,
        "samples": judge.samples,
        "parameters": dict(judge.parameters),
    }
    return fingerprint({key: value for key, value in content.items() if value})


def pinned(spec: CheckSpec, judges: Mapping[str, Judge]) -> CheckSpec:
    """Return a check whose fingerprint covers the judges that it asks: another judge is another instrument."""
    asked = sorted(spec.judges)
    if not asked:
        return spec
    return replace(spec, fingerprint=fingerprint([spec.fingerprint, *(judges[name].fingerprint for name in asked)]))


def judge_tests(judge: Judge) -> str:
    """Return a digest of what a judge is held against; it decides verdicts as controls do."""
    return fingerprint(
        [judge.floor, [[anchor.reply, anchor.label, anchor.asked, dict(anchor.given)] for anchor in judge.anchors]]
    )
