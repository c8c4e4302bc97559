"""What would change a verdict, against brute force: every choice of as many replies is decided again."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.readings import SIGNS, table_of

from rebaseline.assess.layout import Layout
from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.turning import change_readings, split_voids, turning_points
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.account import ReadAs, TurningPoint, VoidSplit
from rebaseline.domain.evidence import GroupFacts, Outlook
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import VerdictName

H, F, Q = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INCONCLUSIVE
PASS, FAIL = ReadAs.PASS, ReadAs.FAIL
NOBODY = GroupFacts()


class Case:
    """One assertion with all that its verdict depends on but its readings."""

    def __init__(self, table, bar, *, old=None, prior=None, steady=None, group=NOBODY):
        self.table, self.bar, self.old, self.prior, self.steady, self.group = table, bar, old, prior, steady, group
        evidence = self.weigh(table)
        self.verdict = decide_verdict(evidence, bar, group, Outlook())
        self.layout = Layout(table, bar, evidence.method, old)

    def weigh(self, table):
        if isinstance(self.bar, NoWorse):
            return weigh_pairs(
                pair_tables(self.old, table), table, self.bar, steady=self.steady is not None, with_bounds=False
            )
        return weigh_table(table, self.bar, prior_rate=self.prior, steady_probes=self.steady, with_bounds=False)

    def decide(self, table):
        return decide_verdict(self.weigh(table), self.bar, self.group, Outlook())

    def name(self, table=None):
        return VerdictName.of(self.verdict if table is None else self.decide(table))

    @property
    def points(self):
        return turning_points(self.verdict, self.layout, self.decide)

    @property
    def split(self):
        return split_voids(self.verdict, self.layout, self.decide)


def test_failing_at_one_look_by_the_binomial_tail():
    """Of 20, at most 10 passes fail a bar of .8 (P(X <= 10) = .0026, P(X <= 11) = .0100), and 18 or more hold."""
    found = Case(table_of("1" * 8 + "0" * 12), AtLeast(0.8))
    assert found.name() is F
    assert found.points == (TurningPoint(PASS, 3, 12, Q), TurningPoint(PASS, 12, 12, H))


def test_holding_at_one_look():
    """All 20 of 20 show .8 at 1/20 (.0115), 19 no longer do (.0692)."""
    found = Case(table_of("1" * 20), AtLeast(0.8))
    assert found.points == (TurningPoint(FAIL, 1, 20, Q), TurningPoint(FAIL, 10, 20, F))


def test_open_in_both_directions():
    found = Case(table_of("1" * 15 + "0" * 5), AtLeast(0.8))
    assert found.points == (TurningPoint(PASS, 5, 5, H), TurningPoint(FAIL, 5, 15, F))


def test_never_turns_on_every_violation():
    found = Case(table_of("1" * 57 + "000"), Never(0.05))
    assert found.points == (TurningPoint(PASS, 3, 3, H),)
    assert Case(table_of("1" * 60), Never(0.05)).points == (TurningPoint(FAIL, 1, 60, F),)


def test_never_counts_a_violation_of_an_unfinished_round():
    found = Case(table_of("1" * 20, "0" + "." * 19, planned=3), Never(0.05))
    assert found.points == (TurningPoint(PASS, 1, 1, Q),)


def test_a_pair_that_did_not_hold_before_counts_more_against_a_stake_on_a_drop():
    """Within a round, of two fails that would be passes, the one whose partner failed moves the stake more."""
    old, new = table_of("1" * 18 + "0" * 2), table_of("0" * 20)
    found = Case(new, NoWorse(0.1), old=old)
    assert found.name() is F
    check_by_force(found, limit=4)


def test_a_steady_target_is_counted_in_probes():
    found = Case(table_of("1" * 18 + "00", "1" * 18 + "00"), AtLeast(0.8), steady=20)
    assert found.layout.whole_probes
    assert found.points == (
        TurningPoint(FAIL, 3, 18, F, whole_probes=True),
    )  # 16 of 20 is the bar; what is under it fails, as nothing lies between


def test_how_a_verdict_falls_by_its_voids():
    """Ten pass, fifty cannot be read: of 60 at .9 it takes 59 passes to hold and 46 or fewer to fail."""
    found = Case(table_of("1" * 10 + "f" * 50), AtLeast(0.9))
    assert found.name() is VerdictName.INVALID
    assert found.points == ()
    split = found.split
    assert split == VoidSplit(50, 49, 36, H, F)
    for passes, name in ((49, H), (48, Q), (36, F), (37, Q)):
        read = table_of("1" * (10 + passes) + "0" * (50 - passes))
        assert found.name(read) is name


def test_a_void_that_may_be_a_violation():
    found = Case(table_of("1" * 78 + "vv"), Never(0.05))
    assert found.name() is Q
    assert found.split == VoidSplit(2, 2, 1, H, F)


def test_nothing_is_said_where_voids_decide_nothing_or_nothing_was_read():
    assert Case(table_of("1" * 60 + "v"), AtLeast(0.5)).split is None
    assert Case(table_of("1.", planned=1), AtLeast(0.5)).points == ()
    assert Case(table_of("x" * 20), AtLeast(0.5)).split is None


def test_a_request_without_a_reply_is_no_void_to_be_read():
    found = Case(table_of("1" * 4 + "v" * 14 + "x" * 2), AtLeast(0.9))
    assert found.split.voids == 14


def test_changed_readings_leave_the_others():
    table = table_of("10v")
    cells = Case(table, AtLeast(0.5)).layout.cells
    changed = change_readings(table, [cells[1]], PASS)
    assert changed.readings == ((SIGNS["1"],), (Valued(1.0),), (SIGNS["v"],))


GOALS = {
    F: [(PASS, F, False), (PASS, H, True)],
    H: [(FAIL, H, False), (FAIL, F, True)],
    Q: [(PASS, H, True), (FAIL, F, True)],
}


def candidates(found, read_as):
    value = 1.0 if read_as is PASS else 0.0
    cells = [c for c in found.layout.cells if isinstance(c.reading, Valued) and c.reading.value != value]
    if not found.layout.whole_probes:
        return [[cell] for cell in cells]
    return [list(group) for _, group in itertools.groupby(sorted(cells, key=lambda c: c.place), lambda c: c.place)]


def fewest_by_force(found, goal, limit):
    read_as, name, reach = goal
    units = candidates(found, read_as)
    for number in range(1, min(limit, len(units)) + 1):
        for chosen in itertools.combinations(units, number):
            cells = [cell for unit in chosen for cell in unit]
            if (found.name(change_readings(found.table, cells, read_as)) is name) is reach:
                return number
    return None


def check_by_force(found, limit):
    points = list(found.points)
    for goal in GOALS.get(found.name(), ()):
        fewest = fewest_by_force(found, goal, limit)
        if fewest is None:
            continue
        said = next(p for p in points if p.read_as is goal[0] and (p.verdict is goal[1]) is goal[2])
        assert said.number == fewest if said.exact else said.number >= fewest


signs = st.sampled_from(["1111", "0000", "1110", "10", "1v0", "1h0", "11111111v"])


@st.composite
def small_tables(draw, letters=signs, most=3):
    probes, rounds = draw(st.sampled_from([3, 5, 7])), draw(st.integers(1, most))
    alphabet = draw(letters)
    text = st.text(alphabet=alphabet, min_size=probes, max_size=probes)
    return table_of(*[draw(text) for _ in range(rounds)], planned=draw(st.integers(1, 3)))


bars = st.one_of(st.builds(AtLeast, st.sampled_from([0.3, 0.5, 0.7])), st.builds(Never, st.sampled_from([0.3, 0.6])))


@settings(max_examples=60, deadline=None)
@given(small_tables(), bars, st.sampled_from([None, 0.2, 0.9, 1.0]), st.sampled_from([None, None, 20]))
def test_no_other_choice_of_fewer_replies_turns_a_verdict(table, bar, prior, steady):
    check_by_force(Case(table, bar, prior=prior, steady=steady), limit=2)


@settings(max_examples=60, deadline=None)
@given(small_tables(most=2), small_tables(most=2), st.sampled_from([0.1, 0.4, 0.7]))
def test_no_other_choice_of_fewer_replies_turns_a_verdict_on_pairs(old, new, margin):
    check_by_force(Case(new, NoWorse(margin), old=old), limit=2)


@settings(max_examples=60, deadline=None)
@given(small_tables(st.sampled_from(["1v", "0v", "1vv0", "vvv1", "1hv"])), bars, st.sampled_from([None, 0.9]))
def test_what_is_said_of_voids_is_true_whichever_of_them_pass(table, bar, prior):
    found = Case(table, bar, prior=prior)
    split = found.split
    if split is None:
        return
    voids = [
        c for c in found.layout.cells if isinstance(c.reading, Void) and c.reading.broken is not Assumption.DELIVERED
    ]
    for passes in range(len(voids) + 1):
        if len(voids) > 9:
            break
        names = set()
        for chosen in itertools.combinations(voids, passes):
            rest = [cell for cell in voids if cell not in chosen]
            names.add(found.name(change_readings(change_readings(found.table, chosen, PASS), rest, FAIL)))
        holds = split.holds_from is not None and passes >= split.holds_from
        fails = split.fails_to is not None and passes <= split.fails_to
        assert not holds or names == {H}
        assert not fails or names == {F}
        if split.exact:
            assert holds or names != {H}
            assert fails or names != {F}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.sampled_from([0.5, 0.8, 0.95]), st.sampled_from([1, 3]))
def test_one_fewer_turns_nothing_and_the_number_does_in_any_size(probes, fails, rate, rounds):
    first = "0" * min(fails, probes) + "1" * max(0, probes - fails)
    found = Case(table_of(*[first] * rounds), AtLeast(rate))
    for point in found.points:
        cells = [c for c in found.layout.cells if c.reading.value != (1.0 if point.read_as is PASS else 0.0)]
        assert point.of == len(cells)
        assert found.name(change_readings(found.table, cells[: point.number], point.read_as)) is point.verdict
        assert found.name(change_readings(found.table, cells[: point.number - 1], point.read_as)) is not point.verdict


@pytest.mark.parametrize("read_as", list(ReadAs))
def test_a_table_of_no_probe_has_nothing_to_change(read_as):
    assert change_readings(ReadingTable((), (), 1), [], read_as) == ReadingTable((), (), 1)
