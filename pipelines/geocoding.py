"""Asking a geocoder ahead of the night, if the operator wants one: the night itself then sends nothing."""

import dataclasses
import hashlib

from matcher.geography.asking import texts_to_ask
from matcher.geography.places import read_homes
from matcher.settings import Settings
from matcher.storage.geocode_cache import CachedGeocoder
from matcher.storage.workspace import StoredCommunity
from matcher.tables.community import Community
from matcher.tables.geography import Gazetteer
from pipelines.events import log

GAZETTEER_CREDIT = "GeoNames (CC BY 4.0)"


def ask_ahead(
    geocoder: CachedGeocoder | None,
    stored: StoredCommunity,
    community: Community,
    gazetteer: Gazetteer,
    settings: Settings,
) -> tuple[StoredCommunity, str]:
    """Ask about the homes that the gazetteer cannot read, and log how it went.

    Returns:
        The community as it was imported, its fingerprint over the answers too; and whose data of places they are.
    """
    if geocoder is None:
        return stored, GAZETTEER_CREDIT
    if geocoder.was_damaged:
        log.warning("the geocoder's answers were damaged: they stand aside as geocodes.damaged, and are asked anew")
    geocoder.find(texts_to_ask(read_homes(community, gazetteer, settings.geography), community))
    log.info(
        "geocoder %s: %d texts without a place, %d asked about tonight, %d found, %d failed, %d left for another night",
        geocoder.name,
        geocoder.n_texts,
        geocoder.n_new,
        geocoder.n_found,
        geocoder.n_failed,
        geocoder.n_left,
    )
    fingerprint = hashlib.sha256(f"{stored.fingerprint}\n{geocoder.fingerprint}".encode()).hexdigest()
    credit = f"{GAZETTEER_CREDIT}; {geocoder.attribution}" if geocoder.n_found else GAZETTEER_CREDIT
    return dataclasses.replace(stored, fingerprint=fingerprint), credit
