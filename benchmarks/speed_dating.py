"""Which combination of two one-sided wishes foretells a mutual yes best: minimum, product, some mean, one side alone?

Run it with `python -m benchmarks.speed_dating [draws]`. Data: `speed_dating/waves_01_13.csv` under MATCHER_DATA (or
../shared/data): Fisman et al., Gender Differences in Mate Selection, Quarterly Journal of Economics, 2006.

Two kinds of one-sided signal, each a chance of a yes fitted on the other waves. From history: how often one says yes,
and the other is said yes to, on *other* dates. From profiles: what both wrote before the evening. As in the product,
age, race, income and schooling are not looked at; nor is anything that was asked once the two had met.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import logit
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks import DATA
from matcher.affinity.mutual import mutual_share
from matcher.metrics.bootstrap import draw_members, interval
from matcher.metrics.ranking import Contest, Tally, tally_auc
from matcher.units import Flags, Floats, Rows

DATES = DATA / "speed_dating" / "waves_01_13.csv"
SEED = 1
N_DRAWS = 1_000
REGULARIZATION = 0.001
"""The best of six strengths by log-likelihood of the one-sided answers; matches were not looked at."""
LEAK_AUC = 0.70
"""From profiles alone nobody has ever told more: above this, something after the date has slipped in."""

HOBBIES = (
    *("sports", "tvsports", "exercise", "dining", "museums", "art", "hiking", "gaming", "clubbing", "reading", "tv"),
    *("theater", "movies", "concerts", "music", "shopping", "yoga"),
)
WANTS = ("attr1_1", "sinc1_1", "intel1_1", "fun1_1", "amb1_1")
SEES_SELF = ("attr3_1", "sinc3_1", "intel3_1", "fun3_1", "amb3_1")
HABITS = ("date", "go_out", "exphappy")

HARMONIC = "harmonic mean (ours)"
COMBINATIONS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    HARMONIC: mutual_share,
    "geometric mean": lambda hers, his: np.sqrt(hers * his),
    "product": lambda hers, his: hers * his,  # in the same order as the geometric mean, on another scale
    "minimum": np.minimum,
    "arithmetic mean": lambda hers, his: (hers + his) / 2,
    "her side alone": lambda hers, _: hers,
    "his side alone": lambda _, his: his,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Dates:
    """Every date once, though the file has it twice: from her side and from his.

    Attributes:
        woman: A number for her, shape (date,).
        man: A number for him, from where the women's end, shape (date,).
        wave: The evening, shape (date,).
        woman_said_yes: Shape (date,).
        man_said_yes: Shape (date,).
        profiles: What each participant wrote beforehand; NaN where nothing, shape (participant, field).
    """

    woman: Rows
    man: Rows
    wave: Rows
    woman_said_yes: Flags
    man_said_yes: Flags
    profiles: pl.DataFrame

    @property
    def is_match(self) -> Flags:
        """Whether both said yes, shape (date,)."""
        return self.woman_said_yes & self.man_said_yes

    def contest(self) -> Contest:
        """Dates are compared within a wave only."""
        return Contest(member_a=self.woman, member_b=self.man, is_positive=self.is_match, stratum=self.wave)


def read_dates(path: Path) -> Dates:
    """Read the columns that may be looked at, and both answers; the few dates whose other side is missing fall away."""
    fields = [*HOBBIES, *WANTS, *SEES_SELF, *HABITS]
    columns = ["iid", "pid", "gender", "wave", "dec", "dec_o", *fields]
    rows = pl.read_csv(path, columns=columns, encoding="utf8-lossy", infer_schema_length=None).drop_nulls("pid")
    people = rows.unique("iid").sort("gender", "iid").with_columns(number=pl.int_range(pl.len()))
    number = people.select("iid", "number")
    dates = (
        rows.filter(gender=0)
        .sort("wave", "iid", "pid")
        .join(number.rename({"number": "woman"}), on="iid", maintain_order="left")
        .join(number.rename({"iid": "pid", "number": "man"}), on="pid", maintain_order="left")
    )
    return Dates(
        woman=dates["woman"].to_numpy(),
        man=dates["man"].to_numpy(),
        wave=dates["wave"].to_numpy(),
        woman_said_yes=dates["dec"].to_numpy() == 1,
        man_said_yes=dates["dec_o"].to_numpy() == 1,
        profiles=people.select(pl.col(fields).cast(pl.Float64).fill_null(float("nan"))),
    )


def sides_from_history(dates: Dates) -> tuple[Floats, Floats]:
    """Each side's chance of a yes, from the other dates of both, shape (date,) each."""
    hers = _habits(dates.woman, dates.man, dates.woman_said_yes)
    his = _habits(dates.man, dates.woman, dates.man_said_yes)
    return foretell(hers, dates.woman_said_yes, dates.wave, 1.0), foretell(his, dates.man_said_yes, dates.wave, 1.0)


