internal import ShoalCore

/// A model as `shoal model show --json` prints it.
struct ModelReport: Encodable {
    let model: ModelDifference.Stamp
    let trainedAt: String
    let segments: [Persona]
    let settings: [String: String]

    init(_ model: SegmentModel) {
        self.model = ModelDifference.Stamp(model)
        trainedAt = OutputBuffer.timeText(model.trainedAtMilliseconds)
        segments = Persona.personas(of: model)
        settings = model.settings
    }
}
