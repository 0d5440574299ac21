"""The words for numbers. What may be mixed is a plain type; what must not is a new one."""

from typing import NewType

import numpy as np
import numpy.typing as npt

MemberId = NewType("MemberId", str)
MessageId = NewType("MessageId", str)
Km = NewType("Km", float)
Share = NewType("Share", float)

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
