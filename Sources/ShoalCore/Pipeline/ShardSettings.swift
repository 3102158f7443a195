/// What a shard needs to know besides its feature plan.
package struct ShardSettings: Sendable {
    package var model: ModelSettings
    package var batch: BatchSettings
    package var partition: Int32
    /// Names of the input topics or files, as `EventPosition.topic` counts them.
    package var topics: [String]
    /// Whether records for the compacted topic of current segments are written too.
    package var writesCurrentSegments: Bool
    /// Secret key of the table's hash.
    package var hash: KeyHash
    package var limits = ProfileLimits()
    /// `nil` where changes name no group.
    package var holdout: Holdout?

    package init(
        model: ModelSettings, batch: BatchSettings, partition: Int32, topics: [String],
        writesCurrentSegments: Bool, hash: KeyHash
    ) {
        self.model = model
        self.batch = batch
        self.partition = partition
        self.topics = topics
        self.writesCurrentSegments = writesCurrentSegments
        self.hash = hash
    }
}