def sides_from_profiles(dates: Dates) -> tuple[Floats, Floats]:
    """Each side's chance of a yes, from what both wrote before the evening, shape (date,) each."""
    hobbies = dates.profiles.select(HOBBIES).to_numpy()
    wants = dates.profiles.select(WANTS).to_numpy()
    wants = wants / np.maximum(
        wants.sum(axis=1, keepdims=True), 1
    )  # some waves gave points out of 100, some marks of 10
    sees_self = dates.profiles.select(SEES_SELF).to_numpy()
    alone = np.column_stack([hobbies, wants, sees_self, dates.profiles.select(HABITS).to_numpy()])

    def seen(one: Rows, other: Rows) -> Floats:
        has_what_is_wanted = wants[one] * sees_self[other]
        return np.column_stack([alone[one], alone[other], abs(hobbies[one] - hobbies[other]), has_what_is_wanted])

    hers = foretell(seen(dates.woman, dates.man), dates.woman_said_yes, dates.wave, REGULARIZATION)
    return hers, foretell(seen(dates.man, dates.woman), dates.man_said_yes, dates.wave, REGULARIZATION)


def foretell(features: Floats, said_yes: Flags, wave: Rows, regularization: float) -> Floats:
    """Chance of a yes by logistic regression, each wave foretold from all others, shape (date,)."""
    chances = np.empty(len(wave))
    for evening in np.unique(wave):
        is_here = wave == evening
        model = make_pipeline(
            SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(C=regularization, max_iter=1_000)
        )
        model.fit(features[~is_here], said_yes[~is_here])
        chances[is_here] = model.predict_proba(features[is_here])[:, 1]
    return chances


def hobbies_cosine(dates: Dates) -> Floats:
    """Plain cosine of the stated interests, shape (date,)."""
    hobbies = np.nan_to_num(dates.profiles.select(HOBBIES).to_numpy())
    unit = hobbies / np.maximum(np.linalg.norm(hobbies, axis=1, keepdims=True), 1e-9)
    return np.asarray((unit[dates.woman] * unit[dates.man]).sum(axis=1))


def average_precision(contest: Contest, scores: Floats, draws: Floats) -> Tally:
    """Mean over positives of the precision at their score, within strata; equal scores share one threshold.

    Args:
        contest: What is ranked.
        scores: Shape (pair,).
        draws: Shape (draw, member).
    """
    result = Tally(total=np.zeros(len(draws)), weight=np.zeros(len(draws)))
    for stratum in np.unique(contest.stratum):
        mine = np.flatnonzero(contest.stratum == stratum)
        order = mine[np.argsort(-scores[mine], kind="stable")]
        drawn = draws[:, contest.member_a[order]] * draws[:, contest.member_b[order]]
        positive = drawn * contest.is_positive[order]
        last_alike = np.searchsorted(-scores[order], -scores[order], side="right") - 1
        so_far, right_so_far = np.cumsum(drawn, axis=1)[:, last_alike], np.cumsum(positive, axis=1)[:, last_alike]
        precision = right_so_far / np.maximum(so_far, 1e-12)
        result += Tally(total=(positive * precision).sum(axis=1), weight=positive.sum(axis=1))
    return result


