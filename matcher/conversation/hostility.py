"""Whether a message attacks the person it answers.

A first, deliberately narrow reading: an insult aimed at "you", or opening a sentence as a verdict. It
misses sarcasm and other languages; what it finds is rarely wrong, and one hostile message alone
forbids nothing.
"""

import polars as pl

_INSULT = (
    r"idiots?|idiotic|morons?|moronic|stupid|dumb(?:ass)?|pathetic|clueless|ignorant|imbeciles?|jerk|"
    r"losers?|liar|lying|troll(?:ing)?|asshole|arsehole|dickhead|bullshit|delusional|clown|worthless|useless|disgusting"
)
_VERDICT = (
    r"idiotic|moronic|pathetic|clueless|laughable|liar|disgusting|(?:utter|complete|total) (?:rubbish|nonsense|garbage)"
)
_AIMED = (
    rf"\byou(?:'re| are|r)?\b[^.!?\n]{{0,40}}\b(?:{_INSULT})\b"
    rf"|\b(?:{_INSULT})\b[^.!?\n]{{0,25}}\b(?:are|of) you\b"
    r"|\bshut up\b|\bscrew you\b|\bfuck (?:off|you)\b|\bpiss off\b"
    r"|\byou(?: \w+)? (?:know nothing about|have no clue)\b"
    rf"|(?:^|[.!?]\s+)(?:what an? )?(?:get lost|{_VERDICT})\b"
    r"|\bno idea what you(?:'re| are) talking about\b|\bnobody (?:asked|cares what) you\b"
    r"|\bdo(?:n't| not) be (?:an? )?(?:such an? )?(?:idiot|moron)\b"
)
_NEGATED = r"\b(?:not|n't|never|isn't|aren't)\b[^.!?\n]{0,15}\b(?:stupid|dumb|an idiot|ignorant|lying)\b"


def is_hostile(text: pl.Expr) -> pl.Expr:
    """Whether each text attacks its reader."""
    folded = text.str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    return folded.str.contains(_AIMED) & ~folded.str.contains(_NEGATED)
