"""Writes events as W1's, of many customers at little cost: one file with each customer once, and one with anybody.

Usage: events.py CUSTOMERS WARMUP EVENTS FIRST REST

FIRST has one event of each customer and WARMUP of anybody, and REST has EVENTS of anybody. The same words write the
same bytes. A program of its own, because the memory it takes would otherwise be counted to those that are measured.
"""

import importlib.machinery
import importlib.util
import itertools
import pathlib
import random
import sys

W1 = pathlib.Path(__file__).resolve().parent.parent / "Peers" / "w1-events"
DAYS = 30
BODIES = 4096  # Of each behaviour; more would only take longer to make.
STRIDE = 7_368_787  # A prime, so that its multiples meet every customer of 20, 1,000 … once.
KINDS = 9973  # A prime as well: neighbours in number and in order differ.


def w1():
    """The program that writes W1, as a module."""
    loader = importlib.machinery.SourceFileLoader("w1_events", str(W1))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def bodies(workload, generator):
    """Per behaviour, what its customers do, all but the customer, the time and the id of the event."""
    for _, _, types, categories, channels, mean, deviation, more in workload.BEHAVIOURS.values():
        made = []
        for _ in range(BODIES):
            kind = generator.choices(workload.TYPES, types)[0]
            quantity = 1
            while kind in ("add_to_cart", "purchase") and quantity < 20 and generator.random() < more:
                quantity += 1
            made.append(
                f'"type":"{kind}","session_id":"s{generator.getrandbits(32):08x}",'
                f'"product_id":"p{generator.randrange(20_000):05d}",'
                f'"category":"{generator.choices(workload.CATEGORIES, categories)[0]}",'
                f'"price":{generator.lognormvariate(mean, deviation):.2f},"quantity":{quantity},'
                f'"channel":"{generator.choices(workload.CHANNELS, channels)[0]}"}}\n'
            )
        yield made


def lines(workload, customers, warmup, events, generator):
    """Each customer once, in an order unlike that of the numbers, and then customers at random."""
    pools = list(bodies(workload, generator))
    # Behaviours have their shares of W1; who has which follows from the customer's number.
    kinds = generator.choices(pools, [share for share, *_ in workload.BEHAVIOURS.values()], k=KINDS)
    everybody = (index * STRIDE % customers for index in range(customers))
    anybody = (int(generator.random() * customers) for _ in range(warmup + events))
    count, span = customers + warmup + events, DAYS * workload.DAY_MILLISECONDS
    minute, prefix = None, ""
    for index, customer in enumerate(itertools.chain(everybody, anybody)):
        at = index * span // count
        if at // 60_000 != minute:
            minute, prefix = at // 60_000, workload.timestamp(at)[:17]
        rest = at % 60_000
        yield (
            f'{{"event_id":"{index:032x}","customer_id":"c{customer:011d}",'
            f'"timestamp":"{prefix}{rest // 1000:02d}.{rest % 1000:03d}Z",'
            f"{kinds[customer % KINDS][int(generator.random() * BODIES)]}"
        )


def main():
    customers, warmup, events = (int(word) for word in sys.argv[1:4])
    written = lines(w1(), customers, warmup, events, random.Random(7))
    for path, count in zip(sys.argv[4:6], (customers + warmup, events)):
        with open(path, "w", encoding="ascii", buffering=1 << 20) as file:
            file.writelines(itertools.islice(written, count))


if __name__ == "__main__":
    main()
