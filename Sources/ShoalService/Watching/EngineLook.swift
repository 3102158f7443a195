internal import ServiceLifecycle
internal import ShoalEngine

/// Beats for the subscribers, and looks at the engine and after those who do not read once a second, for as
/// long as the service runs.
struct EngineLook: Service {
    private static let beatsPerLook = 1_000 / Pulse.milliseconds

    let state: ServiceState

    func run() async throws {
        defer { state.pulse.end() }
        await cancelWhenGracefulShutdown {
            var beats = 0
            while true {
                state.pulse.beat()
                if beats % Self.beatsPerLook == 0 {
                    state.watch.look(at: state.engine.status())
                    state.subscribers.dropSilent()
                    state.lookUps.giveUpOld()
                }
                beats += 1
                // Ends with the service, which is no error.
                do { try await Task.sleep(for: .milliseconds(Pulse.milliseconds)) } catch { return }
            }
        }
    }
}
