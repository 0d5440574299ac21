"""The kinds of conversation there are, from a friendly thread to a quarrel."""

from collections.abc import Sequence

from matcher.sources.synthetic.cast import Person
from matcher.sources.synthetic.phrasing import Scribe
from matcher.sources.synthetic.stock import Confidence, Interest, Promo, Stock, Subject
from matcher.sources.synthetic.thread import Draft, Thread

ANSWER_MARK = " => "


def begin(scribe: Scribe, interest: Interest, subject: Subject, among: str) -> Thread:
    """An empty thread about a subject, its details settled."""
    details = scribe.bind(subject.slots) | {"craft": interest.name, "outing": scribe.pick(interest.outings)}
    tags = tuple(sorted({interest.channel, *subject.tags}))
    return Thread(scribe=scribe, channel=interest.channel, tags=tags, details=details, among=among)


def pick_subject(scribe: Scribe, interest: Interest, among: str) -> Subject:
    """What these people have talked about least."""
    first_line = scribe.fresh([subject.open[0] for subject in interest.subjects], f"{among} subjects")
    return next(subject for subject in interest.subjects if subject.open[0] == first_line)


def open_thread(thread: Thread, subject: Subject, opener: Person) -> Draft:
    """The first message."""
    return thread.say(opener, thread.scribe.fresh(subject.open, thread.among))


def friendly_thread(
    thread: Thread, subject: Subject, people: Sequence[Person], *, n_rounds: int, stock: Stock
) -> Thread:
    """The opener and a first reader talk back and forth; anyone else throws something in.

    Args:
        thread: Empty, about the subject.
        subject: What is talked about.
        people: The opener, the first reader, and at most two others.
        n_rounds: How many questions are asked and answered after the first answer.
        stock: What people say whatever the topic.
    """
    opener, reader, *others = people
    scribe, among = thread.scribe, thread.among
    opening = open_thread(thread, subject, opener)
    first_words = scribe.fresh(subject.answer, among)
    if subject.is_question or not n_rounds:
        last = thread.say(reader, first_words, opening)
        asks, explains = opener, reader
    else:
        line = f"{first_words} {scribe.fresh(subject.follow, among)}"
        last = _exchange(thread, line, reader, opener, opening)
        asks, explains = reader, opener
        n_rounds -= 1
    for _ in range(n_rounds):
        last = _exchange(thread, scribe.fresh(subject.follow, among), asks, explains, last)
    for other in others:
        _chime_in(thread, subject, other, opening, stock)
    if scribe.chance(0.55):
        heard = next(draft for draft in reversed(thread.drafts) if draft.author is reader)
        last = thread.say(opener, scribe.fresh(subject.report, among), heard, after_days=1 + 6 * scribe.rng.random())
        if scribe.chance(0.8):
            thread.say(reader, scribe.fresh(stock.phrases["cheer"], among), last)
    elif scribe.chance(0.3):
        thread.say(opener if last.author is reader else reader, scribe.pick(stock.phrases["thanks"]), last)
    return thread


def invite(thread: Thread, stock: Stock, *, is_far: bool) -> None:
    """Let the thread end with somebody proposing to meet, and a yes."""
    last = thread.drafts[-1]
    guest = next((draft for draft in reversed(thread.drafts) if draft.author is not last.author), None)
    if guest is None:
        return
    lines = stock.phrases["far_invite" if is_far else "invite"]
    _exchange(thread, thread.scribe.fresh(lines, thread.among), guest.author, last.author, last)


def quarrel(thread: Thread, subject: Subject, people: tuple[Person, Person], *, n_turns: int, stock: Stock) -> Thread:
    """A harmless opening, and then insults from both sides."""
    last = open_thread(thread, subject, people[0])
    for turn in range(n_turns):
        thread.details = dict(thread.details) | thread.scribe.bind(stock.insult_slots)
        line = thread.scribe.fresh(stock.phrases["insult"], thread.among)
        last = thread.say(people[(turn + 1) % 2], line, last)
    return thread


def promote(thread: Thread, shill: Person, promo: Promo, named: Sequence[Person]) -> Draft:
    """One advertisement, perhaps tagging people who never asked."""
    line = thread.scribe.pick(promo.lines)
    tagged = named if "{tags}" in line else ()
    details = {
        "topic": promo.topic,
        "link": promo.link,
        "tags": " ".join(f"@{person.first}" for person in tagged),
        "n": thread.scribe.pick(("5", "7", "10", "12")),
        "m": thread.scribe.pick(("20", "30", "50")),
    }
    text = thread.scribe.phrase(line, details, "neat")
    return thread.add(shill, text, mentions=tuple(person.member for person in tagged))


def confide(thread: Thread, confidence: Confidence, teller: Person, friend: Person) -> Thread:
    """A private matter between two friends."""
    told = thread.add(teller, confidence.open)
    heard = thread.add(friend, confidence.answer, told)
    thread.add(teller, confidence.close, heard)
    return thread


def _exchange(thread: Thread, line: str, asks: Person, answers: Person, to: Draft) -> Draft:
    """Somebody says something, and the other answers it."""
    question, _, answer = line.partition(ANSWER_MARK)
    may_lead = "{you}" not in line  # who is called by name needs no other beginning
    return thread.say(answers, answer, thread.say(asks, question, to, may_lead=may_lead), may_lead=may_lead)


def _chime_in(thread: Thread, subject: Subject, other: Person, opening: Draft, stock: Stock) -> None:
    """A third person's word to the opener, who mostly reacts."""
    aside, _, retort = thread.scribe.fresh(subject.aside, thread.among).partition(ANSWER_MARK)
    said = thread.say(other, aside, opening)
    if retort:
        thread.say(opening.author, retort, said)
    elif thread.scribe.chance(0.5):
        thread.say(opening.author, thread.scribe.fresh(stock.phrases["acknowledge"], thread.among), said)
