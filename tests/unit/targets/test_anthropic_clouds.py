"""What is particular to Anthropic's models on Bedrock and on Vertex: addresses, signatures, and who is logged in."""

import asyncio
import json
import sys
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.support.dialect import SECRET
from tests.support.wire import WireReply, WireServer
from tests.support.wire_anthropic import BEDROCK, BEDROCK_INVOKE, PROJECT, REGION, VERTEX, amazon_error, message

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets.base import Request, UserTurn
from rebaseline.targets.registry import open_target

HELLO = Request("alias", (UserTurn("h\u00e9llo"),), parameters={"max_tokens": 64}, timeout_seconds=5.0)
CLOUDS = pytest.mark.parametrize("dialect", [BEDROCK, BEDROCK_INVOKE, VERTEX], ids=lambda dialect: dialect.name)


@pytest.fixture(autouse=True)
def nobody(monkeypatch, tmp_path):
    """Be logged in nowhere, and ask no service of a cloud's machines whether we run on one."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_BEARER_TOKEN_BEDROCK"):
        monkeypatch.delenv(name, raising=False)
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "ANTHROPIC_AWS_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


def opened(dialect, settings, environment):
    target = Target("t", dialect.type, TargetKind.MODEL, "alias", settings)
    return open_target(target, environment, monotonic=time.monotonic)


def ask(dialect, respond, *, request=HELLO, environment=None, **settings):
    """Ask once through a server; return the adapter, what came, and what the server received."""

    async def once(root_url):
        given = dialect.settings(root_url) | settings
        adapter = opened(dialect, given, dialect.environment() if environment is None else environment)
        try:
            return adapter, await adapter.ask(request)
        finally:
            await adapter.aclose()

    with WireServer(respond if callable(respond) else lambda _: respond) as server:
        adapter, asked = asyncio.run(once(server.root_url))
    return adapter, asked, server.received


def described(dialect, settings, environment=None):
    """Return provider and provenance of an adapter that asks nobody."""

    async def describe():
        adapter = opened(dialect, settings, dialect.environment() if environment is None else environment)
        await adapter.aclose()
        return adapter.provider, adapter.provenance

    return asyncio.run(describe())


def signature(received, url, service):
    """Return the signature that AWS's own library makes of what was received."""
    authorization = dict(part.split("=", 1) for part in received.headers["authorization"].split(" ", 1)[1].split(", "))
    signed = {name: received.headers[name] for name in authorization["SignedHeaders"].split(";")}
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", SECRET), service, REGION)
    request = AWSRequest(method="POST", url=url + received.path, headers=signed, data=received.raw)
    request.context["timestamp"] = received.headers["x-amz-date"]
    canonical = signer.canonical_request(request)
    return authorization["Signature"], signer.signature(signer.string_to_sign(request, canonical), request)


@pytest.mark.parametrize(("dialect", "service"), [(BEDROCK, "bedrock-mantle"), (BEDROCK_INVOKE, "bedrock")])
def test_what_amazon_receives_bears_the_signature_that_its_own_library_makes(dialect, service):
    request = Request("eu.anthropic.model-v1:0", HELLO.messages, parameters=HELLO.parameters)
    _, asked, (received,) = ask(dialect, message(), request=request)
    assert isinstance(asked.attempt, Answered)
    sent, expected = signature(received, f"http://{received.headers['host']}", service)
    assert sent == expected


def test_invoke_model_gets_version_and_betas_in_the_body_and_the_model_in_the_path():
    request = Request("eu.anthropic.model-v1:0", HELLO.messages, parameters=HELLO.parameters)
    _, _, (received,) = ask(BEDROCK_INVOKE, message(), request=request, beta=["a", "b"], api_version="v-7")
    assert received.path in ("/model/eu.anthropic.model-v1:0/invoke", "/model/eu.anthropic.model-v1%3A0/invoke")
    assert (received.body["anthropic_version"], received.body["anthropic_beta"]) == ("v-7", ["a", "b"])
    assert "model" not in received.body
    assert "stream" not in received.body


