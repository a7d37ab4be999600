from dataclasses import replace

import pytest

from bot.limits import MOST_CHATS, Bucket, Limits, Pace, Rate

PLAIN = Limits(
    overall=Rate(messages=30, seconds=1, burst=30),
    chat=Rate(messages=1, seconds=1, burst=5),
    group=Rate(messages=20, seconds=60, burst=10),
)


class Time:
    """Seconds that only pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def sent_at(pace: Pace, time: Time, chats: list[str]) -> list[float]:
    """When each message goes, in seconds from the start, if all are ready at once."""
    start, times = time.now, []
    for chat in chats:
        await pace.wait(chat)
        times.append(round(time.now - start, 6))
    return times


def most_within(times: list[float], seconds: float) -> int:
    """The most messages in any window of so many seconds."""
    return max(sum(start <= one < start + seconds for one in times) for start in times)


@pytest.fixture
def time() -> Time:
    return Time()


async def test_one_chat_gets_a_burst_and_then_one_a_second(time: Time) -> None:
    """The first few messages go at once, then one follows a second."""
    times = await sent_at(Pace(PLAIN, clock=time.clock, sleep=time.sleep), time, ["7"] * 9)
    assert times == [0, 0, 0, 0, 0, 1, 2, 3, 4]


async def test_a_group_gets_twenty_a_minute(time: Time) -> None:
    """Beyond its burst a group gets one message in three seconds."""
    times = await sent_at(Pace(PLAIN, clock=time.clock, sleep=time.sleep), time, ["-100"] * 40)
    assert times[:10] == [0] * 10
    assert times[10:13] == [3, 6, 9]
    assert most_within(times[10:], 60) <= 20


async def test_all_chats_together_stay_below_thirty_a_second(time: Time) -> None:
    """However many chats are written to, no second beyond the first burst has more than thirty messages."""
    chats = [str(index) for index in range(200)]
    times = await sent_at(Pace(PLAIN, clock=time.clock, sleep=time.sleep), time, chats)
    assert most_within(times[30:], 1) <= 31
    assert times[-1] >= (200 - 30) / 30 - 0.01


async def test_waiting_for_one_chat_costs_another_nothing(time: Time) -> None:
    """A chat that has used up its burst does not slow down a fresh one."""
    pace = Pace(PLAIN, clock=time.clock, sleep=time.sleep)
    await sent_at(pace, time, ["7"] * 8)
    assert await sent_at(pace, time, ["8"]) == [0]


async def test_a_pause_fills_the_burst_again(time: Time) -> None:
    """After some quiet a chat has its burst back, and never more than that."""
    pace = Pace(PLAIN, clock=time.clock, sleep=time.sleep)
    await sent_at(pace, time, ["7"] * 5)
    time.now += 3600
    assert await sent_at(pace, time, ["7"] * 7) == [0, 0, 0, 0, 0, 1, 2]


async def test_idle_chats_are_dropped(time: Time) -> None:
    """Memory does not grow with every chat there ever was; who is still being limited stays limited."""
    fast = replace(PLAIN, overall=Rate(messages=1e9, seconds=1, burst=10**9))
    pace = Pace(fast, clock=time.clock, sleep=time.sleep)
    for index in range(MOST_CHATS):
        await pace.wait(str(index))
    time.now += 3600
    await sent_at(pace, time, ["busy"] * 5)
    assert len(pace.chats) < 10
    assert await sent_at(pace, time, ["busy"]) == [1]


@pytest.mark.parametrize(("rate", "allowed"), [("overall", 30), ("chat", 1), ("group", 20 / 60)])
def test_the_product_stays_below_telegrams_rates(rate: str, allowed: float) -> None:
    """30 messages a second overall, one a second to a chat, twenty a minute to a group (Bots FAQ)."""
    ours: Rate = getattr(Limits(), rate)
    assert ours.messages / ours.seconds < allowed


async def test_waiting_for_the_others_does_not_shorten_a_chats_own_pause(time: Time) -> None:
    """A chat's messages keep their distance although the bot as a whole was what held the first up."""
    slow = replace(
        PLAIN, overall=Rate(messages=1, seconds=10, burst=1), chat=Rate(messages=1, seconds=4, burst=1)
    )
    pace = Pace(slow, clock=time.clock, sleep=time.sleep)
    await sent_at(pace, time, ["8"])
    first, second = await sent_at(pace, time, ["7", "7"])
    assert second - first >= 4


def test_a_bucket_gives_credit_and_says_how_long() -> None:
    """Taking more than there is returns the seconds until it is covered, one after the other."""
    bucket = Bucket(Rate(messages=2, seconds=1, burst=1), now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [0, 0.5, 1.0, 1.5]
