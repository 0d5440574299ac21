"""Looking at passwords costs memory on purpose, and anybody may send one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from argon2 import PasswordHasher

from matcher.storage.decisions.passwords import MOST_AT_ONCE, Passwords


class Crowded(PasswordHasher):
    """Counts how many it works for at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.guard = Lock()
        self.now = self.most = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        """Look at a password."""
        with self.guard:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            return super().verify(hash, password)
        finally:
            with self.guard:
                self.now -= 1


def test_only_a_few_passwords_are_looked_at_in_the_same_moment() -> None:
    """Else whoever sends many at once fills the memory of the machine; all get their answer."""
    passwords = Passwords(hasher := Crowded())
    kept = passwords.hash("correct horse battery")

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda at: passwords.is_right("correct horse battery"[at % 2 :], kept), range(400)))

    assert answers == [True, False] * 200
    assert hasher.most <= MOST_AT_ONCE