def test_messages_on_bedrock_gets_version_and_betas_in_headers():
    adapter, _, (received,) = ask(BEDROCK, message(), beta=["a", "b"], api_version="v-7")
    assert received.headers["anthropic-version"] == adapter.provenance.api_version == "v-7"
    assert received.headers["anthropic-beta"] == "a,b"
    assert received.body.keys() == {"model", "messages", "max_tokens"}


def test_vertex_gets_the_version_in_the_body_and_betas_in_a_header():
    adapter, _, (received,) = ask(VERTEX, message(), beta=["a"], api_version="vertex-2023-10-16")
    assert received.body["anthropic_version"] == adapter.provenance.api_version == "vertex-2023-10-16"
    assert received.headers["anthropic-beta"] == "a"
    assert received.path.endswith("/publishers/anthropic/models/alias:rawPredict")


@CLOUDS
def test_the_version_that_is_sent_unless_given_is_the_one_of_the_provenance(dialect):
    adapter, _, (received,) = ask(dialect, message())
    sent = received.body.get("anthropic_version") or received.headers["anthropic-version"]
    assert sent == adapter.provenance.api_version


@CLOUDS
def test_nothing_of_the_sdks_environment_is_sent(dialect, monkeypatch):
    _, _, (bare,) = ask(dialect, message())
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-other")
    for cloud in ("BEDROCK", "BEDROCK_MANTLE", "VERTEX"):
        monkeypatch.setenv(f"ANTHROPIC_{cloud}_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_AWS_API_KEY", "other")
    headers = "Authorization: Bearer other\nX-Other: 1\nanthropic-user-profile-id: other\nanthropic-version: other"
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", headers)
    _, asked, (received,) = ask(dialect, message())
    assert isinstance(asked.attempt, Answered)
    assert received.headers.keys() == bare.headers.keys()
    assert received.body == bare.body
    assert received.headers.get("anthropic-version") == bare.headers.get("anthropic-version")
    assert "other" not in received.headers["authorization"]


@pytest.mark.parametrize(
    ("dialect", "settings", "provider"),
    [
        (BEDROCK, {"region": "eu-central-1"}, "bedrock-eu-central-1"),
        (BEDROCK_INVOKE, {"region": "us-east-1", "api": "invoke"}, "bedrock-us-east-1"),
        (BEDROCK, {"region": "us-east-1", "base_url": "https://llm.bank.example/aws"}, "llm.bank.example"),
        (BEDROCK, {"region": "us-east-1", "provider": "bedrock"}, "bedrock"),
        (VERTEX, {"region": "europe-west1", "project_id": "p"}, "vertex-europe-west1"),
        (VERTEX, {"region": "global", "project_id": "p", "provider": "vertex"}, "vertex"),
    ],
)
def test_the_provider_is_the_cloud_and_its_region_unless_there_is_a_gateway(dialect, settings, provider):
    assert described(dialect, settings)[0] == provider


def test_regions_and_projects_are_found_in_the_environment():
    aws = BEDROCK.environment()
    assert described(BEDROCK, {}, aws | {"AWS_DEFAULT_REGION": "a", "AWS_REGION": "b"})[0] == "bedrock-b"
    assert described(BEDROCK, {}, aws | {"AWS_DEFAULT_REGION": "a"})[0] == "bedrock-a"
    google = VERTEX.environment() | {"CLOUD_ML_REGION": "c", "GOOGLE_CLOUD_PROJECT": "p"}
    assert described(VERTEX, {}, google)[0] == "vertex-c"


