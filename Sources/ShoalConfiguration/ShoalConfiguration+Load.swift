internal import Foundation

extension ShoalConfiguration {
    /// A larger file is a mistake: a configuration has some hundred lines.
    private static let fileBytesMax = 1 << 20

    /// Reads the file at `path`, `nil` for the defaults, and lays `environment` over it.
    ///
    /// Of the environment, variables count that start with `SHOAL_` and name a setting.
    ///
    /// - Throws: everything that is wrong, with file, line and what to write instead.
    package static func load(
        path: String?, environment: [String: String]
    ) throws(ConfigurationError) -> ShoalConfiguration {
        guard let path else { return try parse("", file: "defaults", environment: environment) }
        return try parse(try text(ofFile: path), file: path, environment: environment)
    }

    /// Reads YAML text; `file` is its name in messages.
    ///
    /// - Throws: everything that is wrong, with file, line and what to write instead.
    package static func parse(
        _ text: String, file: String, environment: [String: String] = [:]
    ) throws(ConfigurationError) -> ShoalConfiguration {
        try ConfigurationReader(file: file).read(text, environment: environment)
    }

    private static func text(ofFile path: String) throws(ConfigurationError) -> String {
        func fault(_ problem: String, _ remedy: String) -> ConfigurationError {
            let origin = SettingOrigin.file(name: path, line: 1)
            return ConfigurationError(
                faults: [ConfigurationFault(origin, key: "", problem: problem, remedy: remedy)])
        }
        var isDirectory: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw fault("no such file", "give the path of a YAML file with --config")
        }
        guard !isDirectory.boolValue else {
            throw fault("is a directory", "give the path of a YAML file with --config")
        }
        let data: Data?
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: fileBytesMax + 1)
        } catch {
            throw fault("cannot be read", "make it readable for the user who runs shoal")
        }
        let bytes = data ?? Data()
        guard bytes.count <= fileBytesMax else {
            throw fault("is larger than 1MiB", "give a YAML file with settings, not data")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault("is not UTF-8 text", "save it as UTF-8")
        }
        return text
    }
}
