extension Shard {
    /// Takes the model into use again that this partition's segments were decided by, so that nobody is
    /// looked at anew: what a partition does after a recovery is what it would have done without.
    ///
    /// - Parameter model: of this shard's feature plan.
    package mutating func resume(_ model: SegmentModel) {
        precondition(model.planHash == plan.hash, "The owner checks a model's plan before handing it over.")
        active = ActiveModel(model, featureNames: featureNames)
        self.model = model
        (modelVersion, modelGeneration) = (model.version, model.generation)
        priors = model.priors
        rename(model.segments)
    }
}
