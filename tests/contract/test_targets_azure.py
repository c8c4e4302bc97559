"""Azure's own: addresses, what opens them, and what its replies leave out."""

import asyncio
import sys
import time
from types import SimpleNamespace

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from tests.support.dialect import SECRET
from tests.support.wire import WireServer
from tests.support.wire_openai import completion, wire_error
from tests.support.wire_responses import message_item, response

from rebaseline.domain.attempt import Answered, Faulted, Stop
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets import azure_openai
from rebaseline.targets.azure_entra import EntraTokens
from rebaseline.targets.base import Opening, Request, UserTurn
from rebaseline.targets.registry import open_target

KEY = {"AZURE_OPENAI_API_KEY": SECRET}
HELLO = Request("gpt prod", (UserTurn("hello"),), timeout_seconds=5.0)


def target(**settings):
    return Target("az", "azure-openai", TargetKind.MODEL, "gpt prod", settings)


async def ask_and_close(adapter):
    try:
        return await adapter.ask(HELLO)
    finally:
        await adapter.aclose()


def ask(reply, *, environment=KEY, tokens=None, **settings):
    """Ask once; return what came, what the server received, and the API version that is told."""

    async def once(url):
        opening = Opening(target(endpoint=url, **settings), environment, time.monotonic)
        adapter = azure_openai.open_adapter(opening, tokens=tokens)
        return await ask_and_close(adapter), adapter.provenance.api_version

    with WireServer(lambda _: reply) as server:
        asked, version = asyncio.run(once(server.root_url))
    return asked, server.received[0], version


class Credential:
    """Stands in for Azure's credentials: gives tokens, or raises."""

    def __init__(self, error=None):
        self.error, self.closed, self.scopes = error, False, []

    async def get_token(self, *scopes, **_):
        self.scopes.extend(scopes)
        if self.error:
            raise self.error
        return SimpleNamespace(token="token-canary-9", expires_on=int(time.time()) + 3600)

    async def close(self):
        self.closed = True


def test_without_an_api_version_the_current_addresses_are_asked_with_the_key_in_its_own_header():
    asked, received, version = ask(completion("ok", model="gpt-6-2026-09-03"))
    assert received.path == "/openai/v1/chat/completions"
    assert received.headers["api-key"] == SECRET
    assert "authorization" not in received.headers
    assert received.body == {"model": "gpt prod", "messages": [{"role": "user", "content": "hello"}]}
    assert asked.attempt.served_model == "gpt-6-2026-09-03"
    assert version == "v1"


def test_an_api_version_asks_the_classic_addresses():
    _, received, version = ask(completion("ok"), api_version="2026-06-01")
    assert received.path == "/openai/deployments/gpt%20prod/chat/completions?api-version=2026-06-01"
    assert version == "2026-06-01"
    _, received, _ = ask(response(message_item("ok")), api="responses", api_version="2026-06-01")
    assert received.path == "/openai/responses?api-version=2026-06-01"
    assert received.body["model"] == "gpt prod"


def test_responses_are_asked_at_the_current_address():
    asked, received, _ = ask(response(message_item("ok"), headers={"apim-request-id": "apim-1"}), api="responses")
    assert received.path == "/openai/v1/responses"
    assert (asked.attempt.reply.text, asked.attempt.request_id) == ("ok", "apim-1")


def test_the_environment_of_the_sdk_adds_nothing(monkeypatch):
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "other")
    monkeypatch.setenv("OPENAI_API_VERSION", "2020-01-01")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    _, received, version = ask(completion("ok"))
    assert "authorization" not in received.headers
    assert (received.path, version) == ("/openai/v1/chat/completions", "v1")


def test_the_endpoint_may_come_from_the_environment():
    async def once(url):
        environment = KEY | {"AZURE_OPENAI_ENDPOINT": f"{url}/"}
        return await ask_and_close(open_target(target(), environment, monotonic=time.monotonic))

    with WireServer(lambda _: completion("ok")) as server:
        assert asyncio.run(once(server.root_url)).attempt.reply.text == "ok"
    with pytest.raises(ConfigurationError, match="AZURE_OPENAI_ENDPOINT"):
        open_target(target(), KEY, monotonic=time.monotonic)


@pytest.mark.parametrize("wrong", [{"auth": "password"}, {"api": "completions"}, {"endpoint": "ftp://x"}])
def test_settings_that_mean_nothing_are_refused(wrong):
    settings = {"endpoint": "http://127.0.0.1:9"} | wrong
    with pytest.raises(ConfigurationError):
        open_target(target(**settings), KEY, monotonic=time.monotonic)


def test_a_missing_or_refused_key_names_its_variable():
    with pytest.raises(ConfigurationError, match="AZURE_OPENAI_API_KEY"):
        ask(completion("x"), environment={})
    with pytest.raises(ProviderError, match="AZURE_OPENAI_API_KEY") as caught:
        ask(wire_error(401, f"bad key {SECRET}"))
    assert SECRET not in str(caught.value)


def test_a_filtered_prompt_is_a_filtered_reply():
    asked, _, _ = ask(wire_error(400, "The response was filtered", param="prompt", code="content_filter"))
    assert isinstance(asked.attempt, Answered)
    assert (asked.attempt.reply.text, asked.attempt.reply.stop) == ("", Stop.FILTERED)


def test_counts_that_azure_makes_up_are_no_allowance():
    headers = {"x-ratelimit-remaining-requests": "-1", "x-ratelimit-remaining-tokens": "-1"}
    assert ask(completion("x", headers=headers))[0].allowance is None


def test_a_token_is_sent_and_never_shown():
    credential = Credential()
    asked, received, _ = ask(
        wire_error(500, "bad token-canary-9"), auth="entra", environment={}, tokens=EntraTokens(credential, where="t")
    )
    assert received.headers["authorization"] == "Bearer token-canary-9"
    assert "api-key" not in received.headers
    assert asked.attempt == Faulted("server", 500, "bad [key]")
    assert credential.scopes == ["https://cognitiveservices.azure.com/.default"]
    assert credential.closed


def test_a_credential_that_is_refused_is_for_a_person():
    tokens = EntraTokens(Credential(ClientAuthenticationError("tenant-canary")), where="targets.az")
    opening = Opening(target(endpoint="http://127.0.0.1:9", auth="entra"), {}, time.monotonic)
    with pytest.raises(ProviderError, match="az login") as caught:
        asyncio.run(_ask_with(opening, tokens))
    assert caught.value.where == "targets.az.auth"
    assert "tenant-canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_directory_that_cannot_be_reached_is_a_fault_of_the_connection():
    tokens = EntraTokens(Credential(ServiceRequestError("no route")), where="targets.az")
    opening = Opening(target(endpoint="http://127.0.0.1:9", auth="entra"), {}, time.monotonic)
    asked = asyncio.run(_ask_with(opening, tokens))
    assert asked.attempt == Faulted("connection", None, "Microsoft Entra ID cannot be reached: ServiceRequestError")


async def _ask_with(opening, tokens):
    return await ask_and_close(azure_openai.open_adapter(opening, tokens=tokens))


def test_a_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "azure.identity.aio", None)
    with pytest.raises(ConfigurationError, match=r"rebaseline\[entra\]"):
        open_target(target(endpoint="http://127.0.0.1:9", auth="entra"), {}, monotonic=time.monotonic)
