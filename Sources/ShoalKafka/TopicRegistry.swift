internal import CRdKafka

/// Numbers a consumer's topics, and finds a record's number from librdkafka's topic object.
@safe final class TopicRegistry {
    private(set) var names: [String] = []
    private var pointers: [(pointer: OpaquePointer, index: Int)] = unsafe []
    private var last: (pointer: OpaquePointer?, index: Int) = (nil, 0)

    /// Numbers `name` unless it has a number.
    @discardableResult func add(_ name: String) -> Int {
        if let index = names.firstIndex(of: name) { return index }
        names.append(name)
        return names.count - 1
    }

    /// Topic objects live as long as they are assigned; called whenever the assignment changes.
    func forgetPointers() {
        unsafe pointers = []
        unsafe last = (nil, 0)
    }

    /// - Complexity: O(1) while records come from one topic, else O(topics).
    @inline(__always) func index(of topic: OpaquePointer?) -> Int {
        if unsafe topic == last.pointer { return unsafe last.index }
        return unsafe search(topic)
    }

    private func search(_ topic: OpaquePointer?) -> Int {
        guard let topic = unsafe topic else { preconditionFailure("every record has a topic") }
        let index: Int
        if let known = unsafe pointers.first(where: { unsafe $0.pointer == topic }) {
            index = unsafe known.index
        } else {
            index = unsafe add(text(rd_kafka_topic_name(topic)) ?? "")
            unsafe pointers.append((topic, index))
        }
        unsafe last = (topic, index)
        return index
    }
}
