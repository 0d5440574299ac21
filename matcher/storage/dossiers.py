"""The dossier of a run: one compressed file, written by the night and read by the desk."""

import gzip
from pathlib import Path

import msgspec

from matcher.errors import InputError
from matcher.tables.dossier import Dossier

DOSSIER_FILE = "tables/dossier.json.gz"
"""Where it is in the folder of a run."""


def dossier_bytes(dossier: Dossier) -> bytes:
    """Write a dossier; the same one always as the same bytes."""
    return gzip.compress(msgspec.json.encode(dossier), mtime=0)


def read_dossier(run: Path) -> Dossier:
    """Read the dossier of a run, given its folder.

    Raises:
        InputError: The run left none, or it is damaged.
    """
    path = run / DOSSIER_FILE
    try:
        return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=Dossier)
    except FileNotFoundError:
        raise InputError(
            f"the run {run.name} left nothing for the desk to show; found no {DOSSIER_FILE}; an older version planned "
            "it: start a new one with matcher run"
        ) from None
    except (OSError, EOFError, msgspec.MsgspecError) as damage:
        raise InputError(
            f"{path} cannot be read; found {type(damage).__name__}; start a new run with matcher run"
        ) from damage
