"""A member's texts to a member's interests: several weighted vectors, never one average.

The average of a beer lover who sails is a point where nobody lives.
"""

from itertools import pairwise

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

from matcher.embedding.budget import MemberTexts, choose_texts
from matcher.embedding.encoder import Encoder, from_halves, to_halves
from matcher.embedding.options import EmbeddingOptions
from matcher.tables.community import Community, MemberIndex
from matcher.tables.conversation import Readings
from matcher.tables.vectors import Interests
from matcher.units import Flags, Floats, Rows, Vectors


def embed_members(
    community: Community, readings: Readings, encoder: Encoder, options: EmbeddingOptions, *, among: Flags
) -> Interests:
    """Say what members care about, as far as their words show it.

    Every distinct text is encoded once, however many members say it.

    Args:
        community: Whose words.
        readings: What each message weighs.
        encoder: What makes vectors of them.
        options: What to read, and how finely to tell interests apart.
        among: Of whom the interests are wanted, shape (member,); reading the others would be wasted.

    Returns:
        The interests of each of them, heaviest first; members without words have none.
    """
    chosen = choose_texts(community, readings, options)
    texts = MemberTexts(chosen.frame.filter(among[community.index.rows(chosen.frame.get_column("member"))]))
    said = texts.frame.get_column("text")
    distinct = said.unique().sort()
    vectors = from_halves(to_halves(encoder.encode(distinct.to_list())))
    return cluster_texts(
        texts, vectors[distinct.search_sorted(said).to_numpy()], encoder.name, community.index, options
    )


def cluster_texts(
    texts: MemberTexts, vectors: Vectors, encoder: str, index: MemberIndex, options: EmbeddingOptions
) -> Interests:
    """Gather each member's texts into a few interests.

    Args:
        texts: What was embedded.
        vectors: Its unit vectors, shape (text, dim).
        encoder: The name of what made them.
        index: Tonight's members.
        options: How finely to tell interests apart.
    """
    owners = index.rows(texts.frame.get_column("member"))
    weights = texts.frame.get_column("weight").to_numpy()
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    found_vectors: list[Vectors] = []
    found_weights: list[Floats] = []
    found_owners: list[int] = []
    for start, end in pairwise([*starts.tolist(), len(owners)]):
        interests, shares = member_interests(vectors[start:end], weights[start:end], options)
        found_vectors.append(interests)
        found_weights.append(shares)
        found_owners += [int(owners[start])] * len(shares)
    dim = vectors.shape[1]
    return Interests(
        vectors=np.concatenate([np.zeros((0, dim), dtype=np.float32), *found_vectors]),
        owners=np.array(found_owners, dtype=np.int64),
        weights=np.concatenate([np.zeros(0), *found_weights]).astype(np.float32),
        index=index,
        encoder=encoder,
    )


def member_interests(vectors: Vectors, weights: Floats, options: EmbeddingOptions) -> tuple[Vectors, Floats]:
    """Gather one member's texts by average linkage on cosine distance.

    Texts nearer than `merge_distance` are one interest; where that leaves more than `max_interests`,
    the nearest go on merging, so that nothing a member cares about is dropped.

    Args:
        vectors: Unit vectors of the texts, shape (text, dim), at least one.
        weights: Of the texts, > 0, shape (text,).
        options: How finely to tell interests apart.

    Returns:
        Unit vectors, shape (interest, dim), heaviest first and at equal weight the one whose first
        text comes first; and their shares, which sum to 1.
    """
    labels = _labels(vectors, options)
    # Interests are numbered by their first text, so that ties keep that order.
    _, first, numbered = np.unique(labels, return_index=True, return_inverse=True)
    belongs = np.zeros((len(first), len(labels)))
    belongs[np.argsort(np.argsort(first))[numbered], np.arange(len(labels))] = weights
    totals = belongs.sum(axis=1)
    order = np.argsort(-totals, kind="stable")
    means = (belongs / totals[:, None]) @ vectors
    norms = np.linalg.norm(means, axis=1, keepdims=True)
    # Opposites cancel out: then the heaviest text speaks for all.
    means = np.where(norms > 1e-6, means, vectors[belongs.argmax(axis=1)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return means[order].astype(np.float32), totals[order] / totals.sum()


def _labels(vectors: Vectors, options: EmbeddingOptions) -> Rows:
    """The number of the interest each text belongs to, shape (text,)."""
    if len(vectors) == 1:
        return np.zeros(1, dtype=np.int64)
    distances = np.maximum(pdist(vectors.astype(np.float64), "cosine"), 0)
    tree = linkage(distances, method="average")
    labels = fcluster(tree, options.merge_distance, criterion="distance")
    if labels.max() > options.max_interests:
        labels = fcluster(tree, options.max_interests, criterion="maxclust")
    return labels.astype(np.int64)
