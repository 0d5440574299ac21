"""Every error this library raises on purpose.

MatcherError
├── InputError            bad usage or bad input: exit code 2
│   ├── MissingError      what an address or an id names is not there
│   ├── SourceError       an export cannot be read
│   └── SettingsError     a setting is unknown or has the wrong type
├── RunError              a refused or failed run: exit code 1
│   ├── AuditError        the plan breaks a rule
│   └── LockedError       another run holds the workspace
├── ConflictError         somebody decided first; nothing was recorded
├── AccountError          who this is cannot be established, or an account cannot be as asked
│   └── TooManyAttemptsError  too many wrong passwords; says when to try again
├── LinkError             a member's link is not one of ours, or its time is over
├── NotSentError          something could not be sent, and for certain nothing arrived
├── TableError            a table does not keep its promise: a fault of ours
└── EngineMissingError    a library for a chosen engine is not installed (also an ImportError)

A message says three things in this order: what is wrong; what was found; what would be right.
It never contains a member's words.
"""

from datetime import datetime


class MatcherError(Exception):
    """The root of the tree."""


class InputError(MatcherError):
    """What the operator gave cannot be used."""


class MissingError(InputError):
    """What an address or an id names is not there."""


class SourceError(InputError):
    """An export cannot be read at all; the workspace stays as it was."""


class SettingsError(InputError):
    """A setting is unknown, or its value has the wrong type or range."""


class RunError(MatcherError):
    """The night did not produce a plan; yesterday's plan stays live."""


class AuditError(RunError):
    """The finished plan breaks a rule and is not published."""


class LockedError(RunError):
    """Another run holds the workspace."""


class ConflictError(MatcherError):
    """Somebody decided first, and what was wanted no longer fits; nothing was recorded."""


class AccountError(MatcherError):
    """A name or password is wrong, or an account cannot be as asked."""


class TooManyAttemptsError(AccountError):
    """Too many wrong passwords; nothing was tried.

    Attributes:
        retry_at: From when on another attempt is allowed.
    """

    def __init__(self, message: str, *, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class LinkError(MatcherError):
    """A member's link cannot be used; nothing was recorded.

    Attributes:
        is_expired: Whether it was one of ours once; else it never was.
    """

    def __init__(self, message: str, *, is_expired: bool = False) -> None:
        super().__init__(message)
        self.is_expired = is_expired


class NotSentError(MatcherError):
    """Something could not be sent, and for certain nothing arrived.

    Attributes:
        may_retry: Whether it may go better later.
    """

    def __init__(self, message: str, *, may_retry: bool) -> None:
        super().__init__(message)
        self.may_retry = may_retry


class TableError(MatcherError):
    """A table does not keep what its declaration promises."""


class EngineMissingError(MatcherError, ImportError):
    """A library that the settings ask for is not installed."""
