/// Who is in a segment, and how many came and went.
package struct SegmentFlow: Equatable, Sendable {
    package var members = 0
    package var entered = 0
    package var left = 0

    package init() {}
}
