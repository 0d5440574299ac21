"""What an audit says: which rules were checked, how often, and what broke them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One rule and what broke it.

    Attributes:
        name: Which rule.
        n_checked: How often it was applied.
        violations: One sentence each, ids only.
    """

    name: str
    n_checked: int
    violations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """Every check of one plan."""

    checks: tuple[Check, ...]

    @property
    def violations(self) -> tuple[str, ...]:
        """All violations, with the name of the check before each."""
        return tuple(f"{check.name}: {violation}" for check in self.checks for violation in check.violations)

    @property
    def is_clean(self) -> bool:
        """Whether the plan may be published."""
        return not self.violations


def checks_of(found: Mapping[str, tuple[int, Iterable[str]]]) -> tuple[Check, ...]:
    """Write checks down, from how often each rule was applied and what broke it."""
    return tuple(Check(name=name, n_checked=count, violations=tuple(broken)) for name, (count, broken) in found.items())
