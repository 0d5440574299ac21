"""What a night got from a geocoder, if the operator wants one: told in the log, credited, and part of the run."""

import dataclasses
import hashlib

from matcher.storage.geocode_cache import CachedGeocoder
from matcher.storage.workspace import StoredCommunity
from pipelines.events import log

GAZETTEER_CREDIT = "GeoNames (CC BY 4.0)"


def credit_geocoder(geocoder: CachedGeocoder | None, stored: StoredCommunity) -> tuple[StoredCommunity, str]:
    """Log how asking went.

    Returns:
        The community as it was imported, its fingerprint over the answers too; and whose data of places they are.
    """
    if geocoder is None:
        return stored, GAZETTEER_CREDIT
    if geocoder.was_damaged:
        log.warning("the geocoder's answers were damaged: they stand aside as geocodes.damaged, and are asked anew")
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
