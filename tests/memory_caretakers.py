"""What is known of caretakers in memory, behind the desk's ports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from desk.absences import Absence
from desk.caretaker_ports import Member
from desk.tickets import Link
from tests.memory_kept import Kept


class MemoryCaretakers:
    """The CaretakerBook in a dict and a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def invite(self, token_hash: str, *, area: str, expires_at: datetime) -> None:
        self.kept.invitations[token_hash] = (area, expires_at)

    def redeem(self, token_hash: str, *, chat: str, at: datetime) -> str | None:
        area, expires_at = self.kept.invitations.get(token_hash, ("", at))
        if expires_at <= at:
            return None
        del self.kept.invitations[token_hash]
        self.kept.used.add(token_hash)
        self.register(area, chat=chat, at=at)
        return area

    def register(self, area: str, *, chat: str, at: datetime) -> None:
        if (area, chat) not in self.kept.chats:
            self.kept.chats.append((area, chat))
            self.kept.since[area, chat] = at

    def was_invited(self, token_hash: str) -> bool:
        return token_hash in self.kept.invitations or token_hash in self.kept.used

    def remove(self, chat: str, *, area: str | None = None) -> Sequence[str]:
        gone = sorted(where for where, who in self.kept.chats if who == chat and area in (None, where))
        self.kept.chats[:] = [one for one in self.kept.chats if one[1] != chat or one[0] not in gone]
        return gone

    def members(self) -> Sequence[Member]:
        every = [Member(*one, since=self.kept.since[one]) for one in self.kept.chats]
        return sorted(every, key=lambda one: (one.area, one.since, one.chat))

    def chats_of(self, area: str) -> Sequence[str]:
        return [chat for where, chat in self.kept.chats if where == area]

    def registered(self) -> Mapping[str, Sequence[str]]:
        return {area: self.chats_of(area) for area, _ in self.kept.chats}

    def areas_of(self, chat: str) -> Sequence[str]:
        return sorted(area for area, who in self.kept.chats if who == chat)


class MemoryAbsences:
    """The AbsenceBook in a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, absence: Absence) -> Absence | None:
        if any(one.overlaps(absence.first, absence.last) for one in self.of([absence.chat], absence.first)):
            return None
        stored = replace(absence, id=max([one.id for one in self.kept.absences], default=0) + 1)
        self.kept.absences.append(stored)
        return stored

    def of(self, chats: Sequence[str], since: date) -> Sequence[Absence]:
        return self._found(lambda one: one.chat in chats and one.last >= since)

    def cancel(self, absence_id: int, *, chat: str) -> Absence | None:
        found = self._found(lambda one: (one.id, one.chat) == (absence_id, chat))
        for one in found:
            self.kept.absences.remove(one)
        return found[0] if found else None

    def away_on(self, chats: Sequence[str], day: date) -> Mapping[str, str]:
        found = self._found(lambda one: one.chat in chats and one.overlaps(day, day))
        return {one.chat: one.substitute for one in found}

    def not_begun(self, day: date) -> Sequence[Absence]:
        return self._found(lambda one: one.begun_at is None and one.overlaps(day, day))

    def begin(self, absence_id: int, *, at: datetime) -> Absence | None:
        for index, one in enumerate(self.kept.absences):
            if one.id == absence_id and one.begun_at is None:
                self.kept.absences[index] = replace(one, begun_at=at)
                return self.kept.absences[index]
        return None

    def over(self, since: date, before: date) -> Sequence[Absence]:
        return self._found(lambda one: one.begun_at is not None and since <= one.last < before)

    def _found(self, fits: Callable[[Absence], bool]) -> list[Absence]:
        return sorted(filter(fits, self.kept.absences), key=lambda one: (one.first, one.id))


class MemoryMailboxes:
    """The MailboxBook in a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, address: str) -> str:
        if address not in self.kept.addresses:
            self.kept.addresses.append(address)
        return f"mail:{self.kept.addresses.index(address) + 1}"

    def address(self, chat: str) -> str | None:
        return self.all().get(chat)

    def all(self) -> dict[str, str]:
        return {f"mail:{number}": address for number, address in enumerate(self.kept.addresses, 1)}


class MemoryLinks:
    """The LinkBook in a dict."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, link: Link) -> None:
        self.kept.links[link.id] = link

    def get(self, link_id: str) -> Link | None:
        return self.kept.links.get(link_id)

    def lasting(self, ticket: str, chat: str, *, until: datetime) -> Link | None:
        good = [
            link
            for link in self.kept.links.values()
            if (link.ticket, link.chat, link.revoked_at) == (ticket, chat, None) and link.expires_at >= until
        ]
        return max(good, key=lambda link: link.expires_at, default=None)

    def revoke(self, *, at: datetime, ticket: str | None = None, chat: str | None = None) -> int:
        good = [
            link
            for link in self.kept.links.values()
            if link.revoked_at is None
            and link.expires_at > at
            and ticket in (None, link.ticket)
            and chat in (None, link.chat)
        ]
        self.kept.links |= {link.id: replace(link, revoked_at=at) for link in good}
        return len(good)
