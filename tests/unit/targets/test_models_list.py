import json
from datetime import UTC, datetime

import pytest

from rebaseline.domain.model import KnownModel
from rebaseline.targets.models_list import read_page


def read(*entries):
    return read_page(json.dumps({"data": entries}).encode()).models


def test_an_entry_without_an_id_is_no_model():
    assert read({"id": "a"}, {"id": ""}, {"id": 7}, {"id": None}, {}, None, "b", [1]) == (KnownModel("a"),)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        *(("created", value) for value in (True, "soon", 10**20, -(10**20), 1.5e9, None, [])),
        *(("created_at", value) for value in ("yesterday", "", "0001-01-01T00:00:00+23:59", {}, "2026-13-01")),
        *((name, value) for name in ("retires_at", "deprecated_at", "shutdown_date") for value in ("TBD", None, [])),
        *(("lifecycle", value) for value in (None, 7, "", ["active"])),
    ],
)
def test_what_cannot_be_read_is_unknown(member, value):
    assert read({"id": "a", member: value}) == (KnownModel("a"),)


@pytest.mark.parametrize("entry", [{"created": 0}, {"created_at": "1970-01-01T00:00:00Z"}])
def test_the_beginning_of_time_stands_for_a_date_that_is_not_known(entry):
    assert read({"id": "a"} | entry)[0].created_at is None


def test_a_word_for_the_state_that_nobody_has_seen_before_is_kept():
    assert read({"id": "a", "lifecycle": "sunset"})[0].lifecycle == "sunset"


@pytest.mark.parametrize("value", ["2026-12-11", "2026-12-11T00:00:00Z", "2026-12-11T01:00:00+01:00"])
def test_a_day_and_an_instant_are_instants_in_utc(value):
    (model,) = read({"id": "a", "shutdown_date": value})
    assert model.retires_at == datetime(2026, 12, 11, tzinfo=UTC)
    assert model.retires_at.tzinfo is UTC
