"""Cases: an assertion over real replies that pass, a side of it whose replies are mutated, and the verdict on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

import mutations_form
import mutations_substance
from mutations_base import MUTATIONS, Class, Item, Mutation
from mutations_checks import BLUEPRINTS, Blueprint
from mutations_replies import Real

from rebaseline.app.assessing import Instruments, Tables
from rebaseline.app.comparing import SuiteSide, judge_suite
from rebaseline.assess.suite_reader import read_suite
from rebaseline.checks import Registry, read_refusal
from rebaseline.domain.attempt import Answered, Attempt, Rejected, Reply
from rebaseline.domain.comparison import Provider
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.reading import Reading, Valued
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Assertion, AtLeast, Bar, Kind, Never, NoWorse, Probe, Role, Suite, Turn
from rebaseline.domain.verdict import Verdict, VerdictName

__all__ = ["Case", "Outcome", "Workshop", "plan_cases"]

_REGISTERED = (mutations_form, mutations_substance)  # importing them registers their mutations
_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
_SHARES = (0.5, 0.6, 0.75, 0.9, 1.0)
_PROBES = 40
_DRAWN = 400
_UNDONE = dict.fromkeys(Form, FormEffect.UNDONE)
_WEIGHTS = {Class.FORM: 0.36, Class.SUBSTANCE: 0.28, Class.BOTH: 0.2, Class.CLAIMED: 0.1, Class.NEITHER: 0.06}
_TURNS = (Turn(Role.USER, "?"),)


@dataclass(frozen=True)
class Case:
    """What a case is, before any reply is drawn.

    Attributes:
        index: Its number: with the seed it gives the case again.
        of: Class.
        blueprint: Name of the check.
        mutation: Name of the mutation; of two for `both`.
    """

    index: int
    of: Class
    blueprint: str
    mutation: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a case.

    Attributes:
        case: The case.
        verdict: On the mutated side.
        read: Readings of the mutated replies: `pass`, `fail`, `void`.
        undone: The suite says that forms are undone downstream.
        bar: The bar in words.
        shown: Mutated replies with their readings, for people; untrusted.
    """

    case: Case
    verdict: Verdict
    read: Mapping[str, int]
    undone: bool
    bar: str
    shown: tuple[tuple[str, Reading], ...]

    @property
    def name(self) -> VerdictName:
        """The verdict's name."""
        return VerdictName.of(self.verdict)

    @property
    def wrong(self) -> bool:
        """The verdict is one that a case of this class must not have."""
        match self.case.of:
            case Class.FORM:
                return self.name is VerdictName.FAILING
            case Class.NEITHER:
                return self.name is not VerdictName.HOLDS
            case _:
                return self.name is VerdictName.HOLDS


def _named(of: Class) -> list[Mutation]:
    return [mutation for mutation in MUTATIONS.values() if mutation.of is of]


def _pairs(of: Class) -> list[tuple[str, tuple[str, ...]]]:
    """Return every check with every mutation that is of the class to it; those of `both` are drawn."""
    wanted = {Class.CLAIMED: Class.FORM, Class.BOTH: Class.SUBSTANCE}.get(of, of)
    found = []
    for blueprint in BLUEPRINTS.values():
        for mutation in _named(wanted):
            apt = of is not Class.CLAIMED or (blueprint.stands_between & set(mutation.forms))
            if mutation.concerns(blueprint.traits) and apt:
                found.append((blueprint.name, (mutation.name,)))
    return found