@pytest.mark.parametrize(
    ("dialect", "settings", "environment", "problem"),
    [
        (BEDROCK, {}, BEDROCK.environment(), "no AWS region"),
        (BEDROCK, {"region": "a"}, {}, "no AWS credentials"),
        (BEDROCK, {"region": "a"}, {"AWS_PROFILE": "nobody"}, "no AWS credentials can be had"),
        (BEDROCK, {"region": "a", "api": "converse"}, BEDROCK.environment(), "converse"),
        (VERTEX, {}, VERTEX.environment(), "no region"),
        (VERTEX, {"region": "a"}, VERTEX.environment(), "no project"),
        (VERTEX, {"region": "a", "project_id": "p"}, {}, "no Google credentials"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_asked(dialect, settings, environment, problem):
    with pytest.raises(ConfigurationError, match=problem) as caught:
        opened(dialect, settings, environment)
    assert "targets.t" in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("dialect", "module", "extra"),
    [(BEDROCK, "boto3", "rebaseline[bedrock]"), (VERTEX, "google.auth.exceptions", "rebaseline[vertex]")],
)
def test_a_missing_package_is_named_with_its_extra(dialect, module, extra, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError, match="not installed") as caught:
        opened(dialect, dialect.settings("http://127.0.0.1:9"), dialect.environment())
    assert extra in str(caught.value)


@pytest.mark.parametrize("dialect", [BEDROCK, BEDROCK_INVOKE], ids=lambda dialect: dialect.name)
def test_a_key_of_bedrock_goes_before_the_other_credentials(dialect):
    environment = dialect.environment() | {"AWS_BEARER_TOKEN_BEDROCK": "bedrock-key"}
    _, _, (received,) = ask(dialect, message(), environment=environment)
    assert received.headers["authorization"] == "Bearer bedrock-key"
    with pytest.raises(ProviderError, match="AWS_BEARER_TOKEN_BEDROCK"):
        ask(dialect, dialect.error(403), environment=environment)


@pytest.mark.parametrize("dialect", [BEDROCK, BEDROCK_INVOKE], ids=lambda dialect: dialect.name)
def test_a_profile_is_found_where_the_tools_of_aws_look(dialect, tmp_path):
    stored = f"[audit]\naws_access_key_id = AKIDAUDIT\naws_secret_access_key = {SECRET}\nregion = sa-east-1\n"
    (tmp_path / "aws-credentials").write_text(stored)
    environment = {"AWS_PROFILE": "audit"}
    _, asked, (received,) = ask(dialect, message(), environment=environment)
    assert isinstance(asked.attempt, Answered)
    assert "Credential=AKIDAUDIT/" in received.headers["authorization"]
    assert described(dialect, {}, environment)[0] == "bedrock-sa-east-1"


def test_a_session_token_is_sent():
    environment = BEDROCK.environment() | {"AWS_SESSION_TOKEN": "session-1"}
    _, _, (received,) = ask(BEDROCK, message(), environment=environment)
    assert received.headers["x-amz-security-token"] == "session-1"


def failing_login(folder, name, good):
    """Store a profile whose program gives out credentials that expire at once, so many times, and then fails."""
    program = folder / "login.py"
    program.write_text(
        "import json, pathlib, sys\n"
        f"count = pathlib.Path({str(folder / 'count')!r})\n"
        "count.write_text(count.read_text() + 'x' if count.exists() else 'x')\n"
        f"if len(count.read_text()) > {good}: sys.exit(3)\n"
        "key = {'Version': 1, 'AccessKeyId': 'A', 'SecretAccessKey': 'S', 'SessionToken': 'T'}\n"
        "print(json.dumps(key | {'Expiration': '2026-01-01T00:00:00Z'}))\n"
    )
    (folder / "aws-config").write_text(f"[profile {name}]\ncredential_process = {sys.executable} {program}\n")
    return {"AWS_PROFILE": name}


def test_a_login_that_fails_is_told_before_anything_is_asked(tmp_path):
    with pytest.raises(ConfigurationError, match="no AWS credentials can be had"):
        ask(BEDROCK, message(), environment=failing_login(tmp_path, "never", 0))


def test_a_login_that_runs_out_on_the_way_is_for_a_person(tmp_path):
    with pytest.raises(ProviderError, match="the AWS credentials cannot be had") as caught:
        ask(BEDROCK, message(), environment=failing_login(tmp_path, "twice", 2))
    assert caught.value.__context__ is None


def test_a_service_of_amazon_that_cannot_be_reached_is_a_fault_of_the_connection(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    (tmp_path / "aws-credentials").write_text("[base]\naws_access_key_id = A\naws_secret_access_key = S\n")
    role = "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\nregion = a\n"
    (tmp_path / "aws-config").write_text(f"[profile role]\n{role}")
    _, asked, received = ask(BEDROCK, message(), environment={"AWS_PROFILE": "role"})
    assert asked.attempt == Faulted("connection", None, "the AWS credentials: EndpointConnectionError")
    assert received == []


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (400, "ServiceQuotaExceededException", Faulted("rate_limit", 400, "no")),
        (424, "ModelErrorException", Faulted("server", 424, "no")),
        (429, "ThrottlingException", Faulted("rate_limit", 429, "no")),
        (503, "ServiceUnavailableException", Faulted("server", 503, "no")),
        (400, "ValidationException", Rejected(400, None, "no")),
        (404, "ResourceNotFoundException", Rejected(404, None, "no")),
    ],
)
def test_amazons_kinds_of_error_are_told_apart_by_their_header(status, kind, expected):
    _, asked, _ = ask(BEDROCK_INVOKE, amazon_error(status, kind=kind))
    assert asked.attempt == expected


def service_account(token_url):
    """Return a service account as Google's console gives it out, whose tokens come from a server of ours."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key": pem.decode(),
        "private_key_id": "1",
        "client_email": "tester@some-project.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": token_url,
    }


def ask_as_service_account(folder, monkeypatch, token, reply=None, times=1):
    """Ask as one whose tokens come from the same server; return what came and what the server received."""

    async def ask_all(root_url):
        (folder / "account.json").write_text(json.dumps(service_account(f"{root_url}/token")))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(folder / "account.json"))
        adapter = opened(VERTEX, {"base_url": f"{root_url}/v1", "region": REGION}, {})
        try:
            return [await adapter.ask(HELLO) for _ in range(times)]
        finally:
            await adapter.aclose()

    with WireServer(lambda received: token if received.path == "/token" else reply or message()) as server:
        return asyncio.run(ask_all(server.root_url)), server.received


FRESH = WireReply(json.dumps({"access_token": "fresh-token-1", "expires_in": 3600, "token_type": "Bearer"}).encode())


def test_a_token_that_is_quoted_is_taken_out_of_hints_though_it_came_from_google_just_now(tmp_path, monkeypatch):
    (asked,), _ = ask_as_service_account(
        tmp_path, monkeypatch, FRESH, reply=VERTEX.error(400, "who sent fresh-token-1?")
    )
    assert asked.attempt == Rejected(400, None, "who sent [key]?")


def test_application_default_credentials_name_the_project_and_their_token_is_kept(tmp_path, monkeypatch):
    asked, received = ask_as_service_account(tmp_path, monkeypatch, FRESH, times=2)
    assert all(isinstance(each.attempt, Answered) for each in asked)
    assert received[0].path == "/token"
    assert all(f"/projects/{PROJECT}/" in each.path for each in received[1:])
    assert [each.headers["authorization"] for each in received[1:]] == ["Bearer fresh-token-1", "Bearer fresh-token-1"]


def test_credentials_that_google_refuses_are_for_a_person(tmp_path, monkeypatch):
    refusal = WireReply(json.dumps({"error": "invalid_grant", "error_description": f"{SECRET}"}).encode(), 400)
    with pytest.raises(ProviderError, match="RefreshError") as caught:
        ask_as_service_account(tmp_path, monkeypatch, refusal)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None


def test_google_that_cannot_be_reached_is_a_fault_of_the_connection(tmp_path, monkeypatch):
    (asked,), received = ask_as_service_account(tmp_path, monkeypatch, WireReply(b"", hang_up=True))
    assert asked.attempt == Faulted("connection", None, "the Google credentials: TransportError")
    assert {each.path for each in received} == {"/token"}
