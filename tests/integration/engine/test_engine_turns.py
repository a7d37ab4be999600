import asyncio
import json
import logging

import pytest
from rasa.nlu.extractors.regex_entity_extractor import RegexEntityExtractor
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

from desk.errors import ModelError
from nlu.engine.engine import Engine
from nlu.engine.turn import Turn

FORM = [("order", {}), ("choose", {"choice": "small"}), ("give_location", {"place": "Markt"})]


async def say(engine, *steps, chat="a", start=1):
    """Take the steps one after the other and return the replies to the last one."""
    replies = []
    for update, step in enumerate(steps, start):
        said = {"text": step} if isinstance(step, str) else {"intent": step[0], "entities": step[1]}
        replies = await engine.handle(Turn(chat=chat, update=update, **said))
    return replies


def texts(replies):
    """Just the texts."""
    return [reply.text for reply in replies]


async def test_text_buttons_and_payload_come_as_one_reply(load):
    """A response with text, buttons and custom payload is one reply with all three."""
    (reply,) = await say(await load(), "hallo")
    assert (reply.text, reply.buttons[0].payload, dict(reply.custom)) == (
        "hello",
        "order",
        {"kind": "greeting"},
    )


@pytest.mark.parametrize("text", ["/restart", '/cancel{"a":1}', "/order", "  /order"])
async def test_words_never_become_an_intent_by_their_first_character(load, text):
    """What somebody types is classified like any other words, slash or not."""
    data = await (await load()).understand(text)
    assert 0 < data["intent"]["confidence"] < 1
    assert data["text"] == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "   ", "😀🎉", "\x00", "\ud800", "a\udfffb", "\u200b\u200b", "x" * 5000, "<b>*_`[", "{name} {0}"],
)
async def test_any_text_gets_an_answer(load, failures, text):
    """Empty, unprintable, broken and over-long text is answered, and nothing fails."""
    assert await say(await load(), text)
    assert failures == []


async def test_a_component_with_a_beginning_hears_the_texts_before_any_works(load, monkeypatch):
    """What takes long can go on while the components before it work."""
    order = []
    monkeypatch.setattr(RegexEntityExtractor, "begin", lambda _, texts: order.append(texts), raising=False)
    tokenize = WhitespaceTokenizer.process
    monkeypatch.setattr(
        WhitespaceTokenizer,
        "process",
        lambda self, messages: order.append("tokenizer") or tokenize(self, messages),
    )
    await (await load()).understand("hallo")
    assert order == [["hallo"], "tokenizer"]


async def test_long_text_is_cut_for_understanding_only(load):
    """The action reads all of it."""
    data = await (await load()).understand("hallo " * 1000)
    assert len(data["text"]) == len("hallo " * 1000) - 1


async def test_words_with_braces_do_not_break_a_response(load):
    """A resident's braces and brackets are repeated as written."""
    (reply,) = await say(await load(), *FORM, "{wish} 0[ {")
    assert reply.text == "small at Markt with {wish} 0[ {?"


async def test_a_failing_action_leaves_the_conversation_as_it_was(load, conversations, failures, caplog):
    """The turn is answered kindly, reported, and forgotten; the next turn goes on where the last good one was."""
    caplog.set_level(logging.DEBUG)
    engine = await load()
    await say(engine, *FORM)
    before = conversations["a"]
    assert texts(await say(engine, "boom geheim", start=4)) == ["internal error"]
    assert conversations["a"] == before
    assert [(place, type(error)) for place, error in failures] == [("validate_order_form", ValueError)]
    assert "validate_order_form failed with ValueError" in caplog.text
    assert "geheim" not in caplog.text
    assert texts(await say(engine, "mit Sahne", start=5)) == ["small at Markt with mit Sahne?"]


async def test_a_failure_in_the_middle_of_a_turn_takes_back_what_came_before(load, failures):
    """An action that ran before the failing one has changed nothing."""
    engine = await load()
    assert texts(await say(engine, ("break_down", {}))) == ["internal error"]
    assert texts(await say(engine, ("give_photos", {}), start=2)) == ["turn 1"]
    assert len(failures) == 1


async def test_failing_understanding_is_reported(load, failures, monkeypatch):
    """An exception in the pipeline is a failed turn like any other."""
    engine = await load()

    def breaks(texts):
        raise ValueError(texts)

    monkeypatch.setattr(engine._assistant._pipeline, "understand", breaks)
    assert texts(await say(engine, "hallo")) == ["internal error"]
    assert failures[0][0] == "understanding"


async def test_no_message_in_any_log(load, caplog, capfd):
    """At the lowest log level neither logs nor standard output contain what somebody wrote."""
    caplog.set_level(logging.DEBUG)
    engine = await load()
    logging.getLogger().setLevel(logging.DEBUG)
    await say(
        engine, *FORM, "geheimwort", "geheimwort", "kaputt geheimwort", ("affirm", {"place": "geheimwort"})
    )
    printed = capfd.readouterr()
    assert "geheimwort" not in caplog.text + printed.out + printed.err


