"""What other libraries make of the same tables: name and centres of each that is installed."""

import numpy
from sklearn.cluster import KMeans, MiniBatchKMeans

try:
    from river import cluster as river
except ImportError:
    river = None

BATCH = 1_024
# One vector at a time in Python is slow, and more would not move the centres much.
RIVER_ROWS_MAX = 10_000


def inertia(table, centres):
    """Σ d² to the nearest centre."""
    total = 0.0
    for start in range(0, len(table), BATCH):
        rows = table[start : start + BATCH]
        total += ((rows[:, None, :] - centres[None, :, :]) ** 2).sum(2).min(1).sum()
    return total


def spark(table, k, seed=0):
    """Spark's StreamingKMeans with decay factor 1: a batch's means move centres by weight, and a dying centre splits
    the largest. Centres start as rows of the first batch."""
    generator = numpy.random.default_rng(seed)
    centres = table[generator.choice(min(BATCH, len(table)), k, replace=False)].astype(float)
    weights = numpy.zeros(k)
    for start in range(0, len(table), BATCH):
        rows = table[start : start + BATCH]
        nearest = ((rows[:, None, :] - centres[None, :, :]) ** 2).sum(2).argmin(1)
        for centre in range(k):
            members = rows[nearest == centre]
            if len(members) == 0:
                continue
            total = weights[centre] + len(members)
            centres[centre] += len(members) / total * (members.mean(0) - centres[centre])
            weights[centre] = total
        largest, smallest = weights.argmax(), weights.argmin()
        if weights[smallest] < 1e-8 * weights[largest]:
            step = 1e-14 * numpy.maximum(numpy.abs(centres[largest]), 1)
            weights[largest] = weights[smallest] = (weights[largest] + weights[smallest]) / 2
            centres[smallest] = centres[largest] - step
            centres[largest] = centres[largest] + step
    return centres


def learned_one_by_one(model, table, k):
    # Numbers, as sets of them have one order: River draws centres in the order of a set, and that of texts varies.
    names = list(range(table.shape[1]))
    for row in table[:RIVER_ROWS_MAX]:
        model.learn_one(dict(zip(names, row.tolist())))
    return numpy.array([[model.centers[centre][name] for name in names] for centre in range(k)])


def all_centres(table, k):
    """Centres by peer, one pass each but for KMeans, which is the yardstick."""
    yield "kmeans", KMeans(k, n_init=10, random_state=0).fit(table).cluster_centers_
    yield "minibatch_kmeans", MiniBatchKMeans(k, n_init=3, random_state=0).fit(table).cluster_centers_
    yield "spark_rule", spark(table, k)
    if river:
        yield "river_kmeans", learned_one_by_one(river.KMeans(n_clusters=k, seed=0), table, k)
        stream = river.STREAMKMeans(chunk_size=500, n_clusters=k, seed=0)
        yield "river_streamkmeans", learned_one_by_one(stream, table, k)
