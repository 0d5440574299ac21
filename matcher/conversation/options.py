"""What the conversation stage may be told."""

from dataclasses import dataclass

from matcher.numeric.ranges import require


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationOptions:
    """How messages become ties.

    Attributes:
        read_private: Whether private messages count for ties. They are never quoted, but a sentence that
            counts them tells who talks with whom in private.
        half_life_days: After this many days an exchange counts half. Measured: 90 foretold better than 120, 180 or 365.
        heard_half_life_days: After this many days what we heard of a member counts half.
        n_evidence: Messages kept as evidence for each direction of a tie.
        n_topics: Topics kept for each member, the most talked about first.
        telling_nats: Information at which a message counts half; see `substance`.
        enough_messages: Fresh, full messages at which we know a member half as well as we ever can.
        min_messages_to_judge: Below this many messages nobody is called a broadcaster.
        infer_replies: Whether it is inferred whom a message answers, in channels where hardly any message says
            so by a link or a mention; see `threads`. What is inferred counts for ties and is never quoted.
        min_reply_confidence: Only answers to a person that are at least so probable count.
    """

    read_private: bool = False
    half_life_days: float = 90.0
    heard_half_life_days: float = 365.0
    n_evidence: int = 2
    n_topics: int = 30
    telling_nats: float = 30.0
    enough_messages: float = 2.0
    min_messages_to_judge: int = 5
    infer_replies: bool = True
    min_reply_confidence: float = 0.8

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        positive = ("half_life_days", "heard_half_life_days", "telling_nats", "enough_messages", "n_topics")
        not_negative = ("n_evidence", "min_messages_to_judge")
        require("conversation", self, shares=("min_reply_confidence",), positive=positive, not_negative=not_negative)
