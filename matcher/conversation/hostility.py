"""Whether a message attacks the person it answers.

Deliberately narrow: an insult said *of* "you" ("you're a clown", not "you can drop the stupid flag"), a
sentence that only sends somebody away, or a bare verdict on what they said. What is quoted, supposed
("if you are lazy") or said of oneself ("I'll shut up") is set aside first. It misses sarcasm, cold
contempt and other languages; one hostile message alone forbids nothing. How often it is right is
measured by `python -m benchmarks.conduct`.
"""

import polars as pl

_NAME = (
    r"idiots?|morons?|imbeciles?|jerks?|losers?|liars?|trolls?|assholes?|arseholes?|dickheads?|dumbass(?:es)?|"
    r"clowns?|cretins?|retards?|bitch(?:es)?|bastards?|scumbags?"
)
INSULTS = (
    rf"{_NAME}|idiotic|moronic|stupid|dumb|pathetic|clueless|ignorant|lying|trolling|delusional|worthless|useless|"
    r"disgusting|arrogant|rude|disrespectful|obnoxious|retarded|full of (?:it|shit|crap)"
)
_WORDS = r"answers?|reply|replies|advice|comments?|posts?|excuses?|opinions?|attitude|take"
_VERDICT = r"idiotic|moronic|pathetic|laughable|arrogant|stupid|(?:utter|complete|total) (?:rubbish|nonsense|garbage)"
_ADVERBS = r"(?:(?:such|just|really|still|clearly|obviously|being|so|too|very|an?|the|\w+ly|\w+,) )*"
_AWAY = r"(?:shut (?:the \w+ )?up|get lost|get a life|grow up|go away)"
_STARTS = r"(?:^|[\n.!?:]\s*)"

_HARMLESS = (
    r'"[^"\n]{1,200}"|\x{201c}[^\x{201d}\n]{1,200}\x{201d}'
    r"|\bi(?:'ll|'d)? (?:\w+ ){0,2}(?:shut up|stop \w+ing)\b"
    r"|\blying (?:around|about|to yourself|next|in|on|at|under|somewhere)\b"
    r"|\b(?:if|when|unless|whether|because|that|said|says|think|thought|thinks) you(?:'re| are| were)\b"
    r"|\b(?:not|n't|never) (?:\w+ ){0,2}(?:stupid|dumb|idiots?|ignorant|lying|useless|morons?|trolling|rude)\b"
)
_ATTACKS = (
    # Said of the reader.
    rf"\byou(?:'re| are|r| were| sound like| look like| must be| (?:guys|people|lot) are) {_ADVERBS}(?:{INSULTS})\b",
    rf"\b(?:are|were) you {_ADVERBS}(?:{_NAME}|trolling|delusional|blind|stupid|dumb|retarded)\b",
    rf"\byou (?:\w+ )?(?:{_NAME})\b|, (?:{_NAME})(?:[.!?]|$)|\bit's the (?:{_NAME}) again\b",
    rf"\b(?:do(?:n't| not) be|stop being) (?:such )?an? (?:{_NAME})\b",
    # Said of what the reader knows or does.
    r"\byou (?:clearly|obviously|really|still|just|simply|literally) (?:know nothing|have no (?:clue|idea))\b",
    r"\byou(?: have|'ve| have got|'ve got) no clue\b",
    r"\byou (?:have no idea|do(?:n't| not) know) what you(?:'re| are) talking\b",
    r"\b(?:stop|quit|instead of|enough|off|your) (?:your |this |the )?(?:trolling|whining|whinging)\b",
    r"\b(?:stop|you(?:'re| are| keep)) wasting (?:my|our|everyone's|people's) time\b",
    r"\b(?:stop|you(?:'re| are| keep)) spreading (?:this |these |such )?(?:lies?|nonsense|rubbish|bullshit)\b",
    r"\bwhat(?:'s| is| the \w+ is) wrong with you\b|\bwho (?:the \w+ )?(?:do you think you are|are you to)\b",
    r"\b(?:no ?body|no one) (?:asked|cares (?:what|how|about|who|if)) (?:\w+ ){0,2}you",
    r"\byou should be ashamed\b|\bthis is (?:\w+ )?gaslighting\b|\byou suck\b",
    # Sends the reader away.
    rf"{_STARTS}(?:(?:oh|please|just|so|then),? )*{_AWAY}(?:[.,!]|$)",
    r"\bscrew you\b|\b(?:fuck|piss) off\b|\bfuck (?:you|your)\b|\bgo fuck\b|\bkill yourself\b|\bstfu\b",
    rf"{_STARTS}(?:\w+ )?rtfm\b",
    # Nothing but a verdict.
    rf"{_STARTS}(?:what an? |just )?(?:\w+, )?(?:{_VERDICT}),?(?: \w+,?)? (?:{_WORDS})\b",
    rf"{_STARTS}(?:(?:what an? )?(?:{_VERDICT})|ridiculous nonsense|liar)(?:[.,!]|$)",
)


def is_hostile(text: pl.Expr) -> pl.Expr:
    """Whether each text attacks its reader."""
    folded = text.str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    attack = "|".join(f"(?:{attack})" for attack in _ATTACKS)
    return folded.str.replace_all(_HARMLESS, " \u2026 ").str.contains(attack)