def plan_cases(number: int, seed: int) -> list[Case]:
    """Return so many cases or a few more: check types evenly within a class, mutations in turn within a check type."""
    cases: list[Case] = []
    for of, weight in _WEIGHTS.items():
        rng = Random(f"{seed} {of}")
        turns: dict[str, list[tuple[str, ...]]] = {}
        for blueprint, mutation in _pairs(of):
            turns.setdefault(blueprint, []).append(mutation)
        for mutations in turns.values():
            rng.shuffle(mutations)
        wanted = max(round(number * weight), len(turns))
        names = list(turns)
        for count in range(wanted):
            name = names[count % len(names)]
            mutation = turns[name][count // len(names) % len(turns[name])]
            if of is Class.BOTH:
                dress = [each.name for each in _named(Class.FORM) if each.concerns(BLUEPRINTS[name].traits)]
                dress = [each for each in dress if not each.startswith("refusal ")]
                mutation = (*mutation, rng.choice(dress))
            cases.append(Case(len(cases), of, name, mutation))
    return cases


class Workshop:
    """Makes cases of real replies and judges them on the path that a diff takes."""

    def __init__(self, replies: Sequence[Real], seed: int) -> None:
        self._replies = replies
        self._seed = seed
        self._registry = Registry.builtin(allow_python=True)
        self._instruments = Instruments(self._registry.compile, read_refusal)
        self._pools = lru_cache(maxsize=None)(self._pool)

    def _pool(self, name: str) -> tuple[tuple[Item, bool], ...]:
        """Return the items of a check that it passes as they are, drawn from all real replies."""
        rng = Random(f"{self._seed} {name}")
        blueprint = BLUEPRINTS[name]
        spec = self._registry.parse(dict(blueprint.raw))
        found: list[tuple[Item, bool]] = []
        for real in rng.sample(self._replies, len(self._replies)):
            item = blueprint.derive(real, rng)
            if item is None or len(found) == _DRAWN:
                continue
            probe = _probe(0, item, adversarial=real.adversarial, samples=1)
            assertion = _assertion(blueprint, spec, AtLeast(0.8), {}, frozenset())
            reading = self._read(
                Suite("s", 1, Kind.FUNCTIONAL, "", (), (probe,), (assertion,)), [[item]], TargetKind.MODEL
            )
            row = reading.tables.claims["a"].readings[0]
            if isinstance(row[0], Valued) and row[0].value == 1.0:
                found.append((item, real.adversarial))
        return tuple(found)

    def judge(self, case: Case) -> Outcome | str:
        """Return what becomes of a case, or why it is none: too few replies suit it, or the old side does not hold."""
        rng = Random(f"{self._seed} {case.index}")
        blueprint = BLUEPRINTS[case.blueprint]
        mutations = [MUTATIONS[name] for name in case.mutation]
        drawn = self._draw(case, mutations, rng)
        if drawn is None:
            return "too few replies suit it"
        pool, changed = drawn
        rounds = rng.choice((1, 1, 3))
        bar = _bar(rng, rounds)
        effect, claimed, kind = _reader(case, mutations, rng)
        spec = self._registry.parse(dict(blueprint.raw))
        assertion = _assertion(blueprint, spec, bar, effect, claimed)
        count = _PROBES if rounds == 1 else _PROBES // 2
        places = [rng.randrange(len(pool)) for _ in range(count)]
        probes = tuple(
            _probe(number, pool[place][0], adversarial=pool[place][1], samples=rounds)
            for number, place in enumerate(places)
        )
        suite = Suite("s", 1, Kind.FUNCTIONAL, "", (), probes, (assertion,))
        old = self._read(suite, [[pool[place][0]] * rounds for place in places], kind, "old")
        share = rng.choice(_SHARES)
        cells = [(row, sample) for row in range(count) for sample in range(rounds)]
        hit = set(rng.sample(cells, round(share * len(cells))))
        grid = [
            [changed[place] if (row, sample) in hit else pool[place][0] for sample in range(rounds)]
            for row, place in enumerate(places)
        ]
        new = self._read(suite, grid, kind)
        before = judge_suite(suite, None if isinstance(bar, NoWorse) else old, old, self._instruments, kind)["a"]
        if not isinstance(bar, NoWorse) and VerdictName.of(before) is not VerdictName.HOLDS:
            return f"the old side is {VerdictName.of(before)}"
        verdict = judge_suite(suite, old, new, self._instruments, kind)["a"]
        table = new.tables.claims["a"].readings
        shown = tuple((grid[row][sample].text, table[row][sample]) for row, sample in sorted(hit))
        read = Counter(_word(reading) for _, reading in shown)
        return Outcome(
            case, verdict, read, bool(effect), str(bar), tuple((text, r) for text, r in shown if r is not None)
        )

    def _draw(
        self, case: Case, mutations: Sequence[Mutation], rng: Random
    ) -> tuple[list[tuple[Item, bool]], list[Item]] | None:
        """Return items that the mutations change, and what they become."""
        pool = list(self._pools(case.blueprint))
        rng.shuffle(pool)
        kept, changed = [], []
        for item, adversarial in pool:
            other = _mutated(item, mutations, rng)
            if other is not None:
                kept.append((item, adversarial))
                changed.append(other)
            if len(kept) == _PROBES:
                break
        return (kept, changed) if len(kept) >= 5 else None

    def _read(self, suite: Suite, grid: Sequence[Sequence[Item]], kind: TargetKind, model: str = "new") -> SuiteSide:
        version = ModelVersion("host", model, model)
        records = (
            AttemptRecord(probe.id, "", sample, version, _attempt(item), _NOON, f"{model}-1")
            for probe, row in zip(suite.probes, grid, strict=True)
            for sample, item in enumerate(row)
        )
        readings = read_suite(
            suite,
            records,
            compile_check=self._instruments.compile_check,
            refusal=self._instruments.refusal,
            target_kind=kind,
        )
        tables = Tables(readings.claims, readings.alive, readings.live)
        return SuiteSide(version, tables, lambda *_: None, None, Provider(), None, readings.sessions)


def _word(reading: Reading | None) -> str:
    if not isinstance(reading, Valued):
        return "void"
    return "pass" if reading.value >= 1.0 else "fail"


def _mutated(item: Item, mutations: Sequence[Mutation], rng: Random) -> Item | None:
    for mutation in mutations:
        changed = mutation.apply(item, rng)
        if changed is None:
            return None
        item = changed
    return item


def _reader(
    case: Case, mutations: Sequence[Mutation], rng: Random
) -> tuple[dict[Form, FormEffect], frozenset[Form], TargetKind]:
    """Return what the suite says of forms, and of the target."""
    if case.of is not Class.CLAIMED:
        return (_UNDONE if rng.random() < 0.4 else {}), frozenset(), TargetKind.MODEL
    forms = mutations[0].forms
    if rng.random() < 0.5:
        return dict.fromkeys(forms, FormEffect.BREAKS), frozenset(), TargetKind.MODEL
    return {}, frozenset(forms), TargetKind.MODEL


def _bar(rng: Random, rounds: int) -> Bar:
    bars: tuple[Bar, ...] = (AtLeast(0.8), AtLeast(0.9), Never(0.1), NoWorse(0.1))
    return rng.choice(bars if rounds == 1 else (AtLeast(0.7), AtLeast(0.8), Never(0.1), NoWorse(0.1)))


def _probe(number: int, item: Item, *, adversarial: bool, samples: int) -> Probe:
    return Probe(f"p{number}", _TURNS, adversarial=adversarial, samples=samples, fields=item.fields)


def _assertion(
    blueprint: Blueprint, spec: object, bar: Bar, consumer: Mapping[Form, FormEffect], claimed: frozenset[Form]
) -> Assertion:
    return Assertion(
        "a",
        "",
        spec,
        bar,
        Kind.FUNCTIONAL,
        consumer=consumer,
        form_claimed=claimed,
        means=blueprint.means,  # type: ignore[arg-type]
    )


def _attempt(item: Item) -> Attempt:
    if item.rejected:
        return Rejected(400, "temperature")
    return Answered(Reply(item.text, item.stop, tool_calls=item.calls))
