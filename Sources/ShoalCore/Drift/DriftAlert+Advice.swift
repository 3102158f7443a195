internal import Glibc

extension DriftAlert {
    /// What it means and what to do about it, in plain words.
    package var advice: String {
        switch monitor {
        case .fit: fitAdvice
        case .feature: featureAdvice
        case .segments: segmentAdvice
        case .transitions:
            direction == .up
                ? "Customers change segment more often than they did, \(moved): look at what else is "
                    + "reported, and hold campaigns that go by segment until it settles."
                : "Customers change segment less often than they did, \(moved): check that events still come "
                    + "from every source."
        case .eventTypes:
            "Of all events, \(subject) is now \(moved): check whether tracking was changed, or a source is "
                + "missing or sent twice, before believing that customers act differently."
        case .rejectRate:
            direction == .up
                ? "More records cannot be read, \(moved) of all: read the reasons in the dead letters, and "
                    + "have the source that sends them mended."
                : "Fewer records are rejected, \(moved) of all: nothing to do if a source has been mended; "
                    + "if not, see whether one has gone silent."
        case .volume:
            direction == .up
                ? "More events come in than is usual at this hour, \(moved) in five minutes: expect it in a "
                    + "campaign; otherwise look for a source that is sent twice."
                : "Fewer events come in than is usual at this hour, \(moved) in five minutes: see whether a "
                    + "source has stopped."
        case .lag:
            direction == .up
                ? "Events come later after others of their time than they did, \(moved) seconds on "
                    + "average: see which source has fallen behind, as segments are late with it."
                : "Events come sooner than they did, \(moved) seconds late on average: nothing to do."
        }
    }

    private var fitAdvice: String {
        direction == .up
            ? "Customers fit their segments less well than the day before: see which features have changed, "
                + "and if it lasts review the segments, by on_drift: reseed or a candidate of your own."
            : "Customers fit their segments better than the day before: nothing to do, unless a group of "
                + "customers has stopped coming in."
    }

    private var featureAdvice: String {
        switch statistic {
        case .adaptiveWindowSpread, .pageHinkleySpread:
            return "What comes in for \(subject) is \(direction == .up ? "more" : "less") varied than it "
                + "was, around much the same level: see whether another kind of product, customer or source "
                + "is in the mix."
        case .stability:
            return "What comes in for \(subject) is spread over its values in another way, its middle "
                + "\(moved): check the source that feeds it, then offers, prices and campaigns of these days."
        default:
            return "What comes in for \(subject) has gone \(direction.rawValue) \(moved): if prices, "
                + "offers, a campaign or tracking were changed, this is their effect; if not, check the "
                + "source that feeds it."
        }
    }

    private var segmentAdvice: String {
        let into = other ?? "another segment"
        switch statistic {
        case .born:
            return "\(subject) is a new segment: look at who is in it, give it a name, and decide what they "
                + "should be sent."
        case .retired:
            return "\(subject) is gone: its members are in the segments next to it, so take it out of "
                + "campaigns."
        case .mergedInto:
            return "\(subject) has become part of \(into): point what was sent to \(subject) at \(into)."
        case .splitFrom:
            return "\(subject) has come out of \(into): look at how the two differ before sending both the "
                + "same."
        default:
            return "Of the customers who act, \(moved) are in \(subject): see which segments they come from, "
                + "and whether a campaign or a season is behind it."
        }
    }

    /// `from 31.2 to 46.9`.
    var moved: String { "from \(Self.rounded(reference)) to \(Self.rounded(current))" }

    /// Three digits, as an alert knows no more; of large numbers all before the point.
    private static func rounded(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let unit = pow(10, max(2 - log10(abs(value)).rounded(.down), 0))
        let text = "\((value * unit).rounded() / unit)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
