internal import Foundation

/// Every feature of one customer at one moment, straight from its definition and the whole history.
///
/// Slow and obvious on purpose: it is what the engine's accumulators are compared with. In `Double`
/// throughout; `distinct` is exact.
package struct ReferenceFeatures {
    private static let millisecondsPerHour = 3_600_000.0
    /// Below this count a mean is 0.
    private static let countMin = 1e-9
    /// What keeps a trend finite, events per hour.
    private static let trendFloor = 1e-3

    private let events: [ReferenceEvent]
    private let newest: Int64
    private let moment: Int64
    private let populationPriors: [String: Double]

    /// Looks at a customer's history from one moment, not before the newest event.
    ///
    /// - Parameters:
    ///   - customer: The whole history; it may be empty.
    ///   - timeMilliseconds: The time of evaluation.
    ///   - populationPriors: Σa/Σb of the features with a population prior, by name; 0 where missing.
    package init(
        of customer: ReferenceCustomer, at timeMilliseconds: Int64, populationPriors: [String: Double] = [:]
    ) {
        events = customer.events
        newest = customer.newestTimeMilliseconds ?? timeMilliseconds
        precondition(timeMilliseconds >= newest, "Features are evaluated at or after the newest event.")
        moment = timeMilliseconds
        self.populationPriors = populationPriors
    }

    /// The feature after its transform and clip.
    package func value(_ feature: ReferenceFeature) -> Double {
        let raw = raw(feature)
        let transformed =
            switch feature.transform {
            case .none: raw
            case .log1p: raw < 0 ? 0 : Foundation.log1p(raw)
            case .sqrt: raw < 0 ? 0 : raw.squareRoot()
            case .asinh: Foundation.asinh(raw)
            }
        guard let clip = feature.clip else { return transformed }
        return min(max(transformed, clip.lowerBound), clip.upperBound)
    }

    /// The feature before its transform and clip.
    package func raw(_ feature: ReferenceFeature) -> Double {
        switch feature.kind {
        case .count(let filter, let halfLife): return count(filter, halfLife)
        case .sum(let field, let filter, let minus, let halfLife):
            return sum(field, filter, minus: minus, halfLife)
        case .mean(let field, let filter, let halfLife):
            let present = contributions(field, filter)
            let count = decayed(present.map { ($0.time, 1) }, halfLife)
            return count < Self.countMin ? 0 : decayed(present, halfLife) / count
        case .ratio(_, _, let prior, let weight, _), .share(_, _, let prior, let weight, _):
            guard let (part, whole) = evidence(feature) else { return 0 }
            let average = self.prior(prior, feature.name)
            // Without evidence or weight, what the formula tends to as the weight goes to 0.
            return whole + weight == 0 ? average : (part + average * weight) / (whole + weight)
        case .since(let filter, let cap):
            let newest = events.filter(filter.matches).map(\.timeMilliseconds).max()
            guard let newest else { return Double(cap) / Self.millisecondsPerHour }
            return Double(min(moment - newest, cap)) / Self.millisecondsPerHour
        case .gap(let filter, let halfLife): return gap(filter, halfLife)
        case .trend(let filter, let short, let long):
            return log2(pace(filter, short) / pace(filter, long))
        case .distinct(let field, let filter):
            return Double(Set(events.flatMap { values(of: field, filter, in: $0) }).count)
        case .last(let field, let filter): return last(field, filter)
        }
    }

    /// The decayed counts a and b of a ratio or a share; nil for other features.
    package func evidence(_ feature: ReferenceFeature) -> (part: Double, whole: Double)? {
        switch feature.kind {
        case .ratio(let of, let to, _, _, let halfLife): return (count(of, halfLife), count(to, halfLife))
        case .share(let of, let among, _, _, let halfLife):
            let whole = events.filter(among.matches)
            let part = whole.filter(of.matches)
            return (
                decayed(part.map { ($0.timeMilliseconds, 1) }, halfLife),
                decayed(whole.map { ($0.timeMilliseconds, 1) }, halfLife)
            )
        default: return nil
        }
    }
}

extension ReferenceFeatures {
    private typealias Contribution = (time: Int64, amount: Double)