async def test_silence_needs_to_be_asked_for(load):
    """A turn no rule answers gets the default response; an action may choose silence."""
    engine = await load()
    assert texts(await say(engine, "hallo", ("affirm", {}))) == ["please say it differently"]
    assert await say(engine, ("hush", {}), start=3) == []


async def test_the_same_update_twice_has_one_effect(load, conversations):
    """A redelivered update is answered with the stored replies, an older one with nothing."""
    engine = await load()
    photos = ("give_photos", {})
    first = await say(engine, photos)
    kept = conversations["a"]
    assert await say(engine, photos) == first
    assert conversations["a"] == kept
    assert texts(await say(engine, photos, start=2)) == ["turn 2"]
    assert await say(engine, photos, start=1) == []


async def test_a_conversation_survives_a_restart(load):
    """A new engine on the same store asks the next question of the form."""
    await say(await load(), *FORM[:2])
    assert texts(await say(await load(), FORM[2], start=3)) == ["anything else"]


async def test_nested_values_reach_the_action_and_survive(load, conversations):
    """Structured entities may be any JSON value."""
    engine = await load()
    place = {"latitude": 51.5, "path": [1, {"a": None}]}
    await say(engine, *FORM[:2], ("give_location", {"place": place}))
    assert ["s", "place", place] in json.loads(conversations["a"])["events"]


async def test_what_is_kept_does_not_grow(load, conversations):
    """After 200 turns the blob is no larger than after 20 of the same kind."""
    engine, sizes = await load(), []
    for turn in range(200):
        await say(
            engine, ["hallo", ("order", {}), ("ask_hours", {}), ("cancel", {})][turn % 4], start=turn + 1000
        )
        sizes.append(len(conversations["a"]))
    assert max(sizes[180:]) <= max(sizes[16:36])


@pytest.mark.parametrize(
    "blob", [b"", b"\xff", b"{}", b"[]", b'{"version":99}', b'{"version":1,"events":[[]]}']
)
async def test_a_damaged_conversation_starts_anew(load, conversations, blob):
    """Whatever lies in the store, the resident is answered."""
    conversations["a"] = blob
    assert texts(await say(await load(), ("give_photos", {}))) == ["turn 1"]


async def test_a_conversation_of_an_older_model_goes_on(load, conversations):
    """Slots, forms and events the model no longer knows are dropped, the rest is kept."""
    engine = await load()
    await say(engine, ("give_photos", {}))
    content = json.loads(conversations["a"])
    content["events"] = [["s", "gone", 1], ["l", "gone_form"], ["x", 1], *content["events"]]
    conversations["a"] = json.dumps(content).encode()
    assert texts(await say(engine, ("give_photos", {}), start=2)) == ["turn 2"]


async def test_forget_deletes_everything(load, conversations):
    """After it the chat is new."""
    engine = await load()
    await say(engine, ("give_photos", {}))
    await engine.forget("a")
    assert conversations == {}
    assert texts(await say(engine, ("give_photos", {}))) == ["turn 1"]


async def test_turns_of_a_chat_wait_for_each_other(load):
    """Turns that come in at once count one after the other; other chats are not held up."""
    engine = await load()
    turns = [Turn(chat=chat, update=n, intent="give_photos") for chat in "ab" for n in range(1, 6)]
    replies = await asyncio.gather(*(engine.handle(turn) for turn in turns))
    assert [texts(reply) for reply in replies] == [[f"turn {n}"] for n in range(1, 6)] * 2


async def test_without_a_model_there_is_a_clear_error(tmp_path, conversations, failures):
    """A missing and a broken model are told apart."""
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    for path, key in ((tmp_path / "none.tar.gz", "operator.no_model"), (broken, "operator.bad_model")):
        with pytest.raises(ModelError) as caught:
            await Engine.load(path, actions=[], conversations=conversations, on_failure=failures)
        assert caught.value.key == key


async def test_a_missing_action_is_found_when_loading(model, project_actions, conversations, failures):
    """The domain's actions must all be there."""
    some = [action() for action in project_actions.ALL[1:]]
    with pytest.raises(ModelError) as caught:
        await Engine.load(model, actions=some, conversations=conversations, on_failure=failures)
    assert caught.value.params == {"names": "validate_order_form"}


async def test_understanding_together_is_understanding_alone(load):
    """A text's parse data does not depend on its neighbours."""
    engine = await load()
    said = ["hallo", "", "am Markt", "/restart", "ich will bestellen am Hafen", "😀"]
    alone = [await engine.understand(text) for text in said]
    for one, together in zip(alone, engine.understand_all(said), strict=True):
        assert together["intent"]["name"] == one["intent"]["name"]
        assert together["intent"]["confidence"] == pytest.approx(one["intent"]["confidence"])
        assert together["entities"] == one["entities"]
