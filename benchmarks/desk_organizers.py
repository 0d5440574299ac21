"""Organizers at the desk as browsers are: they read pages, fill in the forms that stand there, and remember answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urlencode

import httpx
import numpy as np

from pipelines.events import now

PASSWORD = "a password of the benchmark"  # noqa: S105 -- of an account that lives for a minute
WAYS = ("csv", "ics", "eml", "smtp", "webhook")
WHEN, ZONE = f"{now() + timedelta(days=60):%Y-%m-%dT18:00}", "Europe/Vienna"

Fields = dict[str, list[str]]

_EXPECTED = (HTTPStatus.OK, HTTPStatus.SEE_OTHER, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
"""What pages answer when several people work on one plan; anything else is a fault of the desk's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledged:
    """One decision of which the desk said that it was taken.

    Attributes:
        run_id: The run.
        by: Who decided.
        kind: What, as the log calls it.
        seen: The versions that were on the page.
        undoes: For an undo the number of the event.
        words: That were written.
    """

    run_id: str
    by: str
    kind: str
    seen: Mapping[str, int]
    undoes: int | None = None
    words: str = ""


class Forms(HTMLParser):
    """The forms of a page: where each goes, and its fields; boxes that are not ticked are in `boxes`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields]] = []
        self.boxes: list[str] = []
        self._is_in = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form, or a field of the one that was begun."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post":
            self._is_in = True
            self.found.append((said["action"], {}))
        elif tag == "input" and said.get("type") == "checkbox":
            self.boxes += [said["value"]] if said.get("name") == "chosen" else []
        elif tag in ("input", "textarea", "select", "button") and self._is_in and said.get("name"):
            self.found[-1][1].setdefault(said["name"], []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """The end of a form."""
        self._is_in = self._is_in and tag != "form"

    def to(self, *endings: str) -> list[tuple[str, Fields]]:
        """Those that go to such addresses."""
        return [(action, fields) for action, fields in self.found if action.endswith(endings)]


@dataclass
class Organizer:
    """One organizer with a browser, and a memory that outlives the desk."""

    name: str
    address: str
    rng: np.random.Generator
    acknowledged: list[Acknowledged] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    browser: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.browser = httpx.Client(base_url=self.address, timeout=60)

    def sign_in(self) -> None:
        """Sign in, unless the browser is still let in."""
        if self.browser.get("/").headers.get("location", "").startswith("/sign-in"):
            (_, fields), *_ = Forms(self._read("/sign-in")).to("/sign-in")
            answer = self.send("/sign-in", {**fields, "name": [self.name], "password": [PASSWORD]})
            if answer.status_code != HTTPStatus.SEE_OTHER:
                raise RuntimeError(f"{self.name} was not let in: {answer.status_code}")

    def work(self, run_id: str, plan: Mapping[str, Sequence[str]]) -> None:
        """Decide and publish until the desk is gone; `plan` has the members of each suggestion of the run."""
        known, groups = [*plan], [one for one in plan if one.startswith("g-")]
        try:
            while True:
                match self.rng.choice(["card", "several", "swap", "publish"], p=[0.55, 0.15, 0.15, 0.15]):
                    case "card":
                        self._decide_on(run_id, known[int(self.rng.integers(len(known)))])
                    case "several":
                        self._approve_several(run_id)
                    case "swap":
                        one, other = self.rng.choice(groups, 2, replace=False)
                        self._swap(run_id, one, str(self.rng.choice(plan[one])), str(self.rng.choice(plan[other])))
                    case _:
                        self._publish(run_id)
        except httpx.TransportError:
            return

    def resolve(self, took: Mapping[int, bool]) -> int:
        """Say of everything in doubt whether it arrived, as was found at its receiver; how much that was."""
        shown = Forms(self._read("/outbox")).to("/resolve")
        for action, fields in shown:
            wanted = "arrived" if took[int(action.split("/")[2])] else "again"
            if fields["what"] == [wanted]:
                self.send(action, fields)
        return len(shown) // 2

    def send(self, action: str, fields: Fields) -> httpx.Response:
        """Send a form."""
        answer = self.browser.post(action, data=fields)
        self._note(answer)
        return answer

    def _read(self, address: str) -> str:
        answer = self.browser.get(address)
        self._note(answer)
        return answer.text

    def _note(self, answer: httpx.Response) -> None:
        if answer.status_code not in _EXPECTED:
            self.unexpected.append(f"{answer.request.url} answered {answer.status_code}")

    def _decide_on(self, run_id: str, suggestion: str) -> None:
        """Whatever one of the forms on its card does."""
        forms = Forms(self._read(f"/runs/{run_id}/suggestions/{suggestion}")).to("/decide", "/undo")
        if forms:
            action, fields = forms[int(self.rng.integers(len(forms)))]
            words = f"words {self.rng.integers(1 << 40)}"
            self._decide(run_id, action, {**fields, "why": ["other"], "words": [words]})

    def _approve_several(self, run_id: str) -> None:
        page = Forms(self._read(f"/runs/{run_id}?state=open"))
        for action, fields in page.to("/decide"):
            some = min(3, len(page.boxes))
            self._decide(run_id, action, {**fields, "chosen": [*self.rng.choice(page.boxes, some, replace=False)]})

    def _decide(self, run_id: str, action: str, fields: Fields) -> None:
        fields.pop("only", None)
        if self.send(action, fields).status_code != HTTPStatus.SEE_OTHER:
            return
        kind = "undo" if action.endswith("/undo") else fields["kind"][0]
        chosen = [one.rpartition(" ") for one in fields.get("chosen", ())]
        told = Acknowledged(
            run_id=run_id,
            by=self.name,
            kind=kind,
            seen={one: int(version) for one, _, version in chosen} or _seen(fields),
            undoes=int(fields["event"][0]) if kind == "undo" else None,
            words=fields["words"][0] if kind in ("reject", "note") else "",
        )
        self.acknowledged.append(told)

    def _swap(self, run_id: str, group: str, member: str, other: str) -> None:
        wish = {"kind": "swap", "group": group, "member": member, "with": other}
        for action, fields in Forms(self._read(f"/runs/{run_id}/change?{urlencode(wish)}")).to("/change"):
            if self.send(action, fields).status_code == HTTPStatus.SEE_OTHER:
                self.acknowledged.append(Acknowledged(run_id=run_id, by=self.name, kind="change", seen=_seen(fields)))

    def _publish(self, run_id: str) -> None:
        for action, fields in Forms(self._read(f"/runs/{run_id}/publish")).to("/publish"):
            said = {name: values for name, values in fields.items() if not name.startswith("when-")}
            answer = self.send(action, {**said, "to": [*WAYS], "when": [WHEN], "zone": [ZONE]})
            if answer.status_code == HTTPStatus.SEE_OTHER:
                pairs = (pair.partition("=") for pair in said["seen"][0].split())
                seen = {one: int(version) for one, _, version in pairs}
                self.acknowledged.append(Acknowledged(run_id=run_id, by=self.name, kind="publish", seen=seen))


def _seen(fields: Fields) -> dict[str, int]:
    pairs = zip(fields.get("suggestion", ()), fields.get("version", ()), strict=True)
    return {one: int(version) for one, version in pairs}
