/// The two kinds of days that a week has before more is known of it; days are of UTC.
///
/// On the first week-end of a stream nobody can tell a week-end from a drift. So nothing that was learned on
/// working days is held against it, nor the other way round.
enum DayKind: Int, CaseIterable, Sendable {
    case workday, weekend

    static let dayMilliseconds: Int64 = 86_400_000
    static let daysPerWeek = 7

    /// Days since 1970-01-01.
    static func day(of time: Int64) -> Int64 { time / dayMilliseconds }

    /// 0 is Monday; day 0 of the epoch was a Thursday.
    static func weekday(ofDay day: Int64) -> Int { Int((day + 3) % Int64(daysPerWeek)) }

    init(weekday: Int) { self = weekday >= 5 ? .weekend : .workday }

    init(day: Int64) { self.init(weekday: Self.weekday(ofDay: day)) }
}
