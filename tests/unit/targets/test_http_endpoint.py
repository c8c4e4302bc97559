import asyncio
import base64
import os
import sys
import time
from dataclasses import replace

import pytest
from tests.support.wire import WireReply, WireServer
from tests.support.wire_application import said

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets import http_endpoint
from rebaseline.targets.base import Opening, Request, UserTurn
from rebaseline.targets.http_endpoint import open_adapter

SECRET = "canary-token-4417"
READ = {"reply": "$.answer.text"}


def opened(url, *, environment=None, root=None, **settings):
    target = Target("app", "http", TargetKind.APPLICATION, "app", {"url": url, "read": READ} | settings)
    return open_adapter(Opening(target, environment or {}, time.monotonic, root))


def hello(text="hello"):
    return Request("app", (UserTurn(text),), timeout_seconds=5.0)


def ask(respond, *, times=1, path="/ask", **opening):
    """Ask so many times, one after the other; return what came and what the server received."""

    async def all_of(url):
        adapter = opened(url, **opening)
        try:
            return [await adapter.ask(hello(str(number))) for number in range(times)]
        finally:
            await adapter.aclose()

    with WireServer(respond if callable(respond) else lambda _: respond) as server:
        return asyncio.run(all_of(f"{server.root_url}{path}")), server.received


def refusal_of(respond, **opening):
    with pytest.raises(ProviderError) as caught:
        ask(respond, **opening)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.where.startswith("targets.app")
    assert caught.value.remedy
    return caught.value


def test_what_is_sent_is_json_with_the_headers_of_the_target_and_nothing_of_its_own():
    _, (received,) = ask(said("x"), path="/v1/ask", headers={"X-Tenant": "claims"})
    assert (received.method, received.path, received.body) == ("POST", "/v1/ask", {"message": "0"})
    headers = dict(received.headers)
    assert (headers["content-type"], headers["x-tenant"]) == ("application/json", "claims")
    assert headers["user-agent"].startswith("rebaseline/")
    assert "authorization" not in headers
    assert "cookie" not in headers


@pytest.mark.parametrize(
    ("auth", "header", "sent"),
    [
        ({}, "authorization", f"Bearer {SECRET}"),
        ({"header": "X-Api-Key", "scheme": ""}, "x-api-key", SECRET),
        ({"scheme": "Token"}, "authorization", f"Token {SECRET}"),
    ],
)
def test_the_token_goes_into_its_header_after_its_word(auth, header, sent):
    _, (received,) = ask(said("x"), auth={"token_env": "TOKEN"} | auth, environment={"TOKEN": f" {SECRET}\n"})
    assert received.headers[header] == sent


def test_every_call_stands_alone_so_no_cookie_is_kept():
    _, received = ask(said("x", headers={"set-cookie": "session=1"}), times=2)
    assert [each.headers.get("cookie") for each in received] == [None, None]


