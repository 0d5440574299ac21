"""An evening at the desk: something of everything was decided, published, answered; and all of its pages."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx2

from matcher.publish.links import AnswerLink
from matcher.review.desk import Desk
from matcher.storage.decisions.outbox import Parcel
from tests.review.at_desk import decide, now_at, run_of, some
from tests.review.conftest import NOW, PASSWORD, Browser, a_client, sign_in

CHANGES = ("swap", "move", "add", "split", "merge")
Fields = dict[str, str]


class Evening:
    """A desk on which something of everything was done, and all of its pages.

    Attributes:
        desk: The desk.
        folder: Its workspace.
        words: What everybody says on it.
        organizer: Who did it all.
        admin: Another, who may do everything.
        member: Nobody who is signed in.
        told: A group that was published.
        link: Address of the page on which its first member answers.
    """

    def __init__(self, desk: Desk, folder: Path, words: str, name: str) -> None:
        self.desk, self.folder, self.words = desk, folder, words
        desk.accounts.add(name, PASSWORD, "organizer", now=NOW)
        self.organizer, self.admin = (_signed_in(desk, who) for who in (name, "ada"))
        self.member = a_client(desk)
        self.told, self.noted, self.rejected, self.next = (some(desk, "g-", at) for at in range(4))
        self.pair, self.online = some(desk, "i-"), some(desk, "i-", 1)
        self._decide()
        self._publish()
        self.changed = self._change()
        self.link = self.link_of(self.members(self.told)[0])

    def pages(self) -> Iterator[tuple[str, httpx2.Response]]:
        """Every page of the desk, by what it is."""
        yield from self.looks()
        for name, (address, fields) in self._sent().items():
            yield name, self.organizer.send(address, **fields)
        yield "no answer", self.member.post(self.link, data={"answer": self.words, "given": self.words})
        yield "answered", self.member.post(self.link, data={"answer": "not_with", "other": "0", "given": "0"})
        yield "what was answered", self.member.get(self.link)

    def looks(self) -> Iterator[tuple[str, httpx2.Response]]:
        """Every page that is only looked at."""
        for name, address in (self.addresses() | self._nothing()).items():
            yield name, self.organizer.get(address)
        yield "accounts", self.admin.get("/accounts")
        for name, address in {"answer": self.link, "leave": f"{self.link}?ask=leave"}.items():
            yield name, self.member.get(address)
        yield "no link", self.member.get(f"/answer/{self._in_path}")
        yield "not signed in", self.member.get(f"/runs/{self._in_path}")
        yield "sign in", self.member.get("/sign-in", params={"next": f"/{self.words}"})

    def addresses(self) -> dict[str, str]:
        """Where an organizer finds something."""
        return self._lists() | self._cards() | self._changes()

    def published(self, pattern: str) -> list[Path]:
        """Files that went out."""
        return sorted((self.folder / "published").glob(f"*/{pattern}"))

    def mails(self) -> list[EmailMessage]:
        """All mails that went out."""
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.published("*.eml")]

    @property
    def _in_path(self) -> str:
        """The words as one part of an address; a slash would make two of it."""
        return quote(self.words.replace("/", ""))

    def _decide(self) -> None:
        """What stands in the log runs over two lines, of which the second is a formula."""
        words = f"{self.words}\n=1+1"
        decide(self.organizer, self.desk, "note", self.noted, words=words)
        decide(self.organizer, self.desk, "reject", self.rejected, why="other", words=words)
        decide(self.organizer, self.desk, "reject", self.pair, why="safety")
        decide(self.organizer, self.desk, "approve", self.told, self.online, self.next)

    def _publish(self) -> None:
        """By all ways; one of them fails."""
        seen, ways = f"{self.told}=1 {self.online}=1", ["csv", "ics", "eml", "webhook"]
        times = {"when": "2026-12-05T18:00", "zone": "Europe/Vienna"}
        self.organizer.send(f"{run_of(self.desk)}/publish", seen=seen, to=ways, **times)
        assert self.desk.publisher is not None
        self.desk.publisher.courier.wait()
        parcel = Parcel(
            run_id=self.desk.nights.live_id(), suggestion=self.told, version=9, channel="smtp",
            recipient=self.members(self.told)[0], payload="{}",
        )  # fmt: skip
        self.desk.outbox.enqueue(parcel, now=NOW)
        entry = self.desk.outbox.take_next(now=NOW, channels=["smtp"])
        assert entry is not None
        self.desk.outbox.mark_failed(entry, why=self.words, retry_at=None, now=NOW)

    def _change(self) -> str:
        """Take somebody out of the first group that may lose one, so that it is told anew."""
        at = f"{run_of(self.desk)}/change"
        for group in now_at(self.desk).groups.values():
            wish = {"kind": "remove", "group": group.id, "member": group.members[0]}
            shown = self.organizer.get(f"{at}?{urlencode(wish)}").text
            lists = re.search(r'name="lists" value="([^"]*)"', shown)
            if lists and group.id not in (self.noted, self.next):
                seen = {"suggestion": group.id, "version": str(group.version), "lists": html.unescape(lists[1])}
                assert self.organizer.send(at, words=self.words, **seen, **wish).status_code == 303
                return group.id
        raise AssertionError

    def members(self, suggestion: str) -> tuple[str, ...]:
        """Who is in a suggestion now."""
        return now_at(self.desk).draft.suggestions[suggestion].members

    def link_of(self, member: str) -> str:
        """Where a member of the group that was told answers."""
        version = now_at(self.desk).draft.suggestions[self.told].published_version
        assert version is not None
        run_id, until = self.desk.nights.live_id(), NOW + timedelta(days=9)
        link = AnswerLink(run_id=run_id, suggestion=self.told, version=version, member=member, until=until)
        return f"/answer/{self.desk.links.token(link)}"

    def _lists(self) -> dict[str, str]:
        run, words = run_of(self.desk), quote(self.words, safe="")
        return {
            "list": run,
            "list of those found": f"{run}?q={'script' if 'script' in self.words else 'w'}",
            "list of none": f"{run}?q={words}&kind={words}&state={words}&sort={words}&page={words}",
            "left out": f"{run}?kind=left-out",
            "groups anew": f"{run}/resolve",
            "log": f"{run}/log",
            "log of none": f"{run}/log?by={words}&about={words}&page={words}",
            "publish": f"{run}/publish?preview={self.told}",
            "publish without preview": f"{run}/publish?preview={words}",
            "outbox": "/outbox",
            "outcomes": "/outcomes",
            "account": "/account",
        }

    def _cards(self) -> dict[str, str]:
        run, gathering = run_of(self.desk), some(self.desk, "t-")
        ids = (self.told, self.noted, self.rejected, self.next, self.changed, self.pair, self.online, gathering)
        night = self.desk.nights.night(self.desk.nights.live_id())
        who = (self.members(self.noted)[0], self.members(self.pair)[0], night.dossier.left_out[0].member)
        return {
            **{f"card {one}": f"{run}/suggestions/{one}" for one in ids},
            **{f"member {one}": f"{run}/members?member={one}" for one in who},
        }

    def _changes(self) -> dict[str, str]:
        at = f"{run_of(self.desk)}/change?group={self.noted}"
        member, other = self.members(self.noted)[0], self.members(self.changed)[0]
        return {
            **{f"choose for {kind}": f"{at}&kind={kind}&q=" for kind in CHANGES},
            "choose with whom": f"{at}&kind=swap&member={member}",
            "look at swap": f"{at}&kind=swap&member={member}&with={other}",
            "look at removal": f"{at}&kind=remove&member={member}",
            "look at merger": f"{at}&kind=merge&to={self.told}",
        }

    def _nothing(self) -> dict[str, str]:
        """Pages that say what is not there."""
        run, words = run_of(self.desk), quote(self.words, safe="")
        return {
            "no run": f"/runs/{self._in_path}",
            "no card": f"{run}/suggestions/{self._in_path}",
            "no member": f"{run}/members?member={words}",
            "no kind of change": f"{run}/change?kind={words}&group={words}",
            "no group to change": f"{run}/change?kind=swap&group={words}",
            "not for organizers": "/accounts",
            "nothing": f"/{self._in_path}",
        }

    def _sent(self) -> Mapping[str, tuple[str, Fields]]:
        """Forms that are refused, or show a page: where to, and their fields."""
        run, words, group = run_of(self.desk), self.words, self.noted
        seen = {"suggestion": group, "version": "1"}
        return {
            "no decision": (f"{run}/decide", {**seen, "kind": words}),
            "nothing to decide": (f"{run}/decide", {"suggestion": words, "version": "0", "kind": "approve"}),
            "no reason": (f"{run}/decide", {**seen, "kind": "reject", "why": words, "words": words}),
            "somebody was first": (f"{run}/decide", {**seen, "version": "0", "kind": "lock", "words": words}),
            "no change": (f"{run}/change", {**seen, "kind": "swap", "group": group, "member": words, "with": words}),
            "nothing to undo": (f"{run}/undo", {"event": words}),
            "who may rest": (f"{run}/resolve", {"find": "yes", "q": words, "rest": words}),
            "nobody to rest": (f"{run}/resolve", {"rest": words}),
            "groups formed anew": (f"{run}/resolve", {}),
            "no way out": (f"{run}/publish", {"seen": f"{group}=1", "to": words}),
            "no time": (f"{run}/publish", {"seen": f"{group}=1", "to": "csv", "when": words}),
            "nothing seen": (f"{run}/publish", {"seen": words, "to": "csv"}),
            "no entry": (f"/outbox/{self._in_path}/resolve", {"what": words, "attempt": words}),
            "no end of an entry": ("/outbox/1/resolve", {"what": words, "attempt": "1"}),
            "no password": ("/account", {"old": words, "password": words * 3, "again": words * 3}),
        }


def page_in(mail: EmailMessage) -> str:
    """The HTML in a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def _signed_in(desk: Desk, name: str) -> Browser:
    client = a_client(desk)
    assert sign_in(client, name).status_code == 303
    return Browser(client=client, name=name)
