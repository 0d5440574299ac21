"""Templates to HTML: everything is escaped, a misspelt name is refused."""

import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def render(template: str, **facts: object) -> str:
    """Fill a template of `review/templates`; it may import macros of the report's."""
    return _environment().get_template(template).render(**facts)


def static_address(name: str) -> str:
    """Where a browser finds a file of `review/static`; it changes with the files, so that it may be kept for long."""
    return f"/static/{name}?v={STATIC_VERSION}"


def _version_of_static() -> str:
    found = sorted(files("matcher.review").joinpath("static").iterdir(), key=lambda one: one.name)
    return hashlib.sha256(b"".join(one.read_bytes() for one in found if one.is_file())).hexdigest()[:12]


STATIC_VERSION = _version_of_static()


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=ChoiceLoader([PackageLoader("matcher.review"), PackageLoader("matcher.publish")]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    return environment
