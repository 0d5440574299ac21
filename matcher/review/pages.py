"""Templates to HTML: everything is escaped, a misspelt name is refused."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def render(template: str, **facts: object) -> str:
    """Fill a template of `review/templates`; it may import macros of the report's."""
    return _environment().get_template(template).render(**facts)


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        loader=ChoiceLoader([PackageLoader("matcher.review"), PackageLoader("matcher.publish")]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
