"""What the conversation stage may be told."""

from dataclasses import dataclass

from matcher.numeric.ranges import require


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationOptions:
    """How messages become ties.

    Attributes:
        read_private: Whether private messages count for ties. They are never quoted, but a sentence that
            counts them tells who talks with whom in private.
        half_life_days: After this many days an exchange counts half.
        n_evidence: Messages kept as evidence for each direction of a tie.
        n_topics: Topics kept for each member, the most talked about first.
        telling_nats: Information at which a message counts half; see `substance`.
        enough_messages: Fresh, full messages at which we know a member half as well as we ever can.
        min_messages_to_judge: Below this many messages nobody is called a broadcaster.
    """

    read_private: bool = False
    half_life_days: float = 365.0
    n_evidence: int = 2
    n_topics: int = 30
    telling_nats: float = 30.0
    enough_messages: float = 2.0
    min_messages_to_judge: int = 5

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        positive = ("half_life_days", "telling_nats", "enough_messages", "n_topics")
        require("conversation", self, positive=positive, not_negative=("n_evidence", "min_messages_to_judge"))
