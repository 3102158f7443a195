internal import CRdKafka

extension KafkaAdmin {
    /// A member of a consumer group.
    package struct GroupMember: Sendable {
        package let clientID: String
        /// Empty where the broker does not tell.
        package let partitions: [KafkaTopicPartition]
    }

    /// The members of a consumer group and what each reads; nobody if there is no such group.
    ///
    /// Blocks.
    ///
    /// - Throws: When no broker answers in time, or it cannot describe groups.
    package func members(ofGroup group: String, timeoutMilliseconds: Int32) throws(KafkaError)
        -> [GroupMember]
    {
        var answer: UnsafePointer<rd_kafka_group_list>?
        let outcome = unsafe rd_kafka_list_groups(client.handle, group, &answer, timeoutMilliseconds)
        try unsafe KafkaError.check(outcome, handle: client.handle, place: "describe group `\(group)`")
        guard let answer = unsafe answer else { return [] }
        defer { unsafe rd_kafka_group_list_destroy(answer) }
        var members: [GroupMember] = []
        // Safe: the answer holds as many groups and members as it says and is ours until destroyed.
        for index in 0..<(unsafe Int(answer.pointee.group_cnt)) {
            let found = unsafe answer.pointee.groups[index]
            for place in 0..<(unsafe Int(found.member_cnt)) {
                let member = unsafe found.members[place]
                let assignment = unsafe UnsafeRawBufferPointer(
                    start: member.member_assignment, count: Int(max(0, member.member_assignment_size)))
                members.append(
                    GroupMember(
                        clientID: unsafe text(member.client_id) ?? "",
                        partitions: unsafe GroupAssignment.partitions(Array(assignment))))
            }
        }
        return members
    }
}
