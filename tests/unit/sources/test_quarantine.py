"""What a quarantine says."""

from matcher.sources import quarantine
from matcher.sources.quarantine import ACTIONS, BAD_DATE, BAD_ID, FAULTS, REPLY_TO_SELF, Fault, Quarantine, finding


def test_every_fault_is_documented_once() -> None:
    """A reason that is not in FAULTS could not be written into the table."""
    declared = [value for value in vars(quarantine).values() if isinstance(value, Fault)]

    assert declared == list(FAULTS)
    assert len({fault.reason for fault in FAULTS}) == len(FAULTS)
    assert all(fault.action in ACTIONS and fault.remedy for fault in FAULTS)


def test_a_row_stands_once_for_each_reason_and_is_counted() -> None:
    """Two sides that find the same fault count it once; counts come in the order of FAULTS."""
    found = [finding("b.csv", REPLY_TO_SELF, [3]), finding("b.csv", BAD_DATE, [3, 9, 3]), finding("a.csv", BAD_ID, [1])]

    made = Quarantine.of(found)

    assert made.frame.select("file", "line", "action").rows() == [
        ("a.csv", 1, "refused"),
        ("b.csv", 3, "refused"),
        ("b.csv", 3, "mended"),
        ("b.csv", 9, "refused"),
    ]
    assert list(made.counts.items()) == [
        (("refused", BAD_ID.reason), 1),
        (("refused", BAD_DATE.reason), 2),
        (("mended", REPLY_TO_SELF.reason), 1),
    ]


def test_a_clean_export_has_an_empty_quarantine() -> None:
    """Nothing found is a table too."""
    assert Quarantine.of([]).counts == {}
