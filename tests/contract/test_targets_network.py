"""The way to a provider is the machine's: its proxies and its certificates hold for every SDK."""

import asyncio
import time

import pytest
from tests.support.certificates import authority
from tests.support.wire import WireReply, WireServer
from tests.support.wire_anthropic import MESSAGES
from tests.support.wire_openai import CHAT

from rebaseline.domain.attempt import Answered, Faulted
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Request, UserTurn
from rebaseline.targets.batch_registry import open_batch
from rebaseline.targets.batching import Setback
from rebaseline.targets.registry import open_target

HELLO = Request("alias", (UserTurn("hello"),), timeout_seconds=5.0, parameters={"max_tokens": 9})


@pytest.fixture(autouse=True)
def _direct(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def attempt_at(root_url, dialect=CHAT):
    async def once():
        target = Target("t", dialect.type, TargetKind.MODEL, "alias", dialect.settings(root_url))
        adapter = open_target(target, dialect.environment(), monotonic=time.monotonic)
        try:
            return (await adapter.ask(HELLO)).attempt
        finally:
            await adapter.aclose()

    return asyncio.run(once())


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
def test_a_proxy_of_the_environment_is_asked(monkeypatch, variable):
    with WireServer(lambda _: CHAT.answer("by proxy")) as proxy:
        monkeypatch.setenv(variable, proxy.root_url)
        attempt = attempt_at("http://llm.example")
    assert attempt.reply.text == "by proxy"
    assert [received.path for received in proxy.received] == ["http://llm.example/v1/chat/completions"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of aiohttp, about how the SDK uses it
def test_the_password_of_a_proxy_goes_to_the_proxy(monkeypatch):
    with WireServer(lambda _: CHAT.answer("by proxy")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.root_url.replace("//", "//me:secret@"))
        assert isinstance(attempt_at("http://llm.example"), Answered)
    assert proxy.received[0].headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"


@pytest.mark.parametrize("none", ["127.0.0.1", "*"])
def test_no_proxy_is_asked_for_what_no_proxy_names(monkeypatch, none):
    with WireServer(lambda _: CHAT.answer("by proxy")) as proxy, WireServer(lambda _: CHAT.answer("direct")) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.root_url)
        monkeypatch.setenv("ALL_PROXY", proxy.root_url)
        assert attempt_at(server.root_url).reply.text == "by proxy"
        monkeypatch.setenv("NO_PROXY", none)
        assert attempt_at(server.root_url).reply.text == "direct"
    assert len(proxy.received) == 1


@pytest.mark.parametrize("status", [400, 404, 429, 502])
def test_a_proxy_that_has_trouble_is_a_fault_of_the_connection(monkeypatch, status):
    with WireServer(lambda _: WireReply(b"", status)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.root_url)
        attempt = attempt_at("https://llm.example")
    assert attempt == Faulted("connection", None, f"the proxy answered with status {status}")
    assert [(received.method, received.path) for received in proxy.received] == [("CONNECT", "llm.example:443")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of aiohttp, about how the SDK uses it
@pytest.mark.parametrize("dialect", [CHAT, MESSAGES], ids=lambda each: each.name)
@pytest.mark.parametrize(("scheme", "status"), [("http", 407), ("https", 407), ("https", 403)])
def test_a_proxy_that_refuses_is_for_a_person_and_named(monkeypatch, dialect, scheme, status):
    with WireServer(lambda _: WireReply(b"", status)) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.root_url.replace("//", "//me:hunter2@"))
        with pytest.raises(
            ProviderError, match=rf"^targets\.t: the proxy refuses the way to [\w.]+ \(status {status}\)"
        ) as caught:
            attempt_at(f"{scheme}://llm.example", dialect)
    assert len(proxy.received) == 1
    assert "HTTPS_PROXY" in caught.value.remedy
    assert "hunter2" not in str(caught.value)
    assert dialect.opener not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("dialect", [CHAT, MESSAGES], ids=lambda each: each.name)
def test_a_batch_stopped_by_a_proxy_is_for_a_person_where_it_refuses_and_else_was_surely_not_submitted(
    monkeypatch, dialect
):
    def submitted_through(status):
        async def once():
            target = Target("t", dialect.type, TargetKind.MODEL, "alias", dialect.settings("https://llm.example"))
            adapter = open_batch(target, dialect.environment(), monotonic=time.monotonic)
            try:
                return await adapter.submit("k", [("k-0", HELLO)])
            finally:
                await adapter.aclose()

        with WireServer(lambda _: WireReply(b"", status)) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.root_url)
            return asyncio.run(once())

    with pytest.raises(ProviderError, match="the proxy refuses the way"):
        submitted_through(407)
    assert submitted_through(502) == Setback(Faulted("connection", None, "the proxy answered with status 502"))


def test_a_proxy_that_is_not_there_is_a_fault_of_the_connection(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    attempt = attempt_at("http://llm.example")
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "connection"


def test_a_certificate_is_taken_from_an_authority_of_the_environment_and_else_refused(monkeypatch, tmp_path):
    certificate, tls = authority(tmp_path)
    with WireServer(lambda _: CHAT.answer("by TLS"), tls=tls) as server:
        refused = attempt_at(server.root_url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        taken = attempt_at(server.root_url)
    assert refused == Faulted("connection", None, "ClientConnectorCertificateError")
    assert taken.reply.text == "by TLS"
    assert len(server.received) == 1
