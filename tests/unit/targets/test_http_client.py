from itertools import pairwise

import aiohttp
import httpx2
import openai
import pytest

from rebaseline.errors import ConfigurationError
from rebaseline.targets.http_client import open_client, unreached


def raised(*causes):
    """Return the outermost of exceptions of which each one is the cause of the one before it."""
    for outer, inner in pairwise(causes):
        outer.__cause__ = inner
    return causes[0]


REQUEST = httpx2.Request("POST", "http://127.0.0.1/")


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        (aiohttp.ServerDisconnectedError(), "connection"),
        (aiohttp.ClientOSError(104, "reset"), "connection"),
        (aiohttp.ClientPayloadError(), "connection"),
        (aiohttp.ConnectionTimeoutError(), "connection"),
        (aiohttp.SocketTimeoutError(), "timeout"),
        (aiohttp.ServerTimeoutError(), "timeout"),
        (httpx2.DecodingError("x"), "malformed"),
        (aiohttp.ClientResponseError(None, ()), "malformed"),
        (aiohttp.ClientHttpProxyError(None, (), status=407), "connection"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_innermost_cause_names_the_fault(inner, kind):
    error = raised(openai.APITimeoutError(request=REQUEST), httpx2.ConnectTimeout("x"), inner, OSError("below"))
    assert unreached(error).kind == kind


def test_an_error_without_a_cause_speaks_for_itself():
    assert unreached(aiohttp.ClientResponseError(None, ())).kind == "malformed"
    assert unreached(openai.APIConnectionError(request=REQUEST)).kind == "connection"


def opened(base_url="https://llm.example/v1"):
    return open_client(openai.DefaultAioHttpClient, base_url, where="targets.t")


@pytest.fixture(autouse=True)
def _direct(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_a_proxy_of_another_kind_is_refused_where_it_would_be_used(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://me:hunter2@127.0.0.1:1080")
    with pytest.raises(ConfigurationError, match="socks5") as caught:
        opened()
    assert caught.value.where == "targets.t"
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("NO_PROXY", "llm.example")
    opened()


def test_a_proxy_that_is_no_address_is_refused_unshown(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "gopher://me:hunter2@127.0.0.1")
    with pytest.raises(ConfigurationError, match="no address") as caught:
        opened()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


def test_certificates_that_cannot_be_read_are_for_a_person(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        opened()
