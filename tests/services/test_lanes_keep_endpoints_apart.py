"""Does a lane let quick endpoints run, keep slow ones to their share, and close on those that fail?"""

from datetime import UTC, datetime, timedelta

import pytest

from threedates.core.retry import Result
from threedates.nudges.lanes import KEPT, Lanes
from threedates.nudges.parking import PATIENCE, RETURNS_PER_SECOND

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OK, BAD = Result(200, latency_ms=5), Result(500, latency_ms=5)


async def entered(lanes: Lanes, count: int, now: datetime = NOW) -> int:
    """How many of so many tasks got a place."""
    return sum([await lanes.enter("ada_1", f"t-{n}-{now}", now) is None for n in range(count)])


async def test_an_unknown_endpoint_gets_an_eighth_and_a_quick_one_half() -> None:
    """Nobody is trusted with more before it has answered."""
    assert await entered(Lanes(64), 10) == 8
    lanes = Lanes(64)
    assert await lanes.enter("ada_1", "first", NOW) is None
    await lanes.leave("ada_1", "first", OK, NOW)
    assert await entered(lanes, 34) == 32


async def test_a_quick_endpoint_that_hangs_loses_its_half() -> None:
    """However quick it was before."""
    lanes = Lanes(64)
    assert await lanes.enter("ada_1", "first", NOW) is None
    await lanes.leave("ada_1", "first", OK, NOW)
    assert await entered(lanes, 10) == 10
    assert await entered(lanes, 1, NOW + 2 * SECOND) == 0


async def test_lanes_do_not_touch_each_other() -> None:
    lanes = Lanes(8)
    assert await entered(lanes, 2) == 1
    assert await lanes.enter("bea_1", "t", NOW) is None


async def test_three_failures_in_a_row_close_a_lane_and_one_success_opens_it() -> None:
    """What fails for everybody is not asked once per message."""
    lanes = Lanes(64)
    for n in range(3):
        assert await lanes.enter("ada_1", f"f-{n}", NOW) is None
        await lanes.leave("ada_1", f"f-{n}", BAD, NOW)
    until = await lanes.enter("ada_1", "next", NOW)
    assert until is not None
    assert until >= NOW + 20 * SECOND
    later = NOW + 21 * SECOND
    assert await lanes.enter("ada_1", "probe", later) is None
    await lanes.leave("ada_1", "probe", OK, later)
    assert await lanes.enter("ada_1", "after", later) is None


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_an_answer_that_asks_for_patience_closes_it_at_once(status: int) -> None:
    """For as long as it asks."""
    lanes = Lanes(64)
    assert await lanes.enter("ada_1", "t", NOW) is None
    await lanes.leave("ada_1", "t", Result(status, retry_after="600"), NOW)
    until = await lanes.enter("ada_1", "next", NOW + 500 * SECOND)
    assert until is not None
    assert until >= NOW + 600 * SECOND


async def test_a_refusal_of_one_message_closes_nothing() -> None:
    """A 400 says something about the message, not about the endpoint."""
    lanes = Lanes(64)
    for n in range(5):
        assert await lanes.enter("ada_1", f"t-{n}", NOW) is None
        await lanes.leave("ada_1", f"t-{n}", Result(400), NOW)


async def test_lanes_are_bounded() -> None:
    """A process may meet millions of endpoints."""
    lanes = Lanes(64)
    for n in range(KEPT + 10):
        await lanes.enter(f"e-{n}", "t", NOW)
        await lanes.leave(f"e-{n}", "t", OK, NOW)
    assert len(lanes._lanes) == KEPT


async def test_replays_have_a_share_of_their_own() -> None:
    """Of each lane and of all; whoever replays everything at once leaves the places to what is new."""
    lanes = Lanes(64)
    entered = [await lanes.enter(f"e-{n % 8}", f"r-{n}", NOW, replayed=True) is None for n in range(40)]
    assert sum(entered) == 8
    assert await lanes.enter("e-0", "new", NOW) is None
    await lanes.leave("e-0", "r-0", OK, NOW)
    assert await lanes.enter("e-0", "r-40", NOW, replayed=True) is None


async def test_a_rate_gives_each_task_a_turn_of_its_own() -> None:
    """Ten seconds' worth at once, then one by one; what was not used is not saved up beyond that."""
    lanes = Lanes(64)
    turns = [lanes.turn("ada_1", 60, NOW) for _ in range(13)]
    assert turns == [None] * 10 + [NOW + n * SECOND for n in (1, 2, 3)]
    assert lanes.turn("ada_1", 60, NOW + 3 * SECOND) == NOW + 4 * SECOND
    later = NOW + 600 * SECOND
    assert [lanes.turn("ada_1", 60, later) for _ in range(11)] == [None] * 10 + [later + SECOND]
    assert [lanes.turn("bea_1", 1, NOW) for _ in range(2)] == [None, NOW + 60 * SECOND]


