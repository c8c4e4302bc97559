from random import Random

import pytest

from rebaseline.errors import UsageError
from rebaseline.run.limits import Backoff, Limits


class Most(Random):
    def uniform(self, a, b):
        return b


class Least(Random):
    def uniform(self, a, b):
        return a


def test_waits_double_up_to_the_most():
    backoff = Backoff(base_seconds=0.5, most_seconds=3.0)
    assert [backoff.wait_seconds(n, None, Most()) for n in (1, 2, 3, 4, 99_999)] == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_jitter_is_full():
    assert Backoff().wait_seconds(5, None, Least()) == 0.0


def test_a_wait_is_never_shorter_than_the_provider_asks_up_to_a_cap():
    backoff = Backoff(base_seconds=0.5, most_retry_after_seconds=60.0)
    assert backoff.wait_seconds(1, 7.0, Least()) == 7.0
    assert backoff.wait_seconds(1, 7.0, Most()) == 7.5
    assert backoff.wait_seconds(1, 86_400.0, Least()) == 60.0


@pytest.mark.parametrize(
    "bound",
    [{"concurrency": 0}, {"tries": 0}, {"max_calls": -1}, {"silence": 0}, {"timeout_seconds": 0.0}],
)
def test_bounds_under_which_nothing_is_asked_are_refused(bound):
    with pytest.raises(UsageError, match=next(iter(bound))):
        Limits(**bound)