def brier_score(contest: Contest, scores: Floats, draws: Floats) -> Tally:
    """Mean squared error of a score read as the chance of a match; smaller is better. Arguments as above."""
    drawn = draws[:, contest.member_a] * draws[:, contest.member_b]
    return Tally(total=drawn @ (scores - contest.is_positive) ** 2, weight=drawn.sum(axis=1))


def draw_participants(dates: Dates, n_draws: int, rng: np.random.Generator) -> Floats:
    """Draw women anew among the women of their wave, and men among the men, shape (1 + n_draws, participant)."""
    draws = np.empty((n_draws + 1, dates.profiles.height))
    for evening in np.unique(dates.wave):
        for side in (dates.woman, dates.man):
            people = np.unique(side[dates.wave == evening])
            draws[:, people] = draw_members(len(people), n_draws, rng)
    return draws


def _habits(giver: Rows, getter: Rows, said_yes: Flags) -> Floats:
    """Log-odds that the one says yes and that the other is said yes to, this date left out, shape (date, 2)."""
    columns = []
    for person in (giver, getter):
        n_others = np.bincount(person)[person] - 1
        n_yes = np.bincount(person, said_yes)[person] - said_yes
        columns.append(logit((n_yes + 1) / (n_others + 2)))
    return np.column_stack(columns)


def _show(dates: Dates, scores: Mapping[str, Floats], draws: Floats) -> float:
    """Print a row a method; return the best AUC."""
    contest = dates.contest()
    judges = {"AUC": tally_auc, "average precision": average_precision, "Brier score": brier_score}
    found = {(name, to): judge(contest, scores[name], draws).means() for name in scores for to, judge in judges.items()}
    print(f"| | mean | {' | '.join(judges)} | {' | '.join(f'{to}: harmonic minus this' for to in judges)} |")
    print(f"| --- | --- |{' --- |' * (2 * len(judges))}")
    for name in scores:
        cells = [f"{scores[name].mean():.3f}", *(_cell(found[name, to]) for to in judges)]
        cells += ["" if name == HARMONIC else _cell(found[HARMONIC, to] - found[name, to], sign="+") for to in judges]
        print(f"| {name} | {' | '.join(cells)} |")
    return max(float(found[name, "AUC"][0]) for name in scores)


def _cell(values: Floats, sign: str = "") -> str:
    # A participant drawn twice is compared with their own copies, which pulls every draw the same way (and a date left
    # out of one's own history makes it more): so the draws give the spread, and it is laid around the figure.
    figure = interval(np.append(values[0], values[1:] - values[1:].mean() + values[0]))
    return f"{figure.value:{sign}.3f} ({figure.low:{sign}.3f} to {figure.high:{sign}.3f})"


def main() -> None:
    """Print a table for each kind of signal."""
    if not DATES.exists():
        sys.exit(f"no data at {DATES}: set MATCHER_DATA")
    dates = read_dates(DATES)
    n_draws = int(sys.argv[1]) if len(sys.argv) > 1 else N_DRAWS
    draws = draw_participants(dates, n_draws, np.random.default_rng(SEED))
    together = np.corrcoef(dates.woman_said_yes, dates.man_said_yes)[0, 1]
    print(
        f"{len(dates.wave):,} dates in {len(np.unique(dates.wave))} waves, {dates.is_match.mean():.1%} mutual;", end=" "
    )
    print(f"the two answers of a date correlate by {together:.2f}\n")
    for name, sides in (("history", sides_from_history(dates)), ("profiles", sides_from_profiles(dates))):
        scores = {way: combine(*sides) for way, combine in COMBINATIONS.items()}
        print(f"From {name}:\n")
        best = _show(dates, {**scores, "cosine of interests": hobbies_cosine(dates)}, draws)
        print()
        if name == "profiles" and best > LEAK_AUC:
            sys.exit(f"from profiles alone AUC is {best:.3f}; above {LEAK_AUC} something after the date has slipped in")


if __name__ == "__main__":
    main()
