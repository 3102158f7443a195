"""Eight tables to cluster: blobs of several numbers, sizes and shapes, digits, wine, heavy tails and no clusters at all.

Seeded: the same names stand for the same numbers.
"""

import numpy
from sklearn import datasets


def blobs(seed, rows, centres, dimension, sizes=None, spread=1.0):
    """Normal groups around centres drawn from a cube of side 20; `sizes` are their shares."""
    generator = numpy.random.default_rng(seed)
    places = generator.uniform(-10, 10, (centres, dimension))
    shares = numpy.full(centres, 1 / centres) if sizes is None else sizes / sizes.sum()
    group = generator.choice(centres, rows, p=shares)
    return places[group] + spread * generator.normal(size=(rows, dimension))


def stretched(seed, rows, centres, dimension):
    """Groups that are each long in directions of their own."""
    generator = numpy.random.default_rng(seed)
    places = generator.uniform(-10, 10, (centres, dimension))
    shapes = generator.normal(size=(centres, dimension, dimension))
    group = generator.integers(centres, size=rows)
    noise = generator.normal(size=(rows, dimension))
    return places[group] + numpy.einsum("nij,nj->ni", shapes[group], noise)


def wine():
    table = datasets.load_wine().data
    return (table - table.mean(0)) / table.std(0)


# name: clusters asked for, and the table.
MATRICES = {
    "blobs-5": (5, lambda: blobs(1, 5_000, 5, 4)),
    "blobs-20-uneven": (20, lambda: blobs(2, 40_000, 20, 10, sizes=1 / numpy.arange(1, 21))),
    "blobs-50-overlapping": (50, lambda: blobs(3, 30_000, 50, 3, spread=2.0)),
    "blobs-8-stretched": (8, lambda: stretched(4, 20_000, 8, 6)),
    "cube": (8, lambda: numpy.random.default_rng(5).uniform(size=(20_000, 5))),
    "heavy-tails": (6, lambda: numpy.random.default_rng(6).standard_t(2.5, size=(20_000, 5))),
    "digits": (10, lambda: datasets.load_digits().data),
    "wine": (3, wine),
}
