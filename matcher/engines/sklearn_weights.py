"""Weights learned from what came true, by scikit-learn. It is slow to import, so only whoever calls waits."""

import importlib

import numpy as np

from matcher.units import Flags, Floats

STRENGTH = 0.3
"""Inverse of the ridge penalty on weights of standardized signals; 0.01 to 10 foretell alike."""


class SklearnFitter:
    """Fits weights by logistic regression with a ridge penalty."""

    def fit(self, signals: Floats, is_positive: Flags) -> tuple[Floats, float]:
        """Learn what each signal adds to the log-odds.

        A signal that would get a weight below 0 is left out, the worst first, and the rest is learned anew.

        Args:
            signals: Shape (row, signal).
            is_positive: Both kinds, shape (row,).

        Returns:
            Log-odds a unit of each signal, 0 or more, shape (signal,); and the log-odds where all signals are 0.
        """
        deviations = signals.std(axis=0)
        kept = np.flatnonzero(deviations)
        model = importlib.import_module("sklearn.linear_model").LogisticRegression(C=STRENGTH, max_iter=5_000)
        weights = np.zeros(signals.shape[1])
        while len(kept):
            model.fit(signals[:, kept] / deviations[kept], is_positive)
            found = model.coef_[0]
            if found.min() >= 0:
                weights[kept] = found / deviations[kept]
                return weights, float(model.intercept_[0])
            kept = np.delete(kept, found.argmin())
        share = is_positive.mean()
        return weights, float(np.log(share / (1 - share)))
