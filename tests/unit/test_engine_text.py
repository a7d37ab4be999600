import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import UNDERSTOOD_LENGTH, for_understanding, tidy

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Müll\x00 am\u200b Markt ", "Müll am Markt"),
        ("a\ud800b", "ab"),
        ("eins\r\nzwei\u2028drei", "eins\nzwei\ndrei"),
        ("\u202eumgedreht", "umgedreht"),
        ("👩\u200d👧 ❤\ufe0f", "👩\u200d👧 ❤\ufe0f"),
    ],
)
def test_tidy_keeps_what_a_person_sees(text, expected):
    """Invisible characters go, line breaks and joined emoji stay."""
    assert tidy(text) == expected


@given(ANY_TEXT)
def test_tidy_text_is_storable_and_stays_as_it_is(text):
    """It can be encoded, has no NUL, and tidying again changes nothing."""
    once = tidy(text)
    assert "\x00" not in once
    assert once.encode().decode() == once
    assert tidy(once) == once


@given(ANY_TEXT)
def test_understood_text_is_one_line(text):
    """The pipeline never sees a line break, a joiner or text beyond the limit."""
    seen = for_understanding(text * 100)
    assert len(seen) <= UNDERSTOOD_LENGTH
    assert not set(seen) & {"\n", "\t", "\u200d"}