def test_credentials_for_the_host_that_lie_about_are_not_sent(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hunter2\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    _, (received,) = ask(said("x"))
    assert "authorization" not in received.headers


def test_identity_and_trace_come_with_the_reply():
    read = READ | {"trace": "$.steps"}
    (asked,), _ = ask(said("x", sha="abc"), read=read, identity={"build": "$.sha", "prompt": "$.prompt"})
    assert (asked.attempt.identity, asked.attempt.trace) == ({"build": "abc"}, '[{"call": null}]')
    assert asked.attempt.novelty == ("identity: prompt is missing",)
    assert asked.attempt.served_model is None


def test_calls_that_the_application_made_itself_wait_for_no_result():
    read = READ | {"tool_calls": "$.calls"}
    (asked,), _ = ask(said("x", calls=[{"name": "find"}]), read=read)
    assert [call.name for call in asked.attempt.reply.tool_calls] == ["find"]
    assert (asked.turn.text, asked.turn.calls) == ("x", ())


@pytest.mark.parametrize("status", [200, 201, 202])
def test_every_status_of_success_may_bring_a_reply(status):
    (asked,), _ = ask(replace(said("x"), status=status))
    assert isinstance(asked.attempt, Answered)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_for_it_would_carry_the_token_elsewhere(status):
    seen = []

    def respond(received):
        seen.append(received.path)
        return WireReply(b"", status, {"location": "/login"})

    error = refusal_of(respond, auth={"token_env": "TOKEN"}, environment={"TOKEN": SECRET})
    assert f"leads elsewhere from `url` (status {status})" in error.problem
    assert seen == ["/ask"]


@pytest.mark.parametrize("status", [404, 405])
def test_an_address_where_nothing_is_is_for_a_person(status):
    assert f"nothing to POST to at `url` (status {status})" in refusal_of(WireReply(b"", status)).problem


def test_a_body_that_is_too_long_is_malformed(monkeypatch):
    monkeypatch.setattr(http_endpoint, "_MOST_BYTES", 1000)
    (asked,), _ = ask(said("x" * 1000))
    assert asked.attempt == Faulted("malformed", 200, "the body is longer than 1,000 bytes")


def test_the_words_of_an_error_are_kept_in_one_line_and_without_the_token():
    (asked,), _ = ask(
        WireReply(f'{{"detail":\n "no {SECRET}"}}'.encode(), 422), auth={"token_env": "T"}, environment={"T": SECRET}
    )
    assert asked.attempt == Rejected(422, hint='{"detail": "no [key]"}')


def printing(tmp_path):
    """A program that prints another token each time it runs."""
    program = "f = open('runs', 'a+')\nf.write('x')\nf.seek(0)\nprint(f'canary-token-{len(f.read())}')\n"
    (tmp_path / "give.py").write_text(program, encoding="utf-8")
    return {
        "auth": {"token_command": [sys.executable, "give.py"]},
        "root": tmp_path,
        "environment": {"PATH": os.environ["PATH"]},
    }


def taking(*taken):
    """Answer where the token is one of those that are taken."""
    return lambda received: said("x") if received.headers["authorization"][-1] in taken else WireReply(b"{}", 401)


def test_an_expired_token_is_a_fault_that_the_next_call_mends(tmp_path):
    asked, received = ask(taking("2"), times=3, **printing(tmp_path))
    first, second, third = (each.attempt for each in asked)
    assert (first.kind, first.status) == ("token", 401)
    assert isinstance(second, Answered)
    assert isinstance(third, Answered)
    assert [each.headers["authorization"] for each in received] == [f"Bearer canary-token-{n}" for n in (1, 2, 2)]


def test_a_fresh_token_that_is_refused_is_for_a_person(tmp_path):
    error = refusal_of(taking(), times=3, **printing(tmp_path))
    assert "refuses the token of token_command (status 401)" in error.problem
    assert "canary" not in str(error)
    assert (tmp_path / "runs").read_text(encoding="utf-8") == "xx"


def test_a_token_may_expire_again_and_again(tmp_path):
    calls = iter([200, 401, 200, 401, 200])

    def respond(_):
        status = next(calls)
        return said("x") if status == 200 else WireReply(b"{}", status)

    asked, _ = ask(respond, times=5, **printing(tmp_path))
    assert [type(each.attempt).__name__ for each in asked] == [
        "Answered",
        "Faulted",
        "Answered",
        "Faulted",
        "Answered",
    ]


def test_a_proxy_of_the_environment_is_used_and_its_password_goes_to_it_alone(monkeypatch):
    def respond(received):
        return said(received.path)

    with WireServer(respond) as proxy:
        address = proxy.root_url.removeprefix("http://")
        monkeypatch.setenv("http_proxy", f"http://me:hunter2@{address}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)

        async def once():
            adapter = opened("http://claims.example/ask")
            try:
                return await adapter.ask(hello())
            finally:
                await adapter.aclose()

        asked = asyncio.run(once())
    assert asked.attempt.reply.text == "http://claims.example/ask"
    (received,) = proxy.received
    basic = base64.b64encode(b"me:hunter2").decode()
    assert received.headers["proxy-authorization"] == f"Basic {basic}"
    assert "authorization" not in received.headers


def through_a_proxy(monkeypatch, url, status):
    with WireServer(lambda _: WireReply(b"", status)) as proxy:
        for scheme in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(scheme, proxy.root_url.replace("//", "//me:hunter2@"))
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)

        async def once():
            adapter = opened(url, auth={"token_env": "TOKEN"}, environment={"TOKEN": SECRET})
            try:
                return await adapter.ask(hello())
            finally:
                await adapter.aclose()

        return asyncio.run(once())


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_for_a_person_and_named(monkeypatch, scheme):
    with pytest.raises(ProviderError, match=r"the proxy refuses the way to claims\.example \(status 407\)") as caught:
        through_a_proxy(monkeypatch, f"{scheme}://claims.example/ask", 407)
    assert "hunter2" not in str(caught.value)
    assert "HTTPS_PROXY" in caught.value.remedy


def test_a_proxy_that_has_trouble_is_a_fault(monkeypatch):
    assert through_a_proxy(monkeypatch, "http://claims.example/ask", 502).attempt.kind == "server"
    tunnel = through_a_proxy(monkeypatch, "https://claims.example/ask", 502).attempt
    assert tunnel == Faulted("connection", None, "the proxy answered with status 502")


def test_a_proxy_that_does_not_speak_http_is_refused_unshown(monkeypatch):
    monkeypatch.setenv("https_proxy", "socks5://me:hunter2@127.0.0.1:1")
    with pytest.raises(ConfigurationError, match="proxy") as caught:
        opened("https://claims.example/ask")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "problem", "where"),
    [
        ({"read": {}}, "where the reply is", "targets.app.read"),
        ({"read": READ | {"mood": "$.m"}}, "where the reply is", "targets.app.read"),
        ({"read": {"reply": "$.a["}}, "path", "targets.app.read.reply"),
        ({"read": ["$.a"]}, "not a table", "targets.app.read"),
        ({"identity": {"build": "sha"}}, "path", "targets.app.identity.build"),
        ({"request": {"q": "{{ usr }}"}}, "usr", "targets.app.request"),
        ({"auth": {"token_env": "TOKEN"}}, "TOKEN is empty", "targets.app.auth"),
        ({"auth": {"header": "X"}}, "neither token_env", "targets.app.auth"),
        ({"auth": {"token_command": "bank-token claims"}}, "neither token_env", "targets.app.auth"),
        (
            {"auth": {"token_env": "SET", "header": "X-Key"}, "headers": {"x-key": "1"}},
            "stands in `headers` and in `auth`",
            "targets.app",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_place(settings, problem, where):
    with pytest.raises(ConfigurationError, match=problem) as caught:
        opened("http://127.0.0.1:9/ask", environment={"SET": SECRET}, **settings)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "url", ["", "claims.example", "ftp://claims.example", "https://", "https://[::1", "https://me@claims.example"]
)
def test_an_address_that_cannot_be_asked_is_refused(url):
    with pytest.raises(ConfigurationError, match="url"):
        opened(url)


def test_no_token_is_in_what_an_adapter_prints():
    adapter = opened("http://127.0.0.1:9/ask", auth={"token_env": "T"}, environment={"T": SECRET})
    assert SECRET not in repr(vars(adapter))


def test_provider_is_the_host():
    assert opened("https://claims.example:8443/ask").provider == "claims.example"
