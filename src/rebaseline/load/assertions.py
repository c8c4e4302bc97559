"""Assertions of a suite's file as domain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.judge import Judge
from rebaseline.domain.suite import (
    AliveIf,
    Assertion,
    AtLeast,
    Bar,
    CheckSpec,
    Expectation,
    LiveArm,
    Location,
    Never,
    NoWorse,
    ReferenceFrom,
    Retirement,
)
from rebaseline.errors import ConfigurationError
from rebaseline.load.complaints import read_shape
from rebaseline.load.controls import build_controls
from rebaseline.load.digests import assertion_digest
from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.judges import judge_tests, pinned
from rebaseline.load.page import Loc, Page
from rebaseline.load.shape_assertion import AssertionShape, BarShape, LiveShape, check_in_full
from rebaseline.load.shape_suite import PreludeShape

__all__ = ["AssertionReader", "with_judges"]


@dataclass(frozen=True)
class AssertionReader:
    """Reads the entries of `assertions`, noting every problem.

    Attributes:
        prelude: Kind, owner, layers, consumer, bar and variables of the suite.
        grammar: The checks that there are.
        page: The suite's file.
    """

    prelude: PreludeShape
    grammar: CheckGrammar
    page: Page

    def read(self, raw: Any, loc: Loc) -> Assertion | None:
        """Return the entry at `loc`, or None where it cannot be used."""
        check = self._check(raw, "check", loc)
        alive = self._check(raw["alive_if"], "check", (*loc, "alive_if")) if _holds(raw, "alive_if") else None
        means = self._check(raw, "means", loc) if _holds(raw, "means") else None
        shape = read_shape(AssertionShape, raw, self.page, loc)
        if shape is None or check is None or (shape.alive_if is not None and alive is None):
            return None
        if isinstance(shape.means, dict) and (means is None or self._says_the_same(check, means, loc)):
            return None
        return self._build(shape, check, alive, means, loc)

    def _says_the_same(self, check: CheckSpec, means: CheckSpec, loc: Loc) -> bool:
        """Refuse a second reading that is the first one: it can contradict nothing."""
        same = check.fingerprint == means.fingerprint
        if same:
            self.page.error((*loc, "means"), "the second reading is the check itself", "read the reply in another way")
        return same

    def _check(self, raw: Any, key: str, loc: Loc) -> CheckSpec | None:
        """Return the check under `key`; read apart from its entry, so that the problems of both are found at once."""
        written = check_in_full(raw.get(key)) if isinstance(raw, dict) else None
        if not isinstance(written, dict) or not written:
            return None
        try:
            return self.grammar.parse(written)
        except ConfigurationError as refusal:
            self.page.refusal((*loc, key), refusal)
            return None

    def _build(
        self, shape: AssertionShape, check: CheckSpec, alive: CheckSpec | None, means: CheckSpec | None, loc: Loc
    ) -> Assertion:
        suite, live = self.prelude.suite, shape.controls.live
        bar = shape.bar or self.prelude.defaults.bar
        assertion = Assertion(
            id=shape.id,
            claim=shape.claim,
            check=check,
            bar=_bar(bar),
            kind=shape.kind or suite.kind,
            on=shape.on,
            layers=tuple(suite.layers if shape.layers is None else shape.layers),
            owner=suite.owner if shape.owner is None else shape.owner,
            form_claimed=frozenset(shape.form_claimed),
            consumer=self._consumer(shape),
            on_refusal=shape.on_refusal,
            means=shape.means if isinstance(shape.means, str) else means,
            reference_from=self._reference_from(shape),
            alive_if=None
            if alive is None or shape.alive_if is None
            else AliveIf(shape.alive_if.on, alive, shape.alive_if.rate),
            controls=build_controls(shape.controls, self.prelude.vars, self.page, (*loc, "controls")),
            live=None if live is None else _live(live),
            where=Location(self.page.path, self.page.line_of(loc)),
            retired=_retirement(shape),
        )
        return replace(assertion, fingerprint=assertion_digest(assertion))

    def _reference_from(self, shape: AssertionShape) -> ReferenceFrom | None:
        source = shape.reference_from or self.prelude.reference_from
        return None if source is None else ReferenceFrom(source.model, source.at)

    def _consumer(self, shape: AssertionShape) -> Mapping[Form, FormEffect]:
        return {**self.prelude.consumer, **shape.consumer}


def with_judges(assertion: Assertion, judges: Mapping[str, Judge]) -> Assertion:
    """Return an assertion whose fingerprints cover the judges that it asks."""
    if not assertion.judges:
        return assertion
    alive = assertion.alive_if
    known = replace(
        assertion,
        check=pinned(assertion.check, judges),
        alive_if=None if alive is None else replace(alive, check=pinned(alive.check, judges)),
        means=assertion.means if assertion.second is None else pinned(assertion.second, judges),
    )
    anchors = [judge_tests(judges[name]) for name in sorted(assertion.judges)]
    return replace(known, fingerprint=fingerprint([assertion_digest(known), anchors]))


def _retirement(shape: AssertionShape) -> Retirement | None:
    said = shape.retired
    return None if said is None else Retirement(said.reason, date.fromisoformat(said.on), said.by)


def _bar(shape: BarShape | None) -> Bar:
    if shape is None:
        return AtLeast(0.8)
    if shape.never is not None:
        return Never(shape.never.ceiling)
    if "no_worse" in shape.model_fields_set:
        return NoWorse(shape.no_worse)
    return AtLeast(shape.at_least)


def _live(shape: LiveShape) -> LiveArm | None:
    """Return the rule; of two arms the one whose replies must fail is set against the other."""
    if shape.fails is not None:
        return LiveArm(shape.fails, Expectation.FAILS, shape.floor, against=shape.passes)
    return None if shape.on is None else LiveArm(shape.on, shape.expected, shape.floor)


def _holds(raw: Any, key: str) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get(key), dict)
