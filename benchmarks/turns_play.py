"""The three scenes every system plays, the same way."""

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any, Protocol

from turns_dialogues import Project, Step

LONG_CHAT = 300
MEASURED_TURNS = (10, 150, 300)
AROUND = 2  # a turn's cost is the median of it and its neighbours on both sides
SINGLE_TURNS = 60


class Chat(Protocol):
    """One conversation with a system."""

    async def take(self, step: Step) -> int:
        """Take one turn; return the number of replies."""
        ...


async def play(project: Project, chat: Callable[[str], Chat], *, chats: int) -> dict[str, Any]:
    """Play everything and return turns a second, milliseconds a turn, and turns left without a reply."""
    unanswered = 0
    for step in project.report:  # warm up
        await chat("warm").take(step) if step is project.report[0] else None
    single = await _single(project, chat)
    crowd, unanswered = await _crowd(project, chat, chats)
    long = await _long(project, chat)
    return {**single, **crowd, **long, "unanswered": unanswered}


async def _single(project: Project, chat: Callable[[str], Chat]) -> dict[str, float]:
    took = []
    for number in range(SINGLE_TURNS):
        one = chat(f"single-{number}")
        begin = time.perf_counter()
        await one.take(project.action)
        took.append((time.perf_counter() - begin) * 1000)
    ordered = sorted(took)
    return {"p50": statistics.median(ordered), "p95": ordered[int(len(ordered) * 0.95)]}


async def _crowd(project: Project, chat: Callable[[str], Chat], chats: int) -> tuple[dict[str, float], int]:
    async def tell(one: Chat) -> int:
        silent = 0
        for step in project.report:
            silent += not await one.take(step)
        return silent

    crowd = [chat(f"crowd-{number}") for number in range(chats)]
    begin = time.perf_counter()
    unanswered = sum(await asyncio.gather(*(tell(one) for one in crowd)))
    seconds = time.perf_counter() - begin
    return {"rate": chats * len(project.report) / seconds}, unanswered


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
