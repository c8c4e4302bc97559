import pytest

from rebaseline.errors import ProviderError
from rebaseline.targets.refused import Opener, refused


def opener(secret):
    return Opener("some-provider", "targets.t", "the key in KEY", "Check KEY.", secret)


def test_a_key_that_is_quoted_is_taken_out_of_the_words():
    assert opener("12345678").without_secret("bad key 12345678.") == "bad key [key]."


@pytest.mark.parametrize("secret", ["x", "none", "EMPTY", "ollama", "1234567", "", None])
def test_words_are_not_garbled_for_a_key_that_guards_nothing(secret):
    words = "none of ollama's models exist: 1234567 is EMPTY"
    assert opener(secret).without_secret(words) == words


def test_a_key_that_is_cut_off_with_the_words_is_taken_out_first():
    assert "1234" not in opener("12345678").without_secret("." * 496 + "12345678")


def test_a_proxy_that_wants_to_know_who_asks_is_named_and_not_the_key():
    error = refused(407, "who are you?", opener("12345678"))
    assert isinstance(error, ProviderError)
    assert error.problem == "the proxy refuses the way to some-provider (status 407)"
    assert error.where == "targets.t"
