"""How likely somebody of a country writes in a community like ours, beside somebody of an English-speaking one.

"Naples" and "Santa Clara" lie in many countries. Most communities that are read here write English, so a country
counts by how many of its people speak it. A member who names the country is not touched by this.

Source:
    Unicode CLDR 47, territory information: four bands by the share who speak English, from 80 %, 50 %, 25 % and 0.
    It says nothing of Norway, which stands beside Sweden here.
"""

from collections.abc import Mapping
from typing import Final

OTHERWISE: Final = 0.3
"""Below a quarter: those who write in English communities all the same."""
_BANDS: Final = {
    1.0: "AG AI AS AU BB BM BS BW BZ CA CK DK DM FJ GB GD GG GI GU GY IE IL IM IO JE JM KI KN KY LC LR MH MP MT NL NO "
    "NR NZ SB SE SG SZ TC TT US VC VG VU",
    0.75: "AE AT BE CY DE EE ER FI FK FM GR HK LU MS MU MV MW NG PG PH PK SD SH SI SX TZ VI",
    0.5: "BA BG CH CM CZ EG ET FR GM HR IQ IT JO LB LS LT LV PL PR PT RO SC SK SL SS TH TO ZA ZW",
}
AUDIENCE: Final[Mapping[str, float]] = {country: weight for weight, band in _BANDS.items() for country in band.split()}


def audience(country: str) -> float:
    """Weight of a country's people among those who write, in [0.3, 1]; 1 for an area of several countries.

    Example:
        >>> audience("US"), audience("DE"), audience("VE")
        (1.0, 0.75, 0.3)
    """
    return AUDIENCE.get(country, OTHERWISE) if country else 1.0
