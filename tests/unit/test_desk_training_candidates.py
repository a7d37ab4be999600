"""What a sent report teaches: only corrections, without anything that leads back to the resident."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from desk.drafts import Draft, Guess, Words
from desk.reporting import ReportDesk
from desk.training_candidates import LONGEST, TrainingCandidate, candidate_from
from storage.redaction import redact
from tests.builders import NOW, PHOTO, RESIDENT, finished_draft, small_city
from tests.fakes import FakeClock, MemoryStorage

CITY = small_city()
WRONG = Guess(kind="noise", category="music", confidence=0.6)


def learned(draft: Draft) -> TrainingCandidate | None:
    return candidate_from(draft, redact=redact, city="small", now=NOW)


@pytest.mark.parametrize(
    ("guess", "teaches"),
    [
        (Guess(kind="dirt", category="litter", confidence=0.9), False),
        (None, False),
        (WRONG, True),
        (Guess(kind="dirt", category="glass", confidence=0.9), True),
        (Guess(kind="dirt", confidence=0.9), True),
        (Guess(), True),
    ],
)
def test_only_what_was_not_understood_rightly_teaches(guess: Guess | None, teaches: bool) -> None:  # noqa: FBT001
    """Another kind, another category, or one that was not understood; never what was read rightly or not at all."""
    candidate = learned(finished_draft(guess=guess))
    assert (candidate is not None) is teaches
    if candidate is not None:
        assert (candidate.read, candidate.kind, candidate.category) == (guess, "dirt", "litter")


def test_a_candidate_leads_back_to_nobody() -> None:
    """It knows words without names and the day; neither chat, draft, photos, place nor the exact time."""
    words = (Words(text="Müll bei Frau Krawuttke, 0171 2345678", message=77),)
    candidate = learned(finished_draft(guess=WRONG, words=words, photos=(PHOTO,), since="gestern"))
    assert candidate is not None
    assert candidate.text == "Müll bei Frau [Name], [Nummer]"
    assert candidate.at <= NOW < candidate.at + timedelta(days=1)
    assert (candidate.at.hour, candidate.at.minute, candidate.at.microsecond) == (0, 0, 0)
    everything = str(asdict(candidate))
    for secret in (RESIDENT, "d1", "77", PHOTO.file_id, "Hauptstr", "51.5", "gestern"):
        assert str(secret) not in everything


def test_words_of_which_nothing_is_left_teach_nothing() -> None:
    """A report that is only a name and a number is no training text."""
    assert learned(finished_draft(guess=WRONG, words=(Words(text="Sabine 0171 2345678"),))) is None


def test_a_very_long_report_is_cut_between_words() -> None:
    """As much is kept as the classifier reads, and no half word at the end."""
    candidate = learned(finished_draft(guess=WRONG, words=(Words(text="müll " * 3000),)))
    assert candidate is not None
    assert LONGEST - 10 < len(candidate.text) <= LONGEST
    assert set(candidate.text.split()) == {"müll"}


class TestSending:
    @pytest.fixture
    def storage(self) -> MemoryStorage:
        return MemoryStorage(zone=CITY.zone, clock=FakeClock(NOW))

    @pytest.fixture
    def desk(self, storage: MemoryStorage) -> ReportDesk:
        return ReportDesk(storage=storage, city=CITY, redact=redact)

    def test_a_correction_is_kept_once(self, desk: ReportDesk, storage: MemoryStorage) -> None:
        """Sending a corrected report twice keeps its candidate once."""
        for _ in range(2):
            desk.send(finished_draft(guess=WRONG), reporter=RESIDENT, now=NOW)
        (candidate,) = storage.kept.candidates
        assert (candidate.text, candidate.city) == ("Hier liegt viel herum.", "small")

    def test_a_report_understood_rightly_is_only_a_ticket(
        self, desk: ReportDesk, storage: MemoryStorage
    ) -> None:
        """Without a correction no words are kept beside the ticket."""
        desk.send(finished_draft(), reporter=RESIDENT, now=NOW)
        assert storage.kept.tickets
        assert storage.kept.candidates == []

    def test_ticket_and_candidate_are_stored_together(
        self, desk: ReportDesk, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """When the candidate can't be stored there is no ticket either, and nothing to deliver."""

        def broken(*_: object) -> None:
            raise OSError("full")

        monkeypatch.setattr("tests.fakes.MemoryCandidates.add", broken)
        with pytest.raises(OSError, match="full"):
            desk.send(finished_draft(guess=WRONG), reporter=RESIDENT, now=NOW)
        assert not storage.kept.tickets
        assert storage.notices == []
