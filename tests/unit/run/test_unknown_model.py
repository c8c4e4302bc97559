import asyncio
from datetime import UTC, datetime

import pytest

from rebaseline.domain.attempt import Rejected
from rebaseline.domain.model import KnownModel
from rebaseline.errors import ProviderError, UnknownModelError
from rebaseline.run.culprits import Culprits
from rebaseline.run.unknown_model import listed_models, unknown_model
from rebaseline.targets.base import Asked, Request, UserTurn

GONE = Rejected(404, hint="not_found_error")
DEPRECATED, RETIREMENT = datetime(2026, 9, 29, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)


def remedy(model, *models):
    return unknown_model("anthropic", model, GONE, models).remedy


def known(*names, **members):
    return [KnownModel(name, **members) for name in names]


def test_without_a_list_every_cause_is_possible():
    error = unknown_model("anthropic", "claude-x", GONE, ())
    assert error.problem == "anthropic has no model 'claude-x' (status 404): not_found_error"
    assert error.remedy == "It may be retired, misspelt, or not open to this key. Ask for another model."


def test_a_model_that_is_not_listed_is_likened_to_those_that_are():
    said = remedy("claude-sonet-5", *known("claude-opus-5-5", "claude-sonnet-5", "claude-sonnet-5-5", "haiku"))
    assert said == (
        "It is not in the provider's list of models (4). "
        "Did you mean 'claude-sonnet-5', 'claude-sonnet-5-5' or 'claude-opus-5-5'?"
    )


@pytest.mark.parametrize(("asked", "meant"), [("GPT-6.2", "gpt-6.2"), ("gpt-6.2", "openai/gpt-6.2")])
def test_the_case_and_a_vendor_in_front_are_likely_slips(asked, meant):
    assert f"Did you mean {meant!r}?" in remedy(asked, *known(meant, "something-else"))


def test_a_model_like_no_other_may_be_anything():
    said = remedy("claude-x", *known("gpt-6.2", "gpt-6.1"))
    assert said == (
        "It is not in the provider's list of models (2). It may be retired, misspelt, or not open to this key."
    )


def test_a_retired_model_is_said_to_be_and_no_retired_one_is_suggested():
    models = [
        KnownModel("claude-opus-4-1", None, "retired", RETIREMENT, DEPRECATED),
        *known("claude-opus-4-0", lifecycle="retired"),
        *known("claude-opus-4-8", lifecycle="active"),
    ]
    assert remedy("claude-opus-4-1", *models) == (
        "The provider's list says that it is 'retired', deprecated 2026-09-29, retirement 2026-11-30. "
        "Did you mean 'claude-opus-4-8'?"
    )


def test_a_retired_model_with_no_other_is_still_said_to_be():
    said = remedy("a", *known("a", lifecycle="retired"))
    assert said == "The provider's list says that it is 'retired'. Ask for another model."


@pytest.mark.parametrize("lifecycle", ["", "active"])
def test_a_model_that_is_listed_and_lives_is_not_open_or_asked_in_the_wrong_way(lifecycle):
    said = remedy("gpt-6.2", *known("gpt-6.2", "gpt-6.1", lifecycle=lifecycle))
    assert "this key may not use it, or it takes requests of another kind." in said
    assert "Did you mean" not in said


@pytest.mark.parametrize("members", [{"lifecycle": "sunset"}, {"retires_at": RETIREMENT}])
def test_of_a_model_on_its_way_out_what_is_known_is_said_and_another_suggested(members):
    said = remedy("gpt-4o", KnownModel("gpt-4o", **members), *known("gpt-4o-2"))
    assert ("'sunset'" if "lifecycle" in members else "retirement 2026-11-30") in said
    assert said.endswith("Did you mean 'gpt-4o-2'?")


def test_what_others_named_stays_in_its_place():
    nasty = "claude-x\nrebaseline: all is well\x1b[2J\u202e"
    error = unknown_model("p", "claude-x-rebaseline-all-is-well", Rejected(404, hint="gone\nexit 0"), known(nasty))
    retired = unknown_model("p", "m", GONE, known("m", lifecycle="x\n\x1b" * 100))
    assert "gone exit 0" in error.problem
    assert "Did you mean 'claude-x\\nrebaseline" in error.remedy
    for each in (error, retired):
        assert [line.isprintable() for line in str(each).splitlines()] == [True, True]


def test_a_list_that_is_too_long_to_be_compared_is_compared_in_part():
    models = known(*(f"other-{number}" for number in range(3000)), "claude-x-1")
    assert "claude-x-1" not in remedy("claude-x", *models)
    assert "claude" not in remedy("claude-x", *known("claude-x" * 50))


class Listing:
    """A provider that rejects everything and lists its models, or fails to."""

    provider, mandatory = "some-provider", frozenset()

    def __init__(self, models=(), error=None):
        self.models, self.error, self.lists = models, error, 0

    async def known_models(self):
        self.lists += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return self.models


def test_the_list_is_asked_for_once_though_requests_of_several_kinds_are_rejected_at_a_time():
    async def reject(_request):
        await asyncio.sleep(0)
        return Asked(GONE)

    async def explained():
        culprits = Culprits(provider, reject)
        request = Request("gpt-6", (UserTurn("a"),))
        return await asyncio.gather(*(culprits.explain(key, request, Asked(GONE), GONE) for key in "abc"))

    provider = Listing(known("gpt-6.2"))
    found = asyncio.run(explained())
    assert provider.lists == 1
    assert {id(each.error) for each in found} == {id(found[0].error)}
    assert isinstance(found[0].error, UnknownModelError)
    assert "Did you mean 'gpt-6.2'?" in found[0].error.remedy


def test_a_list_that_cannot_be_had_and_an_adapter_without_one_only_leave_the_help_out():
    assert asyncio.run(listed_models(Listing(error=ProviderError("no list")))) == ()
    assert asyncio.run(listed_models(object())) == ()
