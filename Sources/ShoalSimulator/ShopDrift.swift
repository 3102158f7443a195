/// A change of the whole population at one moment of the stream.
///
/// From that moment on every price is multiplied by `priceFactor`, and a share of the window shoppers (those
/// of that moment and those who come later) behave as bargain hunters.
package struct ShopDrift: Sendable {
    package enum Moment: Sendable, Equatable {
        /// Before the line with this 0-based number.
        case afterEvents(Int)
        /// This much event time after the start.
        case afterMilliseconds(Int64)
    }

    package var moment: Moment
    package var priceFactor = 1.5
    package var conversionShare = 0.5

    package init(at moment: Moment) {
        self.moment = moment
    }
}
