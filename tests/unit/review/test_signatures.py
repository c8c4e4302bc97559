"""Signatures of entries by real keys: made as git signs, and told apart when they are looked at."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta

import pytest
from tests.support.entries import ADA, BOB, START

from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError
from rebaseline.review.signatures import sign, verify_signature
from rebaseline.review.signed import SignatureState

CONTENT = b'{\n  "action": "accept"\n}\n'


@pytest.fixture
def signers(repository, keys):
    """Ada and Bob may sign; Eve may not."""
    lines = [f"{who}@bank.example {keys[who].with_suffix('.pub').read_text()}" for who in ("ada", "bob")]
    return repository.write("signers", "".join(lines))


def sign_as(repository, key):
    repository.configure(gpg_format="ssh", user_signingkey=str(key))
    return sign(CONTENT, repository.root)


def look(repository, signature, *, actor=ADA, content=CONTENT, at=START, signers=None):
    return verify_signature(content, signature, actor, at, repository.root, signers=signers)


def test_the_actors_own_signature_is_good(repository, keys, signers):
    found = look(repository, sign_as(repository, keys["ada"]), signers=signers)
    assert (found.state, found.by, found.why) == (SignatureState.GOOD, "ada@bank.example", "")


def test_upper_and_lower_case_of_an_e_mail_are_one(repository, keys, signers):
    actor = Actor("Ada", "Ada@Bank.example")
    assert look(repository, sign_as(repository, keys["ada"]), actor=actor, signers=signers).state is SignatureState.GOOD


def test_the_signers_that_git_is_set_up_with_hold_where_the_project_names_none(repository, keys, signers):
    signature = sign_as(repository, keys["ada"])
    assert look(repository, signature).state is SignatureState.UNCHECKED
    repository.git("config", "gpg.ssh.allowedSignersFile", str(signers))
    assert look(repository, signature).state is SignatureState.GOOD


def test_a_signature_of_other_content_is_bad(repository, keys, signers):
    signature = sign_as(repository, keys["ada"])
    assert look(repository, signature, content=CONTENT + b" ", signers=signers).state is SignatureState.BAD


def test_an_entry_signed_by_somebody_else_names_them(repository, keys, signers):
    found = look(repository, sign_as(repository, keys["ada"]), actor=BOB, signers=signers)
    assert found.state is SignatureState.OTHER
    assert "ada@bank.example signed" in found.why
    assert "Bob Brown" in found.why


def test_a_key_that_may_not_sign_is_nobodys(repository, keys, signers):
    assert look(repository, sign_as(repository, keys["eve"]), signers=signers).state is SignatureState.UNKNOWN


def test_a_signature_made_for_another_purpose_is_none(repository, keys, signers):
    made = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(keys["ada"])],
        input=CONTENT,
        capture_output=True,
        check=True,
    )
    assert look(repository, made.stdout, signers=signers).state is SignatureState.BAD


def test_a_revoked_key_signs_nothing(repository, keys, signers):
    signature = sign_as(repository, keys["ada"])
    repository.git("config", "gpg.ssh.revocationFile", str(keys["ada"].with_suffix(".pub")))
    assert look(repository, signature, signers=signers).state is SignatureState.UNKNOWN
    repository.git("config", "gpg.ssh.revocationFile", "/nowhere")
    with pytest.raises(LedgerError, match="/nowhere"):
        look(repository, signature, signers=signers)


def test_a_key_signs_only_while_it_is_valid(repository, keys):
    public = keys["ada"].with_suffix(".pub").read_text()
    signers = repository.write("signers", f'ada@bank.example valid-before="20261201" {public}')
    signature = sign_as(repository, keys["ada"])
    assert look(repository, signature, signers=signers).state is SignatureState.GOOD
    later = look(repository, signature, signers=signers, at=START + timedelta(days=30))
    assert later.state is SignatureState.UNKNOWN


def test_signers_may_be_named_by_a_pattern(repository, keys):
    signers = repository.write("signers", f"*@bank.example {keys['ada'].with_suffix('.pub').read_text()}")
    assert look(repository, sign_as(repository, keys["ada"]), actor=BOB, signers=signers).state is SignatureState.GOOD


def test_a_file_of_signers_that_is_not_there_is_named(repository, keys, tmp_path):
    with pytest.raises(LedgerError, match="there is no file") as caught:
        look(repository, sign_as(repository, keys["ada"]), signers=tmp_path / "none")
    assert caught.value.where == "[ledger] signers"


@pytest.mark.parametrize("signature", [b"", b"signed, Ada", b"-----BEGIN SSH SIGNATURE-----\nnot base64\n"])
def test_what_is_no_signature_is_bad(repository, keys, signers, signature):
    assert look(repository, signature, signers=signers).state is SignatureState.BAD


def test_nothing_is_unsigned(repository):
    assert look(repository, None).state is SignatureState.NONE


def test_a_key_below_the_home_folder_is_found(repository, keys, signers, monkeypatch):
    monkeypatch.setenv("HOME", str(keys["ada"].parent))
    assert look(repository, sign_as(repository, "~/ada"), signers=signers).state is SignatureState.GOOD


def test_a_literal_key_is_signed_with_by_the_agent(repository, keys, signers, tmp_path, monkeypatch):
    if shutil.which("ssh-agent") is None:
        pytest.skip("ssh-agent is not installed")
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.PIPE)
    try:
        assert agent.stdout is not None
        agent.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
        subprocess.run(["ssh-add", "-q", str(keys["ada"])], check=True, capture_output=True)
        public = keys["ada"].with_suffix(".pub").read_text().strip()
        for key in (f"key::{public}", public):
            assert look(repository, sign_as(repository, key), signers=signers).state is SignatureState.GOOD
    finally:
        agent.terminate()
        agent.communicate()


def test_without_a_key_it_is_said_how_to_set_one(repository):
    repository.configure(gpg_format="ssh")
    with pytest.raises(LedgerError, match="knows no key") as caught:
        sign(CONTENT, repository.root)
    assert "git config user.signingkey" in caught.value.remedy


def test_a_private_key_in_a_setting_is_repeated_nowhere(repository, keys):
    secret = keys["ada"].read_text()
    with pytest.raises(LedgerError, match="private key") as caught:
        sign_as(repository, secret)
    assert secret.splitlines()[1] not in str(caught.value)


def test_a_key_that_is_not_there_is_refused_with_what_ssh_keygen_says(repository, tmp_path):
    with pytest.raises(LedgerError, match="does not sign"):
        sign_as(repository, tmp_path / "none")


def test_a_program_that_is_not_there_is_named(repository, keys):
    repository.git("config", "gpg.ssh.program", "/nowhere/keygen")
    with pytest.raises(LedgerError, match="/nowhere/keygen"):
        sign_as(repository, keys["ada"])


def test_a_format_that_we_do_not_know_is_refused(repository):
    repository.configure(gpg_format="x509")
    with pytest.raises(LedgerError, match="x509"):
        sign(CONTENT, repository.root)


@pytest.fixture
def gpg(tmp_path_factory, monkeypatch):
    """A keyring with keys of Ada and Bob; its path is short, for sockets."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    home = tmp_path_factory.mktemp("g")
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))

    def run(*arguments, given=b""):
        done = subprocess.run(["gpg", "--batch", "--quiet", *arguments], input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    for who in (ADA, BOB):
        run("--passphrase", "", "--quick-generate-key", str(who), "ed25519", "sign", "never")
    yield run
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False, capture_output=True)


