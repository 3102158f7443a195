internal import HTTPTypes
internal import Hummingbird
internal import ShoalCore
internal import ShoalEngine

/// `/v1/customers/{id}`: what is known of one, all that is held, and erasure.
struct CustomerRoutes {
    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/v1/customers/:id", show), Route(.delete, "/v1/customers/:id", erase),
            Route(.get, "/v1/customers/:id/export", export),
        ]
    }

    private func show(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let customer = try identifier(context)
        let report = try await report(of: customer)
        return ServiceAnswer.json(
            CustomerView.json(customer, report, plan: state.engine.plan, feed: state.feed))
    }

    private func export(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let customer = try identifier(context)
        let report = try await report(of: customer)
        let settings = state.engine.settings
        return ServiceAnswer.json(
            CustomerExport.json(
                customer, report, plan: state.engine.plan, feed: state.feed, topics: settings.topics,
                hasSnapshots: settings.snapshots != nil))
    }

    private struct Requested: Encodable {
        let customerId: String
        let status: String
    }

    private func erase(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let customer = try identifier(context)
        let engine = state.engine
        do {
            try await BlockingWork.run { try engine.erase(customer) }
        } catch let error as EngineError {
            if case .topics = error { throw ServiceError.conflict("\(error)") }
            throw ServiceError.unavailable("\(error)")
        }
        let id = String(decoding: customer, as: UTF8.self)
        AuditLine(action: "erase customer", subject: id, before: "held", after: "requested")
            .log(context, state.logger)
        return ServiceAnswer.json(Requested(customerId: id, status: "requested"), status: .accepted)
    }

    /// The customer's id, which is what an event could have.
    private func identifier(_ context: ServiceContext) throws -> [UInt8] {
        let bytes = try context.bytes("id")
        let limits = state.engine.settings.limits
        guard bytes.count <= limits.idBytesMax, String(validating: bytes, as: UTF8.self) != nil,
            !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f })
        else {
            throw ServiceError.badRequest(
                "a customer's id is UTF-8 without control characters, of at most \(limits.idBytesMax) bytes")
        }
        return bytes
    }

    private func report(of customer: [UInt8]) async throws -> CustomerReport {
        switch await state.lookUps.ask(state.engine, about: customer) {
        case .found(let report):
            state.lookUps.countAnswered()
            return report
        case .unknown:
            state.lookUps.countAnswered()
            throw ServiceError.notFound("there is no profile of this customer")
        case .elsewhere(let partition):
            var error = ServiceError(
                status: .misdirectedRequest, code: "elsewhere",
                message: "partition \(partition), where this customer is, belongs to another instance")
            let engine = state.engine
            error.address = try? await BlockingWork.run { engine.address(ofPartition: partition) }
            throw error
        case .recovering:
            state.lookUps.countRefused()
            throw ServiceError.unavailable("the customer's partition is being restored")
        case .busy, nil:
            state.lookUps.countRefused()
            throw ServiceError.unavailable("too many questions; ask again in a moment")
        case .unavailable: throw ServiceError.unavailable("the engine is not running")
        }
    }
}