async def test_many_slow_lanes_leave_a_place_for_those_nobody_knows_yet() -> None:
    """Half of the slow places go to whoever comes; then each has one, so that a good endpoint can show that it is."""
    lanes = Lanes(64)
    entered = [await lanes.enter(f"bad-{n % 10}", f"t-{n}", NOW) is None for n in range(60)]
    assert sum(entered) == 32
    later = NOW + 5 * SECOND
    assert await lanes.enter("bad-1", "more", later) is not None
    assert await lanes.enter("good", "first", later) is None
    assert await lanes.enter("good", "second", later) is not None
    await lanes.leave("good", "first", OK, later)
    assert sum([await lanes.enter("good", f"g-{n}", later) is None for n in range(40)]) == 32


async def test_what_takes_long_gives_the_places_of_the_quick_back() -> None:
    """A quick endpoint that hangs moves to the places of the slow, as many as there are quick ones."""
    lanes = Lanes(64)
    assert await lanes.enter("ada_1", "first", NOW) is None
    await lanes.leave("ada_1", "first", OK, NOW)
    assert await entered(lanes, 32) == 32
    assert lanes.slow(NOW) == 0
    assert lanes.slow(NOW + SECOND) == 32
    await lanes.leave("ada_1", f"t-0-{NOW}", BAD, NOW + 2 * SECOND)
    assert lanes.slow(NOW + 2 * SECOND) == 31


async def test_tasks_of_a_slow_lane_come_back_one_behind_the_other() -> None:
    """A backlog is not tried again and again, and none is put off for more than some minutes."""
    lanes = Lanes(64)
    assert await entered(lanes, 8) == 8
    later = NOW + 16 * SECOND
    until = [await lanes.enter("ada_1", f"p-{n}", later) for n in range(1_000)]
    waits = [(at - later).total_seconds() for at in until if at is not None]
    assert len(waits) == 1_000
    assert waits[20] > 2
    assert 200 < max(waits) <= 1.2 * (PATIENCE + 400 * SECOND / RETURNS_PER_SECOND).total_seconds()


async def closed(lanes: Lanes, endpoint_id: str) -> datetime:
    """Close its lane; when it opens again."""
    assert await lanes.enter(endpoint_id, "busy", NOW) is None
    await lanes.leave(endpoint_id, "busy", Result(503), NOW)
    return NOW + 5 * SECOND


async def test_a_lane_that_opens_again_lets_one_go_ahead() -> None:
    """One request tells whether it is back; the rest of its queue stays away until then, and waits nowhere."""
    lanes = Lanes(64)
    opens = await closed(lanes, "ada_1")
    assert await entered(lanes, 5, opens) == 1
    await lanes.leave("ada_1", f"t-0-{opens}", OK, opens)
    assert await entered(lanes, 5, opens + SECOND) == 5


async def test_what_was_under_way_as_a_lane_closed_keeps_it_closed_no_longer() -> None:
    """Eight that fail at once are one incident."""
    lanes = Lanes(64)
    assert await entered(lanes, 8) == 8
    for n in range(8):
        await lanes.leave("ada_1", f"t-{n}-{NOW}", Result(503), NOW)
    assert lanes.is_closed("ada_1", NOW + 4 * SECOND)
    assert not lanes.is_closed("ada_1", NOW + 6 * SECOND)


async def test_a_long_queue_comes_back_at_a_rate_that_leaves_time_for_others() -> None:
    """Whatever comes back for nothing is sent away again; that must not become all that a process does."""
    lanes = Lanes(64)
    opens = await closed(lanes, "ada_1")
    until = sorted([await lanes.enter("ada_1", f"p-{n}", NOW) or NOW for n in range(20_000)])
    assert until[0] >= opens
    for second in range(0, 100, 10):
        there = [at for at in until if 0 <= (at - opens).total_seconds() - second < 10]
        assert len(there) <= 1.5 * 10 * RETURNS_PER_SECOND


async def test_queues_share_the_rate_at_which_they_come_back() -> None:
    """Many dead endpoints cost no more than one; a short queue does not stand behind a long one."""
    lanes = Lanes(64)
    opens = await closed(lanes, "ada_1")
    await closed(lanes, "bea_1")
    first = [await lanes.enter("ada_1", f"p-{n}", NOW) or NOW for n in range(10_000)]
    second = [await lanes.enter("bea_1", f"p-{n}", NOW) or NOW for n in range(10_000)]
    seconds = (max(second) - opens).total_seconds()
    assert seconds > 1.5 * (max(first) - opens).total_seconds()
    assert second[0] < opens + SECOND


async def test_only_a_long_queue_is_put_off_unseen() -> None:
    """Of a short one each is asked about whenever it comes back: it may have been answered meanwhile."""
    lanes = Lanes(64)
    opens = await closed(lanes, "ada_1")
    assert lanes.put_off("ada_1", "first", NOW) is None
    for n in range(7_000):
        await lanes.enter("ada_1", f"p-{n}", NOW)
    until = lanes.put_off("ada_1", "last", NOW)
    assert until is not None
    assert until > opens
    assert lanes.put_off("ada_1", "open", opens) is None
