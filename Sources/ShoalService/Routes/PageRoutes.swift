internal import CDashboard
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The dashboard's files, and the library for its charts where it is installed.
struct PageRoutes {
    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/") { _, _ in
                unsafe Self.file(type: "text/html; charset=utf-8") { unsafe shoal_dashboard_page(&$0) }
            },
            Route(.get, "/dashboard.css") { _, _ in
                unsafe Self.file(type: "text/css; charset=utf-8") { unsafe shoal_dashboard_style(&$0) }
            },
            Route(.get, "/dashboard.js") { _, _ in
                unsafe Self.file(type: "text/javascript; charset=utf-8") {
                    unsafe shoal_dashboard_script(&$0)
                }
            },
            Route(.get, "/chart.js", charts),
        ]
    }

    private static func file(type: String, _ bytes: (inout Int) -> UnsafePointer<UInt8>?) -> Response {
        var count = 0
        let start = unsafe bytes(&count)
        // Safe: the bytes are constants of the program.
        return unsafe ServiceAnswer.bytes(UnsafeBufferPointer(start: start, count: count), type: type)
    }

    private func charts(_ request: Request, _ context: ServiceContext) async throws -> Response {
        guard let script = try? Data(contentsOf: URL(fileURLWithPath: state.settings.chartScript)) else {
            throw ServiceError.notFound(
                "Chart.js is not installed here (Debian's libjs-chart.js); tables say the same")
        }
        return ServiceAnswer.bytes(script, type: "text/javascript; charset=utf-8")
    }
}
