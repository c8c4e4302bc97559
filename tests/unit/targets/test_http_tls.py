"""Certificates that the company signs itself."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import time

import pytest
from tests.support.wire import WireServer
from tests.support.wire_application import said

from rebaseline.domain.attempt import Answered
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Opening, Request, UserTurn
from rebaseline.targets.http_endpoint import open_adapter

x509 = pytest.importorskip("cryptography.x509", reason="certificates are made with cryptography")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody but itself signed, with its key."""
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - it may be missing
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


def ask(certificate):
    async def once(url):
        settings = {"url": url, "read": {"reply": "$.answer.text"}}
        adapter = open_adapter(
            Opening(Target("app", "http", TargetKind.APPLICATION, "app", settings), {}, time.monotonic)
        )
        try:
            return await adapter.ask(Request("app", (UserTurn("hello"),), timeout_seconds=5.0))
        finally:
            await adapter.aclose()

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with WireServer(lambda _: said("x"), tls=tls) as server:
        return asyncio.run(once(f"{server.root_url}/ask"))


def test_an_authority_of_the_companys_own_is_trusted_where_the_environment_names_it(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert isinstance(ask(certificate).attempt, Answered)


def test_a_certificate_that_nobody_vouches_for_is_for_a_person(certificate, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(ProviderError, match=r"127\.0\.0\.1 is not trusted") as caught:
        ask(certificate)
    assert "SSL_CERT_FILE" in caught.value.remedy
