"""Which column of a file holds what: named in the settings, or guessed from its usual spellings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import SettingsError, SourceError

Spellings = Mapping[str, tuple[str, ...]]
"""Our name of a field, and how others spell it, the likeliest first; in lower case, letters and digits only."""

MEMBER_FIELDS: Spellings = {
    "member": ("member", "memberid", "userid", "id", "user", "username", "handle", "login"),
    "name": ("name", "displayname", "fullname", "realname", "username", "nickname", "nick"),
    "about": ("about", "aboutme", "bio", "description", "profile"),
    "interests": ("interests", "topics", "tags", "hobbies", "skills"),
    "place_text": ("placetext", "location", "place", "city", "town", "home", "hometown"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "long", "longitude"),
    "reach_km": ("reachkm", "reach", "maxkm", "radiuskm"),
    "languages": ("languages", "language", "speaks", "spoken", "spokenlanguages"),
    "availability": ("availability", "available", "availabletimes", "slots", "timeslots"),
    "is_opted_in": ("isoptedin", "optedin", "optin", "consent", "agreed"),
}
MESSAGE_FIELDS: Spellings = {
    "text": ("text", "body", "content", "messagetext", "msg", "message"),
    "message": ("messageid", "msgid", "postid", "id", "message", "uuid"),
    "author": ("author", "authorid", "sender", "senderid", "userid", "user", "memberid", "member", "from", "username"),
    "sent_at": ("sentat", "ts", "timestamp", "createdat", "created", "datetime", "date", "time", "postedat"),
    "channel": ("channel", "channelid", "stream", "room", "roomid", "forum", "category"),
    "thread": ("thread", "threadid", "topic", "topicid", "conversation", "conversationid", "subject", "threadts"),
    "reply_to": ("replyto", "parentid", "inreplyto", "replytoid", "inreplytoid", "parent"),
    "mentions": ("mentions", "mentioned"),
    "quotes": ("quotes", "quoted"),
    "topics": ("topics", "tags", "labels"),
    "is_public": ("ispublic", "public"),
    "is_private": ("isprivate", "private"),
    "n_links": ("nlinks", "linkcount"),
    "url": ("url", "permalink", "link"),
}
BLOCK_FIELDS: Spellings = {
    "blocked": ("blocked", "blockedid", "blockedmember", "blockeduser", "blockeduserid"),
    "member": ("member", "memberid", "blocker", "blockerid", "userid", "user"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """What a file may hold.

    Attributes:
        name: How its files' names begin: 'members', 'messages' or 'blocks'.
        fields: What its columns may hold.
        needed: Fields without which it cannot be read.
    """

    name: str
    fields: Spellings
    needed: tuple[str, ...]


MEMBERS = Role(name="members", fields=MEMBER_FIELDS, needed=("member",))
MESSAGES = Role(name="messages", fields=MESSAGE_FIELDS, needed=("message", "author", "sent_at", "text"))
BLOCKS = Role(name="blocks", fields=BLOCK_FIELDS, needed=("member", "blocked"))
ROLES = (BLOCKS, MESSAGES, MEMBERS)
"""In the order in which columns are tried: whoever has less may be taken for a member list."""


def role_of(path: Path, found: Sequence[str], named: Mapping[str, Mapping[str, str]]) -> Role:
    """Tell what a file holds, by its name or else by its columns.

    Args:
        path: The file.
        found: Its columns.
        named: For a role's name, the columns that the settings name.

    Raises:
        SourceError: Neither its name nor its columns tell.
    """
    for role in ROLES:
        if path.name.lower().startswith(role.name):
            return role
    for role in ROLES:
        if all(field in guess_columns(role, found, named[role.name]) for field in role.needed):
            return role
    raise SourceError(
        f"{path} holds neither members nor messages nor blocks; found {len(found)} columns, and none of the roles has "
        "all it needs; name the file members, messages or blocks, or name its columns in the settings"
    )


def guess_columns(role: Role, found: Sequence[str], named: Mapping[str, str]) -> dict[str, list[str]]:
    """Say which columns hold each field; several only where the settings name several, with commas between.

    A column that the settings name, or that was guessed before, is not guessed again.
    """
    known = {field: [name.strip() for name in names.split(",")] for field, names in named.items()}
    chosen = {field: names for field, names in known.items() if all(name in found for name in names)}
    taken = {name for names in chosen.values() for name in names}
    spelt: dict[str, str] = {}
    for name in found:
        spelt.setdefault("".join(letter for letter in name.lower() if letter.isalnum()), name)
    for field, spellings in role.fields.items():
        free = [spelt[spelling] for spelling in spellings if spelling in spelt and spelt[spelling] not in taken]
        if field not in known and free:
            chosen[field] = free[:1]
            taken.add(free[0])
    return chosen


def map_columns(path: Path, role: Role, found: Sequence[str], named: Mapping[str, str]) -> dict[str, list[str]]:
    """Say which columns hold each field of a file of a role.

    The message of an error names no column of the file: where the header is missing, they are members' words.

    Raises:
        SettingsError: The settings name a field that this role has not.
        SourceError: A column that the settings name, or that is needed, is not there.
    """
    for field, names in named.items():
        if field not in role.fields:
            raise SettingsError(
                f"'{field}' is not a field of {role.name}; known here: {', '.join(sorted(role.fields))}; "
                "name one of these in the settings"
            )
        if not all(name.strip() in found for name in names.split(",")):
            raise SourceError(
                f"{path}:1: no column '{names}', which the settings name for '{field}'; found {len(found)} others; "
                "correct the settings, or check whether the header is missing"
            )
    chosen = guess_columns(role, found, named)
    for field in role.needed:
        if field not in chosen:
            raise SourceError(
                f"{path}:1: no column holds '{field}' of the {role.name}; found {len(found)} columns, of which these "
                f"are understood: {', '.join(sorted(chosen)) or 'none'}; call it '{field}', name it in the settings, "
                "or check whether the header is missing"
            )
    return chosen
