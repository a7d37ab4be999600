"""What the front door does for hours: buttons that name an office, and an office on the map."""

import pytest

from bot.incoming import Part, button_part
from bot.residents import _notice
from desk.notices import NoticeKind
from nlu.engine.turn import Reply

FORGED = Part(intent="choose", entities={"id": "", "value": ""})


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ("/ask_office_hours", Part(intent="ask_office_hours")),
        ('/ask_office_hours{"office":"a"}', Part(intent="ask_office_hours", entities={"office": "a"})),
        ('/ask_office_hours{"place":"a"}', FORGED),
        ('/ask_office_hours{"office":"a","place":"b"}', FORGED),
        ('/human{"office":"a"}', FORGED),
    ],
)
def test_a_button_may_name_an_office(data: str, part: Part) -> None:
    """With an office or without; anything else is forged."""
    assert button_part(data) == part


def test_a_place_on_the_map_is_a_message_of_its_own() -> None:
    """A reply that is a venue becomes a map point with title and address."""
    venue = {"latitude": 51.4, "longitude": 7.0, "title": "Treff", "address": "Weg 1"}
    notice = _notice(Reply(custom={"venue": venue}), chat="7", key="k")
    assert (notice.kind, notice.content) == (NoticeKind.MAP_POINT, venue)
