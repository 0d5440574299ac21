"""Where members say that they are, in passing: "here in Lyon", "ich wohne in Graz", "vivo en Lima".

Only the words are taken here, and only in public; which place they mean, and whether it is a place at all,
the geography stage asks. What others are quoted with, what is supposed or asked ("if I lived in"), and where
somebody only stays for a while ("I'm in Lyon next week") is left aside, as far as the words tell.
"""

import polars as pl

from matcher.tables.community import Community
from matcher.tables.conversation import SaidPlaces

_OFTEN = r"(?:(?:currently|now|still|also|actually|here|just) )?"
_SELF_LOCATIONS = (
    # English
    r"(?:right |over |back )?here in",
    rf"(?:i|we) {_OFTEN}(?:live|reside|am living|are living) {_OFTEN}(?:in|near|outside|close to)",
    rf"(?:i'm|i am|we're|we are) {_OFTEN}(?:living |based |located |residing )?(?:in|near|from)",
    r"(?:greetings from|my (?:city|town)(?: of| is|,)?)",
    # German
    r"hier in",
    r"(?:ich|wir) (?:wohne|wohnen|lebe|leben|komme|kommen|bin|sind) (?:\w+ )?(?:in|aus|bei)",
    # French
    r"ici (?:à|au|en)|j'habite (?:à|au|aux|en|près de)|(?:je vis|nous vivons) (?:à|au|aux|en)|je suis (?:de|à)",
    # Spanish, Portuguese, Italian
    r"(?:aquí|aqui) (?:en|em)|(?:vivo|vivimos|resido|moro) (?:en|em|no|na|a)|(?:soy|sou) (?:de|do|da)|abito a",
)
_WORD = r"(?:(?:St|Ste|Ft|Mt)\. )?\p{Lu}[\p{L}\p{M}'-]+"
_INSIDE = r"(?:(?:de|do|da|del|di|la|le|les|of|upon|am|an der|sur) )?"
_PLACE = rf"{_WORD}(?: {_INSIDE}{_WORD}){{0,3}}(?:, ?{_WORD}(?: {_WORD})?)?"
_FOR_A_WHILE = (
    r"next|this|these|until|till|from|for|tomorrow|today|tonight|yesterday|on|during|last|again|visiting|over|"
    r"nächste|diese|bis|heute|morgen|la semaine|pour|demain|hasta|mañana|hoy"
)
_SUPPOSED = (
    r"if|whether|when|whenever|unless|until|wish|suppose|imagine|pretend|not|were|do|did|should|would|could|"
    r"ob|wenn|falls|si|quand|cuando|se"
)
_REPORTED = (
    r"said|says|saying|wrote|writes|asked|asks|answered|replied|claims|claimed|told (?:me|us|him|her|them)|"
    r"sagt|sagte|schreibt|schrieb|meint|dit|dice|dijo"
)
_AT_TIMES = (
    r"(?:next|last|this|every) (?:week|weekend|month|year|summer|winter|spring|autumn|fall|time|evening|morning|"
    r"\w+day)|tomorrow|today|tonight|yesterday|soon|sometimes|morgen|heute|demain|mañana|hoy"
)
"""What stands before words that are of somebody else, or of a while."""
_OF_ONESELF = rf"(?:\b(?:{'|'.join(_SELF_LOCATIONS)})|(?:^|[.!?;(] ?)based in)"
_ARTICLE = "(?:(?:the|la|le|los|las|el|der|den|dem) )?"
_BEFORE = rf"(?:\b({_SUPPOSED}|{_REPORTED}|{_AT_TIMES})[:,]? (?:that )?)?"
_AFTER = rf"(?:\W{{0,2}} ?\b(?i:({_FOR_A_WHILE}))\b| ?(\?))?"
_STATEMENT = rf"(?i:{_BEFORE}{_OF_ONESELF} {_ARTICLE})({_PLACE}){_AFTER}"
_REMINDER = r"(?i)\b(?:as|like) (?:i|we) (?:already )?(?:said|wrote|mentioned)\b"
"""Reported words, but one's own."""
_QUOTED_LINE = r"(?m)^[ \t]*(?:>|&gt;).*$"
_QUOTED = r'"[^"]{1,500}"|\x{201c}[^\x{201d}]{1,500}\x{201d}|\x{201e}[^\x{201c}]{1,500}\x{201c}|«[^»]{1,500}»'


def hear_places(community: Community, among: pl.Series) -> SaidPlaces:
    """Collect the places at which some members say, publicly and of themselves, that they are.

    Args:
        community: With what was written.
        among: Whom to listen to: of most members nobody needs to ask.
    """
    plain = pl.col("text").str.replace_all("\u2019", "'", literal=True)
    for pattern in (_QUOTED_LINE, _QUOTED, _REMINDER):
        plain = plain.str.replace_all(pattern, " \u2026 ")
    stated = (
        community.messages.frame.filter("is_public", pl.col("author").is_in(among.cast(pl.String).unique().implode()))
        .select("author", "message", statement=plain.str.extract_all(_STATEMENT))
        .explode("statement", empty_as_null=True, keep_nulls=True)
        .drop_nulls("statement")
        .with_columns(
            pl.col("statement")
            .str.extract_groups(_STATEMENT)
            .struct.rename_fields(["before", "place", "while", "asked"])
        )
        .unnest("statement")
        .filter(pl.all_horizontal(pl.col("before", "while", "asked").is_null()))
    )
    counted = stated.group_by("author", phrase="place").agg(n=pl.col("message").n_unique())
    return SaidPlaces.sorted(
        counted.select(
            pl.col("author").cast(community.index.enum).alias("member"), "phrase", pl.col("n").cast(pl.UInt32)
        )
    )
