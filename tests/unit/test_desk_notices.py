from dataclasses import replace

import pytest

from desk.notices import (
    ALBUM,
    NoticeKind,
    again_notices,
    card_notices,
    card_update_notices,
    news_notice,
    photo_notices,
)
from desk.tickets import Actor, Entry, Photo, Place, Status, Ticket
from tests.builders import NOW, RESIDENT, report


def ticket(**changes: object) -> Ticket:
    """A new ticket."""
    entry = Entry(at=NOW, what="new", actor=Actor.RESIDENT)
    return Ticket(
        number="QH-2026-00001",
        created_at=NOW,
        status=Status.NEW,
        report=report(**changes),
        history=(entry,),
    )


@pytest.mark.parametrize(
    ("count", "albums"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])]
)
def test_photos_go_in_albums_of_ten(count: int, albums: list[int]) -> None:
    """Every photo is in exactly one album, in order, and no album is too big."""
    photos = tuple(Photo(file_id=f"f{index}") for index in range(count))
    notices = photo_notices("stem", "7", photos, caption="QH-1")
    assert [len(notice.content["photos"]) for notice in notices] == albums
    sent = [Photo.from_json(photo) for notice in notices for photo in notice.content["photos"]]
    assert tuple(sent) == photos
    assert len({notice.key for notice in notices}) == len(notices)
    assert max(albums, default=0) <= ALBUM


def test_each_chat_gets_card_photos_and_map_point() -> None:
    """Every registered chat gets its own copy of everything, with keys of its own."""
    notices = card_notices(ticket(), ["-100", "8"])
    assert [(notice.chat, notice.kind) for notice in notices] == [
        (chat, kind)
        for chat in ("-100", "8")
        for kind in (NoticeKind.CARD, NoticeKind.PHOTOS, NoticeKind.MAP_POINT)
    ]
    assert len({notice.key for notice in notices}) == len(notices)
    assert {notice.ticket for notice in notices} == {"QH-2026-00001"}


def test_a_ticket_without_photos_or_point_is_a_card_alone() -> None:
    """Nothing is sent for what there is not."""
    bare = ticket(photos=(), place=Place(label="Nord", district="Nord"))
    assert [notice.kind for notice in card_notices(bare, ["8"])] == [NoticeKind.CARD]


def test_the_card_brings_every_photo() -> None:
    """Photos that were added later go with those of the report, each once and in order."""
    new = ticket()
    answer = Entry(at=NOW, what="answer", actor=Actor.RESIDENT, photos=(Photo(file_id="later"),))
    (album,) = [
        one
        for one in card_notices(replace(new, history=(*new.history, answer)), ["8"])
        if one.kind is NoticeKind.PHOTOS
    ]
    assert album.content["photos"] == [
        photo.as_json() for photo in (*new.report.photos, Photo(file_id="later"))
    ]


def test_a_card_for_another_cause_is_another() -> None:
    """The same cause for the same chat is one card with all its parts, another cause is another."""
    first, again, later = (
        {one.key for one in card_notices(ticket(), ["8"], once=once)} for once in (None, "3", "4")
    )
    assert len(first | again | later) == 9
    assert again == {one.key for one in card_notices(ticket(), ["8"], once="3")}


def test_a_ticket_that_is_there_again_is_told_beside_its_card() -> None:
    """Each chat gets one message for one cause, with the ticket's number."""
    notices = again_notices(ticket(), ["-100", "8"], "caretaker.again_handed_over", once="3")
    assert [(one.chat, one.ticket) for one in notices] == [("-100", "QH-2026-00001"), ("8", "QH-2026-00001")]
    assert notices[0].content == {
        "text_key": "caretaker.again_handed_over",
        "params": {"number": "QH-2026-00001"},
        "beside_card": True,
    }
    keys = {one.key for once in "34" for one in again_notices(ticket(), ["-100", "8"], "x", once=once)}
    assert len(keys) == 4


def test_nothing_a_caretaker_gets_names_the_resident() -> None:
    """Neither the content nor the key of what goes to caretakers has the resident's chat."""
    again = again_notices(ticket(), ["8"], "caretaker.again_declined", once="3")
    for notice in (*card_notices(ticket(), ["8"]), *card_update_notices(ticket(), ["8"]), *again):
        assert RESIDENT not in f"{notice.key} {dict(notice.content)} {notice.chat}"


def test_news_go_to_the_resident_with_the_number() -> None:
    """What the resident hears is a text key with the ticket's number."""
    notice = news_notice(ticket(), "done", "resident.ticket_done")
    assert notice.chat == RESIDENT
    assert notice.content == {"text_key": "resident.ticket_done", "params": {"number": "QH-2026-00001"}}


def test_news_carry_what_can_be_done_about_them() -> None:
    """Each deed is the label of a button and the data it sends, short enough for Telegram."""
    notice = news_notice(ticket(), "done", "resident.ticket_done", buttons=("confirm", "reopen"))
    assert notice.content["button_keys"] == [
        ["resident_confirm", "r:QH-2026-00001:confirm"],
        ["resident_reopen", "r:QH-2026-00001:reopen"],
    ]
    assert all(len(data.encode()) <= 64 for _, data in notice.content["button_keys"])


def test_each_state_of_a_card_has_its_own_update() -> None:
    """Two updates after different entries are two; the same state for the same chat is one."""
    new = ticket()
    later = Ticket(**{**vars(new), "history": (*new.history, *new.history)})
    assert card_update_notices(new, ["8"]) == card_update_notices(new, ["8"])
    assert card_update_notices(new, ["8"])[0].key != card_update_notices(later, ["8"])[0].key