def test_signatures_by_openpgp_are_told_apart_as_well(repository, gpg, signers):
    signature = sign(CONTENT, repository.root)  # by user.email: no key is set
    assert look(repository, signature).state is SignatureState.GOOD
    assert look(repository, signature, content=b"other").state is SignatureState.BAD
    other = look(repository, signature, actor=BOB)
    assert (other.state, other.by) == (SignatureState.OTHER, str(ADA))
    assert look(repository, signature, signers=signers).state is SignatureState.UNKNOWN


def test_whose_key_gpg_is_not_sure_of_is_nobodys(repository, gpg):
    repository.configure(user_signingkey=BOB.email)
    signature = sign(CONTENT, repository.root)
    gpg("--import-ownertrust", given=b"")
    listed = gpg("--with-colons", "--fingerprint", BOB.email).decode().splitlines()
    fingerprint = next(line.split(":")[9] for line in listed if line.startswith("fpr"))
    gpg("--import-ownertrust", given=f"{fingerprint}:2:\n".encode())
    assert look(repository, signature, actor=BOB).state is SignatureState.UNKNOWN
    repository.git("config", "gpg.minTrustLevel", "undefined")
    assert look(repository, signature, actor=BOB).state is SignatureState.GOOD


def test_a_key_that_gpg_does_not_have_is_nobodys(repository, gpg, tmp_path, monkeypatch):
    signature = sign(CONTENT, repository.root)
    (tmp_path / "h").mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "h"))
    assert look(repository, signature).state is SignatureState.UNKNOWN
