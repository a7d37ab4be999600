import json

from hypothesis import given
from hypothesis import strategies as st

from desk.drafts import MOST_PHOTOS, Draft, Guess, Search, Spot, Words
from desk.questions import Question
from desk.tickets import Photo

TEXTS = st.text(max_size=30)
MAYBE = st.none() | TEXTS
DEGREES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
PHOTOS = st.lists(
    st.builds(Photo, file_id=TEXTS) | st.builds(Photo, stored=TEXTS), max_size=12, unique=True
).map(tuple)
NAMES = st.lists(TEXTS, max_size=3).map(tuple)
DRAFTS = st.builds(
    Draft,
    id=TEXTS,
    words=st.lists(st.builds(Words, text=TEXTS, message=st.none() | st.integers()), max_size=3).map(tuple),
    kind=MAYBE,
    category=MAYBE,
    spot=st.none()
    | st.builds(
        Spot,
        label=TEXTS,
        district=MAYBE,
        candidates=NAMES,
        street=MAYBE,
        border=st.booleans(),
        sides=NAMES,
        latitude=DEGREES,
        longitude=DEGREES,
        message=st.none() | st.integers(),
    ),
    search=st.none()
    | st.builds(Search, written=TEXTS, suggestions=NAMES, outside=st.booleans(), times=st.integers(1, 9)),
    purpose=MAYBE,
    photos=PHOTOS,
    photos_asked=st.booleans(),
    photos_settled=st.booleans(),
    since=MAYBE,
    guess=st.none() | st.builds(Guess, kind=MAYBE, category=MAYBE, confidence=st.none() | st.floats(0, 1)),
    changing=st.none() | st.sampled_from(Question),
    outcome=MAYBE,
)


@given(draft=DRAFTS)
def test_any_draft_survives_its_slot(draft: Draft) -> None:
    """Whatever a draft knows is the same after it went through JSON."""
    assert Draft.from_json(json.loads(json.dumps(draft.as_json()))) == draft


def test_a_draft_kept_by_an_older_version_can_be_read() -> None:
    """A report that was begun before places knew their street goes on."""
    old = {
        "id": "d",
        "spot": {"label": "Weg 1", "district": "Nord", "candidates": ["Nord"], "latitude": None},
    }
    assert Draft.from_json(old).spot == Spot(label="Weg 1", district="Nord", candidates=("Nord",))


@given(draft=DRAFTS, photos=PHOTOS)
def test_photos_are_kept_once_and_in_order(draft: Draft, photos: tuple[Photo, ...]) -> None:
    """Photos that are there stay first, none comes twice, and never more than an album."""
    after = draft.with_photos((*photos, *photos)).photos
    assert after[: len(draft.photos)] == draft.photos[:MOST_PHOTOS]
    assert len(set(after)) == len(after) <= MOST_PHOTOS
    assert set(after) <= {*draft.photos, *photos}


def test_an_edit_replaces_only_what_that_message_said() -> None:
    """Editing one message leaves the words of the others alone; a foreign message changes nothing."""
    draft = Draft(id="d").said("eins", 1).said("zwei", 2).said("drei")
    assert draft.edited("ZWEI", 2).text == "eins\nZWEI\ndrei"
    assert draft.edited("x", 99) == draft


def test_who_sent_photos_first_is_not_asked_for_photos() -> None:
    """Photos are asked for once; photos that came before the question are answer enough."""
    first = Draft(id="d").with_photos((Photo(file_id="a"),))
    assert Draft(id="d").photos_open
    assert not first.photos_open
    assert Draft(id="d", photos=first.photos, photos_asked=True).photos_open
    assert not Draft(id="d", photos_asked=True, photos_settled=True).photos_open
