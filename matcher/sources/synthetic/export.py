"""The community as an export that a real forum could have written."""

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matcher.sources.synthetic.community import SyntheticCommunity


def write_export(community: SyntheticCommunity, folder: Path) -> None:
    """Write members.csv, messages.jsonl, blocks.csv, contacts.csv and, for the curious, truths.json.

    Addresses are of a domain that belongs to nobody.

    Args:
        community: What to write.
        folder: Made if it is not there; files of these names are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    as_typed = community.as_typed
    members = [
        {
            "member_id": row["member"],
            "display_name": as_typed.get(row["name"], row["name"]),
            "about": row["about"],
            "interests": ";".join(row["interests"]),
            "location": row["place_text"],
            "reach_km": "" if row["reach_km"] is None else f"{row['reach_km']:g}",
            "opted_in": "true" if row["is_opted_in"] else "false",
            "languages": ";".join(row["languages"]),
            "availability": ";".join(row["availability"]),
        }
        for row in community.members.frame.iter_rows(named=True)
    ]
    _write_csv(folder / "members.csv", members)
    _write_csv(folder / "blocks.csv", community.blocks.frame.to_dicts())
    contacts = [{"member": one["member_id"], "email": f"{one['member_id']}@example.org"} for one in members]
    _write_csv(folder / "contacts.csv", contacts)
    with (folder / "messages.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for row in community.messages.frame.iter_rows(named=True):
            lines.write(json.dumps(_message(row, as_typed), ensure_ascii=False) + "\n")
    truths = {"notice": community.notice} | asdict(community.truths)
    (folder / "truths.json").write_text(json.dumps(truths, indent=1) + "\n", encoding="utf-8", newline="\n")


def _message(row: dict[str, Any], as_typed: dict[str, str]) -> dict[str, object]:
    return {
        "id": row["message"],
        "author": row["author"],
        "sent_at": row["sent_at"].isoformat().replace("+00:00", "Z"),
        "thread": row["thread"].removeprefix(f"{row['channel']}/"),
        "channel": row["channel"],
        "public": row["is_public"],
        "reply_to": row["reply_to"],
        "mentions": row["mentions"],
        "tags": row["topics"],
        "text": as_typed.get(row["text"], row["text"]),
        "url": row["url"],
    }


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
