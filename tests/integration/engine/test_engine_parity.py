import random

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from nlu.engine.turn import Turn

CHOOSE_SMALL = ("choose", {"choice": "small"})
STEPS = [
    "hallo",
    "ich will bestellen",
    "wann habt ihr offen",
    "abbrechen",
    "ja",
    "nein",
    "halt an",
    "zweimal",
    "sei still",
    "am Markt",
    "bestellen am Hafen",
    CHOOSE_SMALL,
    ("choose", {"choice": "tiny"}),
    ("give_photos", {"photos": [{"id": 1}, {"id": 2}]}),
    ("give_location", {"place": "Hafen"}),
    ("greet", {}),
    ("order", {"place": "Markt"}),
    ("ask_hours", {}),
    ("cancel", {}),
    ("affirm", {}),
    ("deny", {}),
    ("stop_form", {}),
    ("tell_twice", {}),
    ("restart", {}),
]
COMPLETE = [("order", {}), CHOOSE_SMALL, ("give_location", {"place": "Markt"}), ("greet", {}), ("affirm", {})]


class StockActions(EndpointConfig):
    """Stock Rasa's way to its actions, without the network between."""

    def __init__(self, actions):
        super().__init__(url="http://127.0.0.1/unused")
        self.executor = ActionExecutor()
        for action in actions:
            self.executor.register_action(action)

    async def request(self, json=None, **_):
        return await self.executor.run(json)


@pytest.fixture(scope="module")
def stock_model(model, project_actions):
    """Stock Rasa's agent with the same model and actions."""
    from nlu.engine.quiet import quiet_imports

    with quiet_imports():
        return Agent.load(str(model), action_endpoint=StockActions([a() for a in project_actions.ALL]))


class Stock:
    """A conversation with stock Rasa: full history in memory."""

    def __init__(self, agent: Agent, chat: str) -> None:
        agent.tracker_store = InMemoryTrackerStore(agent.domain or Domain.empty())
        agent.processor.tracker_store = agent.tracker_store
        self.agent, self.chat = agent, chat

    async def say(self, step):
        if isinstance(step, str):
            text, parse_data = step, None
        else:
            intent, entities = step
            text = ""
            found = {"name": intent, "confidence": 1.0}
            named = [{"entity": name, "value": value} for name, value in entities.items()]
            parse_data = {"text": "", "intent": found, "intent_ranking": [found], "entities": named}
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, self.chat, parse_data=parse_data)
        return plain_stock(await self.agent.handle_message(message) or [])


def plain_stock(messages):
    """Text, buttons and payload in the order they were sent, without who got them."""
    plain = []
    for message in messages:
        if message.get("text"):
            plain.append(("text", message["text"]))
        plain += [("button", button["title"], button["payload"]) for button in message.get("buttons", [])]
        if message.get("custom"):
            plain.append(("custom", message["custom"]))
    return plain or [("text", "please say it differently")]


def plain(replies):
    """The engine's replies in the same form."""
    lines = []
    for reply in replies:
        if reply.text:
            lines.append(("text", reply.text))
        lines += [("button", button.title, button.payload) for button in reply.buttons]
        if reply.custom:
            lines.append(("custom", dict(reply.custom)))
    return lines


def turn(chat, update, step):
    """The step as the engine takes it."""
    if isinstance(step, str):
        return Turn(chat=chat, update=update, text=step)
    return Turn(chat=chat, update=update, intent=step[0], entities=step[1])


def without_silence(lines):
    """The lines without the marker for chosen silence, which the engine drops."""
    return [line for line in lines if line != ("custom", {"silent": True})]


def scripts(seed, count, length):
    """Random conversations, the same ones every time."""
    choice = random.Random(seed)  # noqa: S311
    return [[choice.choice(STEPS) for _ in range(length)] for _ in range(count)]


@pytest.mark.parametrize("script", [COMPLETE * 2, *scripts(seed=1, count=12, length=25)])
async def test_same_replies_as_stock(load, stock_model, script):
    """Keeping only what the next turn needs changes no reply, whatever the order of turns."""
    engine, stock = await load(), Stock(stock_model, "a")
    for update, step in enumerate(script):
        ours = plain(await engine.handle(turn("a", update, step)))
        theirs = without_silence(await stock.say(step))
        assert ours == theirs, (update, script[: update + 1])


async def test_same_state_as_stock(load, stock_model, conversations):
    """Slots and active form after every turn equal those of the full history."""
    from nlu.engine.memory import Memory
    from nlu.engine.tracker import untouched_slots

    engine, stock = await load(), Stock(stock_model, "a")
    domain = stock_model.domain
    for update, step in enumerate(scripts(seed=2, count=1, length=120)[0]):
        await engine.handle(turn("a", update, step))
        await stock.say(step)
        theirs = await stock.agent.tracker_store.retrieve("a")
        ours = Memory.from_bytes(conversations["a"]).tracker(
            "a", domain=domain, untouched=untouched_slots(domain)
        )
        assert ours.current_slot_values() == theirs.current_slot_values()
        assert ours.active_loop_name == theirs.active_loop_name
        assert ours.is_active_loop_rejected == theirs.is_active_loop_rejected
        assert ours.latest_action_name == theirs.latest_action_name
