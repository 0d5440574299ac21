"""Who talks with whom, how often and about what."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, combinations, product

from matcher.sources.synthetic.cast import Cast, Circle, FarCircle, Person
from matcher.sources.synthetic.phrasing import Scribe
from matcher.sources.synthetic.scenes import (
    begin,
    confide,
    friendly_thread,
    invite,
    open_thread,
    pick_subject,
    promote,
    quarrel,
)
from matcher.sources.synthetic.stock import Interest, Promo, Stock, Subject
from matcher.sources.synthetic.thread import Thread

EVERYBODY = "everybody"
PRIVATE_CHANNEL = "backroom"
TALKS_OF_A_CIRCLE = 18
FAR_STEPS = (1, 3, 4)
LIVELY = (1, 1, 2, 2, 3)
BRIEF = (0, 0, 1, 1)


def write_threads(scribe: Scribe, stock: Stock, cast: Cast) -> tuple[Thread, ...]:
    """Everything that was said in eighteen months, not yet in order."""
    bystanders = cast.chatty
    threads = list(
        chain(
            chain.from_iterable(_circle_talk(scribe, stock, circle, bystanders) for circle in cast.circles),
            chain.from_iterable(_pair_talk(scribe, stock, pair, 12, is_far=True) for pair in cast.distant),
            chain.from_iterable(_pair_talk(scribe, stock, pair, 4, is_far=False) for pair in cast.estranged),
            chain.from_iterable(_help(scribe, stock, pair, bystanders) for pair in cast.helpers),
            chain.from_iterable(_quarrels(scribe, stock, pair) for pair in cast.hostile),
            _open_talk(scribe, stock, bystanders),
            _rare_words(scribe, stock, cast.lurkers, bystanders),
            _secrets(scribe, stock, cast.circles[0]),
            _attack(scribe, stock, cast.trickster, bystanders[0]),
        )
    )
    people = [person for person in cast.people if person not in cast.silent]
    for shill, promo in zip(cast.shills, chain.from_iterable([stock.promos] * len(cast.shills)), strict=False):
        threads.extend(_advertise(scribe, stock, shill, promo, people))
    aside = replace(scribe, rng=scribe.rng.spawn(1)[0])  # dice of their own: all others say what they would say anyway
    for far_circle in cast.far_circles:
        threads.extend(_far_talk(aside, stock, far_circle))
    return tuple(threads)


def _circle_talk(scribe: Scribe, stock: Stock, circle: Circle, bystanders: Sequence[Person]) -> Iterable[Thread]:
    """Every two friends open threads for each other; the others and now and then a stranger join in."""
    friends = circle.friends + circle.guests
    among = friends[0].member
    pairs = list(combinations(friends, 2))
    n_talks = max(2, TALKS_OF_A_CIRCLE // len(pairs))
    for first, second in pairs:
        for turn in range(n_talks):
            pair = (first, second) if turn % 2 == 0 else (second, first)
            interest = _interest_of(scribe, stock, first.interests)
            pool = [person for person in friends if person not in pair]
            others = list(scribe.some(pool, int(scribe.rng.integers(3))))
            if scribe.chance(0.12):
                others.append(scribe.pick(bystanders))
            thread = _friendly(scribe, stock, interest, (*pair, *others), among)
            if scribe.chance(0.15):
                invite(thread, stock, is_far=False)
            if scribe.chance(0.03):
                thread.is_public, thread.channel, thread.tags = False, PRIVATE_CHANNEL, ()
            yield thread


def _far_talk(scribe: Scribe, stock: Stock, circle: FarCircle) -> Iterable[Thread]:
    """In a ring, each friend and whoever sits 1, 3 or 4 places on open a thread for each other; others join in.

    So each has six close friends, who know one another: 1 + 3 = 4.
    """
    friends = circle.friends
    for at, step in product(range(len(friends)), FAR_STEPS):
        close = (friends[at], friends[(at + step) % len(friends)])
        pool = [person for person in friends if person not in close]
        for opener, reader in (close, close[::-1]):
            interest = _interest_of(scribe, stock, (circle.interest,))
            others = scribe.some(pool, int(scribe.rng.integers(3)))
            thread = _friendly(scribe, stock, interest, (opener, reader, *others), friends[0].member)
            if scribe.chance(0.2):
                invite(thread, stock, is_far=True)
            yield thread


def _pair_talk(
    scribe: Scribe, stock: Stock, pair: tuple[Person, Person], n_threads: int, *, is_far: bool
) -> Iterable[Thread]:
    for turn in range(n_threads):
        people = pair if turn % 2 == 0 else (pair[1], pair[0])
        interest = _interest_of(scribe, stock, people[0].interests)
        thread = _friendly(scribe, stock, interest, people, pair[0].member)
        if scribe.chance(0.2):
            invite(thread, stock, is_far=is_far)
        yield thread


def _help(scribe: Scribe, stock: Stock, pair: tuple[Person, Person], bystanders: Sequence[Person]) -> Iterable[Thread]:
    """The asker asks strangers, or the void; the helper answers strangers; about the same subjects."""
    helper, asker = pair
    interest = helper.interests[0]
    questions = [subject for subject in interest.subjects if subject.is_question][:2]
    for turn in range(9):
        subject = questions[turn % len(questions)]
        thread = begin(scribe, interest, subject, helper.member)
        friendly_thread(
            thread, subject, (scribe.pick(bystanders), helper), n_rounds=scribe.pick((1, 1, 2)), stock=stock
        )
        yield thread
    for turn in range(9):
        subject = questions[turn % len(questions)]
        thread = begin(scribe, interest, subject, asker.member)
        if scribe.chance(0.4):
            open_thread(thread, subject, asker)
        else:
            friendly_thread(thread, subject, (asker, scribe.pick(bystanders)), n_rounds=scribe.pick(BRIEF), stock=stock)
        yield thread


def _quarrels(scribe: Scribe, stock: Stock, pair: tuple[Person, Person]) -> Iterable[Thread]:
    interest = pair[0].interests[0]
    for turn in range(10):
        people = pair if turn % 2 == 0 else (pair[1], pair[0])
        subject = pick_subject(scribe, interest, pair[0].member)
        thread = begin(scribe, interest, subject, pair[0].member)
        yield quarrel(thread, subject, people, n_turns=4 + int(scribe.rng.integers(5)), stock=stock)


def _open_talk(scribe: Scribe, stock: Stock, people: Sequence[Person]) -> Iterable[Thread]:
    """Everybody opens a few threads; whoever shares the interest answers, or nobody does."""
    for opener in people:
        for _ in range(2 + int(scribe.rng.integers(3))):
            interest = _interest_of(scribe, stock, opener.interests)
            readers = [one for one in people if one is not opener and interest in (*one.interests, stock.life)]
            answering = scribe.some(readers, int(scribe.rng.integers(4)))
            yield _friendly(scribe, stock, interest, (opener, *answering), EVERYBODY)


def _rare_words(scribe: Scribe, stock: Stock, lurkers: Sequence[Person], people: Sequence[Person]) -> Iterable[Thread]:
    for lurker in lurkers:
        interest = _interest_of(scribe, stock, lurker.interests)
        if scribe.chance(0.5):
            yield _friendly(scribe, stock, interest, (lurker,), EVERYBODY)
        else:
            subject = pick_subject(scribe, interest, EVERYBODY)
            thread = begin(scribe, interest, subject, EVERYBODY)
            opening = open_thread(thread, subject, scribe.pick(people))
            thread.say(lurker, scribe.fresh(subject.answer, EVERYBODY), opening)
            yield thread


def _advertise(scribe: Scribe, stock: Stock, shill: Person, promo: Promo, people: Sequence[Person]) -> Iterable[Thread]:
    """The same few advertisements in every channel; some ask for an end to it, in vain."""
    others = [person for person in people if person is not shill]
    for _ in range(25 + int(scribe.rng.integers(15))):
        interest = scribe.pick(stock.interests)
        thread = begin(scribe, interest, interest.subjects[0], shill.member)
        thread.tags = (interest.channel,)
        said = promote(thread, shill, promo, scribe.some(others, 1 + int(scribe.rng.integers(3))))
        if scribe.chance(0.12):
            thread.say(scribe.pick(others), scribe.fresh(stock.phrases["stop"], EVERYBODY), said)
        yield thread


def _secrets(scribe: Scribe, stock: Stock, circle: Circle) -> Iterable[Thread]:
    for confidence in stock.confidences:
        thread = _private(scribe)
        yield confide(thread, confidence, circle.friends[0], circle.friends[1])


def _attack(scribe: Scribe, stock: Stock, trickster: Person, reader: Person) -> Iterable[Thread]:
    """Words meant for the software rather than for people."""
    interest = trickster.interests[0]
    for text in stock.attacks:
        subject = pick_subject(scribe, interest, trickster.member)
        thread = begin(scribe, interest, subject, trickster.member)
        opening = open_thread(thread, subject, reader)
        thread.add(trickster, text, opening)
        yield thread


def _private(scribe: Scribe) -> Thread:
    return Thread(scribe=scribe, channel=PRIVATE_CHANNEL, tags=(), details={}, among="", is_public=False)


def _friendly(scribe: Scribe, stock: Stock, interest: Interest, people: Sequence[Person], among: str) -> Thread:
    subject: Subject = pick_subject(scribe, interest, among)
    thread = begin(scribe, interest, subject, among)
    if len(people) == 1:
        open_thread(thread, subject, people[0])
        return thread
    rounds = BRIEF if among == EVERYBODY else LIVELY
    return friendly_thread(thread, subject, people[:4], n_rounds=scribe.pick(rounds), stock=stock)


def _interest_of(scribe: Scribe, stock: Stock, interests: Sequence[Interest]) -> Interest:
    """Mostly one of these, now and then small talk."""
    return stock.life if scribe.chance(0.12) else scribe.pick(interests)
