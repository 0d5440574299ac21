"""A meeting as a calendar file, as RFC 5545 says: times with their zone and its rules, words escaped, lines folded."""

import uuid
from datetime import date, datetime

from icalendar import Calendar, Event, vCalAddress

from matcher.publish.invitations import Invitation
from matcher.publish.meeting_times import LASTS
from matcher.reasons.words import listed

MAKER = "-//matcher//organizers' desk 1//EN"
MOST_NAMES = 4


def calendar_file(invitation: Invitation, *, sender: str, sender_name: str, now: datetime) -> str:
    """Write the calendar file of a meeting that has a time; the same for all who are asked, and with nobody's address.

    It is for information: who comes is said by link or mail, not by a calendar's own answer.

    Args:
        invitation: With a time.
        sender: Address of the organizers, or empty.
        sender_name: Beside it.
        now: When it is written.

    Raises:
        ValueError: It has no time.
    """
    begins = invitation.when
    if begins is None:
        raise ValueError(f"{invitation.suggestion} has no time, and without one there is nothing for a calendar")
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", meeting_uid(invitation.run_id, invitation.suggestion))
    event.add("dtstamp", now)
    event.add("sequence", invitation.version)
    event.add("dtstart", begins)
    # How long, not until when: an hour that clocks show twice or never does not make the meeting longer or shorter.
    event.add("duration", LASTS)
    event.add("status", "TENTATIVE")
    event.add("class", "PRIVATE")
    event.add("summary", _words(_summary(invitation)))
    told = filter(None, (invitation.notice, *invitation.reasons, invitation.starter))
    event.add("description", _words("\n\n".join(told)))
    event.add("location", _words(invitation.place))
    if invitation.town:
        event.add("geo", (round(invitation.town.lat, 2), round(invitation.town.lon, 2)))
    if sender:
        calendar.add("method", "PUBLISH")
        organizer = vCalAddress(f"mailto:{sender}")
        organizer.params["CN"] = sender_name.replace('"', "'")
        event.add("organizer", organizer)
    calendar.add_component(event)
    calendar.add_missing_timezones(first_date=date(begins.year - 1, 1, 1), last_date=date(begins.year + 2, 1, 1))
    for zone in calendar.timezones:
        zone.pop("COMMENT", None)
    return bytes(calendar.to_ical()).decode("utf-8")


def meeting_uid(run_id: str, suggestion: str) -> str:
    """What a calendar knows the meeting by: the same whenever it is published, another for the same people later."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"matcher:{run_id}/{suggestion}"))


def _words(text: str) -> str:
    # The library takes these two letters for a line end that was escaped before.
    return text.replace("\\N", "\\ N")


def _summary(invitation: Invitation) -> str:
    names = sorted(invitation.names.values(), key=str.casefold)
    if len(names) > MOST_NAMES:
        return f"{len(names)} of us meet in {invitation.place}" if invitation.town else f"{len(names)} of us meet"
    return f"{listed(names, most=MOST_NAMES)} meet"
