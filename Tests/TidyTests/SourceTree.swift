internal import Foundation

/// The text files of the project, as they lie on disk or as a test made them up.
struct SourceTree: Sendable {
    let files: [SourceFile]
    /// Names at the top level, folders included; empty in a made-up tree.
    let topLevel: [String]

    var swiftFiles: [SourceFile] { files.filter(\.isSwift) }

    init(files: [SourceFile], topLevel: [String] = []) {
        self.files = files
        self.topLevel = topLevel
    }

    /// The top of the project, found from where this file was compiled.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The project on disk: sources, tests, benchmarks, deployment and the files beside them.
    static let project: SourceTree = {
        let manager = FileManager.default
        let topLevel = ((try? manager.contentsOfDirectory(atPath: root.path(percentEncoded: false))) ?? [])
            .sorted()
        var paths = topLevel.filter { $0 == "README.md" || $0 == "Package.swift" }
        for folder in ["Sources", "Tests", "Benchmarks", "Deploy", ".ci"] {
            let folderPath = root.appending(path: folder).path(percentEncoded: false)
            let inside = manager.enumerator(atPath: folderPath)?.compactMap { $0 as? String } ?? []
            paths += inside.sorted().map { folder + "/" + $0 }
        }
        // Folders and binary files do not read as text, and so drop out.
        let files = paths.filter { !$0.contains("/.build/") }.compactMap { path -> SourceFile? in
            guard let data = manager.contents(atPath: root.appending(path: path).path(percentEncoded: false)),
                let text = String(data: data, encoding: .utf8)
            else { return nil }
            return SourceFile(path: path, text: text)
        }
        return SourceTree(files: files, topLevel: topLevel)
    }()
}