    /// Σ x·2^(−(T−t)/h) over all contributions, then carried on from T to the moment.
    private func decayed(_ contributions: [Contribution], _ halfLife: Int64) -> Double {
        let atNewest = contributions.reduce(0) { sum, contribution in
            sum + contribution.amount * exp2(-Double(newest - contribution.time) / Double(halfLife))
        }
        return atNewest * exp2(-Double(moment - newest) / Double(halfLife))
    }

    private func count(_ filter: ReferenceFilter, _ halfLife: Int64) -> Double {
        decayed(events.filter(filter.matches).map { ($0.timeMilliseconds, 1) }, halfLife)
    }

    /// Each matching event that has the field, with what it holds.
    private func contributions(_ field: String, _ filter: ReferenceFilter) -> [Contribution] {
        events.compactMap { event in
            number(field, filter, in: event).map { (event.timeMilliseconds, $0) }
        }
    }

    private func sum(
        _ field: String, _ filter: ReferenceFilter, minus: [String], _ halfLife: Int64
    ) -> Double {
        let isMinus = { (event: ReferenceEvent) in
            minus.contains { $0.utf8.elementsEqual(event.type.utf8) }
        }
        let signed = events.compactMap { event -> Contribution? in
            let isNegative = isMinus(event)
            let filter = isNegative ? filter.withTypes(minus) : filter
            guard let number = number(field, filter, in: event) else { return nil }
            return (event.timeMilliseconds, isNegative ? -abs(number) : number)
        }
        return decayed(signed, halfLife)
    }

    /// What a numeric field of an event holds under a filter; nil if the event does not match or lacks it.
    private func number(_ field: String, _ filter: ReferenceFilter, in event: ReferenceEvent) -> Double? {
        switch filter.match(event) {
        case .nothing: return nil
        case .parts(let items, _) where field == "amount" && !items.isEmpty:
            return items.reduce(0) { $0 + $1.amount }
        case .everything, .parts:
            return field == "amount" ? event.amount : event.value(field)?.asNumber
        }
    }

    /// Hours from each matching event to the next that is newer than all before it, in order of arrival.
    private func gap(_ filter: ReferenceFilter, _ halfLife: Int64) -> Double {
        var gaps: [Contribution] = []
        var newestSoFar: Int64?
        for event in events where filter.matches(event) {
            let time = event.timeMilliseconds
            if let newestSoFar {
                guard time > newestSoFar else { continue }
                gaps.append((time, Double(time - newestSoFar) / Self.millisecondsPerHour))
            }
            newestSoFar = time
        }
        let count = decayed(gaps.map { ($0.time, 1) }, halfLife)
        return count < Self.countMin ? 0 : decayed(gaps, halfLife) / count
    }

    /// Events per hour, as far as a half-life can tell, never 0.
    private func pace(_ filter: ReferenceFilter, _ halfLife: Int64) -> Double {
        count(filter, halfLife) / (Double(halfLife) / Self.millisecondsPerHour) + Self.trendFloor
    }

    private func values(
        of field: String, _ filter: ReferenceFilter, in event: ReferenceEvent
    ) -> [ReferenceValue] {
        guard ReferenceFilter.itemFields.contains(field) else {
            return filter.matches(event) ? [event.value(field)].compactMap(\.self) : []
        }
        switch filter.match(event) {
        case .nothing: return []
        case .everything:
            return ([event.value(field)] + event.items.map { $0.fields[field] }).compactMap(\.self)
        case .parts(let items, let own):
            return ((own ? [event.value(field)] : []) + items.map { $0.fields[field] }).compactMap(\.self)
        }
    }

    /// The newest value; of two at the same time the later arrival.
    private func last(_ field: String, _ filter: ReferenceFilter) -> Double {
        var newest: Contribution?
        for contribution in contributions(field, filter) where contribution.time >= newest?.time ?? .min {
            newest = contribution
        }
        return newest?.amount ?? 0
    }

    private func prior(_ prior: ReferenceFeature.Prior, _ name: String) -> Double {
        switch prior {
        case .value(let value): value
        case .population: populationPriors[name] ?? 0
        }
    }
}
