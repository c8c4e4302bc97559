import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets import token_command
from rebaseline.targets.token_command import CommandTokens, FixedToken, checked_token

SECRET = "canary-token-4417"


def tokens_of(tmp_path, program, **environment):
    (tmp_path / "give.py").write_text(program, encoding="utf-8")
    return CommandTokens(
        (sys.executable, "give.py"),
        where="targets.app.auth",
        folder=tmp_path,
        environment={"PATH": os.environ["PATH"], **environment},
    )


def counting(tmp_path):
    """A program that prints another token each time it runs; it runs in the project's folder."""
    return tokens_of(
        tmp_path, "f = open('runs', 'a+')\nf.write('x')\nf.seek(0)\nprint(f' token-{len(f.read())} \\n')\n"
    )


def runs(tmp_path):
    return len((tmp_path / "runs").read_text(encoding="utf-8"))


def test_a_token_is_kept_and_many_who_wait_run_the_program_once(tmp_path):
    async def many():
        tokens = counting(tmp_path)
        first = await asyncio.gather(*(tokens.current() for _ in range(5)))
        return {token.text for token in first}, (await tokens.current()).text

    assert asyncio.run(many()) == ({"token-1"}, "token-1")
    assert runs(tmp_path) == 1


def test_a_refused_token_is_renewed_once_and_a_fresh_one_that_is_refused_is_for_a_person(tmp_path):
    async def refuse():
        tokens = counting(tmp_path)
        first = await tokens.current()
        assert tokens.renewable(first)
        second = await tokens.current()
        assert second.text == "token-2"
        assert tokens.renewable(first)  # another call that was sent with the old one
        assert (await tokens.current()) is second
        assert not tokens.renewable(second)
        assert (await tokens.current()) is second

    asyncio.run(refuse())
    assert runs(tmp_path) == 2


def test_a_token_that_was_taken_is_worth_another(tmp_path):
    async def expire():
        tokens = counting(tmp_path)
        first = await tokens.current()
        assert tokens.renewable(first)
        second = await tokens.current()
        tokens.accepted(first)  # an old reply says nothing of the new token
        assert not tokens.renewable(second)
        tokens.accepted(second)
        assert tokens.renewable(second)
        return (await tokens.current()).text

    assert asyncio.run(expire()) == "token-3"


def said_of(tokens):
    with pytest.raises((ProviderError, ConfigurationError)) as caught:
        asyncio.run(tokens.current())
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.where == "targets.app.auth"
    return caught.value


def test_a_program_that_fails_is_named_with_its_exit_code_and_its_first_line_without_the_token(tmp_path):
    program = (
        "import sys\n"
        f"print('{SECRET}')\n"
        f"print('\\n\\x1b[31mno session for {SECRET} and {'A1' * 20}\\nmore', file=sys.stderr)\n"
        "sys.exit(3)\n"
    )
    error = said_of(tokens_of(tmp_path, program))
    assert isinstance(error, ProviderError)
    assert "failed (exit code 3)" in error.problem
    assert error.problem.endswith("no session for […] and […]")
    assert "\x1b" not in error.problem


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("pass", "is empty"),
        (f"print('{SECRET}'); print('{SECRET}')", "is no token"),
        (f"print('{SECRET}\\u00e9')", "is no token"),
        (f"print('{SECRET}' * 9000)", "is no token"),
    ],
)
def test_what_is_no_token_is_refused_unshown(tmp_path, program, problem):
    error = said_of(tokens_of(tmp_path, program, PYTHONIOENCODING="utf-8"))
    assert isinstance(error, ConfigurationError)
    assert problem in error.problem


def test_a_program_that_is_not_there_is_named(tmp_path):
    tokens = CommandTokens(("no-such-program",), where="targets.app.auth", folder=tmp_path, environment={})
    assert "no-such-program" in said_of(tokens).problem


def test_a_program_that_hangs_is_ended_with_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(token_command, "_MOST_SECONDS", 0.5)
    program = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('child', 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    error = said_of(tokens_of(tmp_path, program))
    assert "no token within 0.5 s" in error.problem
    if sys.platform == "linux" and (tmp_path / "child").exists():
        assert gone(int((tmp_path / "child").read_text(encoding="utf-8")))


def gone(pid):
    """Whether a process ended; one that nobody reaped yet has."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_no_token_is_in_what_is_printed(tmp_path):
    token = asyncio.run(tokens_of(tmp_path, f"print('{SECRET}')").current())
    assert token.text == SECRET
    assert SECRET not in repr(token)


def test_a_fixed_token_has_no_successor():
    async def refuse():
        tokens = FixedToken(SECRET)
        token = await tokens.current()
        tokens.accepted(token)
        return token.text, tokens.renewable(token)

    assert asyncio.run(refuse()) == (SECRET, False)


def test_white_space_around_a_token_is_dropped():
    assert checked_token(f"\n{SECRET}\r\n", "it", "here") == SECRET
