import asyncio

import pytest

from nlu.engine.understanding import LARGEST_BATCH, Understanding


class Pipeline:
    """Understands by length and remembers how many texts came together."""

    def __init__(self):
        self.batches = []

    def __call__(self, texts):
        self.batches.append(len(texts))
        if "bad" in texts:
            raise ValueError("bad")
        return [{"length": len(text)} for text in texts]


async def test_texts_that_come_at_once_are_understood_together():
    """Each gets its own answer; no batch is larger than allowed."""
    pipeline = Pipeline()
    understanding = Understanding(pipeline)
    texts = ["x" * number for number in range(40)]
    found = await asyncio.gather(*(understanding.one(text) for text in texts))
    assert [data["length"] for data in found] == list(range(40))
    assert pipeline.batches == [LARGEST_BATCH, LARGEST_BATCH, 40 - 2 * LARGEST_BATCH]


async def test_one_bad_text_fails_alone():
    """Its neighbours in the batch are answered."""
    understanding = Understanding(Pipeline())
    good, bad, other = await asyncio.gather(
        understanding.one("a"), understanding.one("bad"), understanding.one("ab"), return_exceptions=True
    )
    assert (good, other) == ({"length": 1}, {"length": 2})
    assert isinstance(bad, ValueError)


async def test_a_cancelled_text_does_not_hold_up_the_rest():
    """Whoever waits on is answered, and the next text is too."""
    understanding = Understanding(Pipeline())
    gone = asyncio.ensure_future(understanding.one("gone"))
    stays = asyncio.ensure_future(understanding.one("stays"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == {"length": 5}
    assert await understanding.one("next") == {"length": 4}
    with pytest.raises(asyncio.CancelledError):
        await gone
