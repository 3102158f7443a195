"""Scores a replay of W1 against the behaviours that its generator wrote down."""

import bisect
import collections
import datetime
import json
import math
import pickle
import statistics

UNASSIGNED = "none"
FLAP_MILLISECONDS = 3_600_000
MOVED_WITHIN = 10


class Truth:
    """What each customer did and when: the behaviours before and after, and the times of all events."""

    def __init__(self, events_path, truth_path):
        self.times = self._times(events_path)
        self.event_count = sum(len(times) for times in self.times.values())
        self.first, self.second, self.switch = {}, {}, {}
        with open(truth_path, encoding="ascii") as truth:
            next(truth)
            for line in truth:
                customer, first, second, at = line.rstrip("\n").split(",")
                self.first[customer] = first
                self.second[customer] = second or first
                if second:
                    self.switch[customer] = milliseconds(at)

    @staticmethod
    def _times(path):
        """Times of events by customer, in order of arrival; kept beside the file, as parsing is most of the work."""
        cache = f"{path}.times"
        try:
            with open(cache, "rb") as kept:
                return pickle.load(kept)
        except (OSError, EOFError):
            pass
        times = collections.defaultdict(list)
        with open(path, "rb") as events:
            for line in events:
                event = json.loads(line)
                times[event["customer_id"]].append(milliseconds(event["timestamp"]))
        with open(cache, "wb") as kept:
            pickle.dump(times, kept)
        return times


def milliseconds(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int(moment.timestamp() * 1000 + 0.5)


def adjusted_rand_index(left, right):
    """Hubert & Arabie, "Comparing partitions", 1985, equation 5."""
    pairs = sum(math.comb(n, 2) for n in collections.Counter(zip(left, right)).values())
    left_pairs = sum(math.comb(n, 2) for n in collections.Counter(left).values())
    right_pairs = sum(math.comb(n, 2) for n in collections.Counter(right).values())
    expected = left_pairs * right_pairs / max(1, math.comb(len(left), 2))
    largest = (left_pairs + right_pairs) / 2
    return 1.0 if largest == expected else (pairs - expected) / (largest - expected)


def read_changes(path):
    changes = collections.defaultdict(list)
    causes = collections.Counter()
    with open(path, "rb") as lines:
        for line in lines:
            change = json.loads(line)
            source, target = change["from"], change["to"]
            changes[change["customer_id"]].append(
                (milliseconds(change["at"]), source and source["id"], target and target["id"])
            )
            causes["first" if source is None else change["cause"]] += 1
    return changes, causes


def agreement(truth, last, least):
    """The adjusted Rand index of customers with at least so many events, by their last segments, and the share of them
    who are in none."""
    customers = [customer for customer, times in truth.times.items() if len(times) >= least]
    behaviours = [truth.second[customer] for customer in customers]
    segments = [last.get(customer) for customer in customers]
    segments = [UNASSIGNED if segment is None else segment for segment in segments]
    return adjusted_rand_index(behaviours, segments), segments.count(UNASSIGNED) / len(segments)


def score(truth, changes_path):
    """The figures of one run, by name."""
    changes, causes = read_changes(changes_path)
    last = {customer: own[-1][2] for customer, own in changes.items()}
    figures = {}
    for least in (10, 30):
        figures[f"ari_{least}"], figures[f"unassigned_{least}"] = agreement(truth, last, least)
    count = sum(len(own) for own in changes.values())
    figures["changes"] = count / truth.event_count
    figures["moves"] = (count - causes["first"]) / truth.event_count
    delays = list(switch_delays(truth, changes))
    figures["delay"] = statistics.median(delays)
    figures["moved_within"] = sum(delay <= MOVED_WITHIN for delay in delays) / len(delays)
    right = list(switch_delays(truth, changes, rightly=True))
    figures["delay_to_right"] = statistics.median(right)
    figures["flap_backs"] = flap_backs(changes) / max(1, count - causes["first"])
    figures["segments"] = len({own[-1][2] for own in changes.values()})
    figures["causes"] = dict(causes)
    return figures


def switch_delays(truth, changes, rightly=False):
    """Own events from a switch to the next move, per customer with enough later events; infinite for no move.

    `rightly` counts only moves into a segment whose members mostly have the new behaviour.
    """
    owners = collections.defaultdict(collections.Counter)
    for customer, own in changes.items():
        owners[own[-1][2]][truth.second[customer]] += 1
    owner = {segment: counts.most_common(1)[0][0] for segment, counts in owners.items()}
    for customer, at in truth.switch.items():
        later = sorted(time for time in truth.times.get(customer, []) if time >= at)
        if len(later) < MOVED_WITHIN:
            continue
        moves = [
            time
            for time, _, target in changes.get(customer, [])
            if time >= at and (not rightly or owner.get(target) == truth.second[customer])
        ]
        # Where the move's segment is the one that the customer was in by chance, none is needed.
        yield bisect.bisect_right(later, moves[0]) if moves else math.inf


def flap_backs(changes):
    """Changes that return to where the customer came from within an hour."""
    count = 0
    for own in changes.values():
        for (earlier, source, _), (later, _, target) in zip(own, own[1:]):
            count += target == source and later - earlier <= FLAP_MILLISECONDS
    return count
