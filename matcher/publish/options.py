"""What an operator may say about publishing in `matcher.toml`, section `publish`."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishOptions:
    """How members are told.

    Secrets come from the environment: `MATCHER_SMTP_PASSWORD`, `MATCHER_WEBHOOK_SECRET`.

    Attributes:
        sender: Address that mail comes from; empty: none can be made.
        sender_name: Name beside it.
        smtp_host: Mail server; empty: none.
        smtp_port: Its port.
        smtp_security: 'starttls', 'tls' or 'none' (only for this machine).
        smtp_user: Who signs in there; empty: nobody does.
        webhook_url: Where to post what was published; empty: nowhere.
        answer_address: The `https://…` under which members reach the pages for their answers; empty: mails carry no
            links.
        link_days: How long a link for answers is good.
    """

    sender: str = ""
    sender_name: str = "The organizers"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    webhook_url: str = ""
    answer_address: str = ""
    link_days: float = 60.0
