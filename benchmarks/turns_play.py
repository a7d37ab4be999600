"""The three scenes every system plays, the same way."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from turns_dialogues import Project, Step

LONG_CHAT = 300
MEASURED_TURNS = (10, 150, 300)
AROUND = 4  # a turn's cost is the median of it and its neighbours on both sides
SINGLE_TURNS = 60


class Chat(Protocol):
    """One conversation with a system."""

    async def take(self, step: Step) -> int:
        """Take one turn; return the number of replies."""
        ...


async def play(
    project: Project,
    chat: Callable[[str], Chat],
    *,
    chats: int,
    before_crowd: Callable[[], Awaitable[None]] | None = None,
) -> dict[str, Any]:
    """Play everything and return turns a second, milliseconds a turn, and turns left without a reply."""
    warm = chat("warm")
    for step in project.report:
        await warm.take(step)
    single = await _single(project, chat)
    if before_crowd:
        await before_crowd()
    crowd = await _crowd(project, chat, chats)
    long = await _long(project, chat)
    return {**single, **crowd, **long}


async def _single(project: Project, chat: Callable[[str], Chat]) -> dict[str, float]:
    took = []
    for number in range(SINGLE_TURNS):
        one = chat(f"single-{number}")
        begin = time.perf_counter()
        await one.take(project.action)
        took.append((time.perf_counter() - begin) * 1000)
    ordered = sorted(took)
    return {"p50": statistics.median(ordered), "p95": ordered[int(len(ordered) * 0.95)]}


async def _crowd(project: Project, chat: Callable[[str], Chat], chats: int) -> dict[str, float]:
    async def tell(one: Chat) -> int:
        answered = 0
        for step in project.report:
            try:
                answered += bool(await one.take(step))
            except LookupError:  # the reply with the button never came: this chat is stuck
                break
        return answered

    crowd = [chat(f"crowd-{number}") for number in range(chats)]
    begin = time.perf_counter()
    answered = sum(await asyncio.gather(*(tell(one) for one in crowd)))
    seconds = time.perf_counter() - begin
    return {"rate": answered / seconds, "unanswered": chats * len(project.report) - answered}


async def _long(project: Project, chat: Callable[[str], Chat]) -> dict[str, float]:
    one, took = chat("long"), []
    # The measured turns are all the same kind of turn: the one with the custom action.
    for number in range(1, LONG_CHAT + AROUND + 1):
        near = any(abs(number - turn) <= AROUND for turn in MEASURED_TURNS)
        step = project.action if near else project.chatter[number % len(project.chatter)]
        begin = time.perf_counter()
        await one.take(step)
        took.append((time.perf_counter() - begin) * 1000)
    return {
        f"turn_{turn}": statistics.median(took[turn - 1 - AROUND : turn + AROUND]) for turn in MEASURED_TURNS
    }
