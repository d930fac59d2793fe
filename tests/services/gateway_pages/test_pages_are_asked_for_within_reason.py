"""May two people do whatever they like on their page, and nobody wear the broker out with it?"""

import pytest

from threedates.gateway.rates import AT_ONCE, KEPT, PER_MINUTE, Rates, TooOftenError


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_what_is_more_waits() -> None:
    clock = Clock()
    rates = Rates(clock)
    for _ in range(AT_ONCE):
        rates.count("one")
    with pytest.raises(TooOftenError) as refused:
        rates.count("one")
    assert refused.value.seconds == pytest.approx(60 / PER_MINUTE)
    rates.count("another")
    clock.now += refused.value.seconds + 0.001
    rates.count("one")
    with pytest.raises(TooOftenError):
        rates.count("one")


def test_what_is_dear_counts_as_several() -> None:
    rates = Rates(Clock())
    rates.count("one", AT_ONCE)
    with pytest.raises(TooOftenError):
        rates.count("one")


def test_only_so_many_are_remembered() -> None:
    rates = Rates(Clock())
    rates.count("first", AT_ONCE)
    for n in range(KEPT):
        rates.count(n)
    rates.count("first", AT_ONCE)
