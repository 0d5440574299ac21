"""A run of the desk as publishing sees it."""

from matcher.publish.invitations import Edition
from matcher.review.nights import Night


def edition_of(night: Night) -> Edition:
    """What may be told of a run; who could sit with whom is read only if a group was changed."""
    return Edition(dossier=night.dossier, suggestions=night.suggestions, question=lambda: night.question)
