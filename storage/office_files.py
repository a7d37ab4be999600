"""Turns an office's entry in a city file into what the desk knows of an office."""

from desk.offices import Office, OpenTime
from storage.city_fields import fields_of
from storage.office_schema import OfficeEntry


def office_of(entry: OfficeEntry) -> Office:
    """Return the office with its hours and its point."""
    fields = fields_of(entry)
    hours, point = fields.pop("hours"), fields.pop("point")
    openings = tuple(
        OpenTime(day=one.day, start=one.from_, until=one.to, nth=one.nth, purpose=one.purpose)
        for one in hours or ()
    )
    latitude, longitude = point or (None, None)
    return Office(**fields, hours=openings or None, latitude=latitude, longitude=longitude)
