"""What every adapter that lists models must do, over the wire and through the vendor's own SDK."""

import asyncio
import json
import time
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.support.dialect import SECRET
from tests.support.dialects import DIALECTS
from tests.support.wire import WireReply, WireServer
from tests.support.wire_anthropic import MESSAGES, anthropic_error
from tests.support.wire_models import AnthropicModels, OpenAIModels, anthropic_model, openai_model
from tests.support.wire_openai import CHAT
from tests.support.wire_responses import RESPONSES

from rebaseline.domain.model import KnownModel, Target, TargetKind
from rebaseline.errors import ProviderError
from rebaseline.targets import models_list
from rebaseline.targets.base import ListsModels
from rebaseline.targets.registry import open_target

LISTING = (CHAT, RESPONSES, MESSAGES)
every_listing_dialect = pytest.mark.parametrize("dialect", LISTING, ids=lambda each: each.name)


def listed(dialect, respond):
    """Return the list that an adapter brings from a server, and what the server received."""

    async def once(root_url):
        target = Target("t", dialect.type, TargetKind.MODEL, "alias", dialect.settings(root_url))
        adapter = open_target(target, dialect.environment(), monotonic=time.monotonic)
        try:
            return await adapter.known_models()
        finally:
            await adapter.aclose()

    with WireServer(respond) as server:
        return asyncio.run(once(server.root_url)), server.received


def unlisted(dialect, respond):
    """Return the error in place of a list."""
    with pytest.raises(ProviderError) as caught:
        listed(dialect, respond)
    assert SECRET not in str(caught.value)
    assert caught.value.where == "targets.t"
    assert caught.value.__context__ is None
    return caught.value


def body(**members):
    return WireReply(json.dumps(members).encode())


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_those_whose_provider_has_a_list_offer_it_and_no_other(dialect):
    async def once():
        settings = dialect.settings("http://127.0.0.1:9")
        target = Target("t", dialect.type, TargetKind.MODEL, "alias", settings)
        adapter = open_target(target, dialect.environment(), monotonic=time.monotonic)
        await adapter.aclose()
        return isinstance(adapter, ListsModels)

    assert asyncio.run(once()) is (dialect in LISTING)


def test_a_deployment_is_not_looked_for_among_models():
    async def once():
        target = Target("t", "azure-openai", TargetKind.MODEL, "alias", {"endpoint": "http://127.0.0.1:9"})
        adapter = open_target(target, {"AZURE_OPENAI_API_KEY": SECRET}, monotonic=time.monotonic)
        await adapter.aclose()
        return isinstance(adapter, ListsModels)

    assert not asyncio.run(once())


def test_openai_says_when_a_model_was_made_and_when_it_is_shut_down():
    models, received = listed(
        CHAT,
        OpenAIModels(openai_model("gpt-6.2"), openai_model("gpt-4o", shutdown_date="2027-01-14"), openai_model("o")),
    )
    made = datetime.fromtimestamp(1_790_000_000, UTC)
    assert models == (
        KnownModel("gpt-6.2", made),
        KnownModel("gpt-4o", made, retires_at=datetime(2027, 1, 14, tzinfo=UTC)),
        KnownModel("o", made),
    )
    assert [(each.method, each.path) for each in received] == [("GET", "/v1/models")]
    assert received[0].headers["authorization"] == f"Bearer {SECRET}"


def test_anthropic_lists_every_page_and_retired_models_too():
    retired = anthropic_model(
        "c", lifecycle="retired", deprecated_at="2026-09-29T00:00:00Z", retires_at="2026-11-30T09:00:00-08:00"
    )
    models, received = listed(
        MESSAGES, AnthropicModels(anthropic_model("a"), anthropic_model("b"), retired, *map(anthropic_model, "de"))
    )
    assert [each.id for each in models] == list("abcde")
    assert models[0] == KnownModel("a", datetime(2026, 9, 22, tzinfo=UTC), "active")
    assert models[2].lifecycle == "retired"
    assert models[2].deprecated_at == datetime(2026, 9, 29, tzinfo=UTC)
    assert models[2].retires_at == datetime(2026, 11, 30, 17, tzinfo=UTC)
    queries = [parse_qs(urlsplit(each.path).query) for each in received]
    assert [each.get("after_id") for each in queries] == [None, ["b"], ["d"]]
    assert all(each.headers["authorization"] == f"Bearer {SECRET}" for each in received)
    assert all(each.headers["anthropic-version"] == "2026-10-21" for each in received)


def test_a_server_that_cannot_choose_by_state_lists_what_it_has():
    whole = AnthropicModels(anthropic_model("a", lifecycle="active"), anthropic_model("b"), anthropic_model("c"))

    def respond(received):
        if "lifecycle" in received.path:
            return anthropic_error(400, "lifecycle: Extra inputs are not permitted")
        return whole(received)

    models, received = listed(MESSAGES, respond)
    assert [each.id for each in models] == list("abc")
    assert len(received) == 1 + 2


@every_listing_dialect
def test_a_list_in_pages_is_followed_whoever_sends_it(dialect):
    pages = [body(data=[{"id": "a"}, {"id": "b"}], has_more=True), body(data=[{"id": "b"}, {"id": "c"}])]
    models, received = listed(dialect, lambda received: pages[received.number])
    assert models == (KnownModel("a"), KnownModel("b"), KnownModel("c"))
    query = parse_qs(urlsplit(received[1].path).query)
    assert (query.get("after") or query.get("after_id")) == ["b"]


@every_listing_dialect
def test_a_list_without_end_is_given_up_and_is_no_list(dialect):
    asked = []

    def respond(received):
        asked.append(received)
        return body(data=[{"id": f"m{received.number}"}], has_more=True)

    assert f"goes on after {models_list.MOST_PAGES} pages" in unlisted(dialect, respond).problem
    assert len(asked) == models_list.MOST_PAGES


@every_listing_dialect
def test_a_list_that_never_comes_is_given_up(dialect, monkeypatch):
    monkeypatch.setattr(models_list, "LIST_SECONDS", 0.1)
    error = unlisted(dialect, lambda _: WireReply(b"{}", delay_seconds=5))
    assert "gives no list of its models: no answer within 0.1 s" in error.problem


@every_listing_dialect
@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_list_that_is_refused_is_asked_for_no_longer(dialect, status):
    error = unlisted(dialect, lambda _: dialect.error(status, f"no list for {SECRET}"))
    assert f"gives no list of its models (status {status}): no list for [key]" in error.problem


@every_listing_dialect
def test_a_list_that_the_key_does_not_open_names_the_key(dialect):
    assert dialect.opener in unlisted(dialect, lambda _: dialect.error(403)).problem


@every_listing_dialect
@pytest.mark.parametrize(
    "wrong",
    [b"", b"<html>", b"[]", b"{}", b'{"data": {}}', b'{"data": [], "has_more": true}', b"[" * 100_000],
    ids=["nothing", "no JSON", "a list", "no data", "data is no list", "more of nothing", "too deep"],
)
def test_what_is_no_list_is_an_error(dialect, wrong):
    assert "gives no list" in unlisted(dialect, lambda _: WireReply(wrong)).problem


@every_listing_dialect
def test_an_empty_list_is_a_list(dialect):
    assert listed(dialect, lambda _: body(data=[]))[0] == ()
