internal import ShoalConfiguration
internal import ShoalCore
internal import Testing

/// Presets of other people's events, and what is laid over them.
@Suite struct PresetTests {
    private func source(_ lines: String) throws -> SourceMapping {
        let text = "sources:\n  - name: mine\n" + lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        return try #require(ShoalConfiguration.parse(text, file: "test.yaml").sources.first)
    }

    @Test(arguments: SourceMapping.presetNames)
    func `every preset of the core can be named`(name: String) throws {
        var expected = try #require(SourceMapping.preset(name))
        expected.name = "mine"
        #expect(try source("preset: \(name)") == expected)
    }

    @Test func `what is given is laid over the preset`() throws {
        let preset = try #require(SourceMapping.preset("segment"))
        let mixed = try source(
            """
            preset: segment
            fields: {customer_id: context.traits.id}
            types: {Order Completed: sale, Wished: wishlist}
            ignore: [{channel: bot}]
            """)
        #expect(mixed.fields["customer_id"]?.paths == ["context.traits.id"])
        #expect(mixed.fields["timestamp"] == preset.fields["timestamp"])
        #expect(mixed.types["Order Completed"] == "sale")
        #expect(mixed.types["Wished"] == "wishlist")
        #expect(mixed.types["Product Viewed"] == preset.types["Product Viewed"])
        #expect(mixed.ignoreWhere.count == preset.ignoreWhere.count + 1)
    }

    @Test func `a preset of columns takes names for files without a header`() throws {
        let mixed = try source("preset: retailrocket\ncolumns: [timestamp, visitorid, event, itemid]")
        let columns = ["timestamp", "visitorid", "event", "itemid"]
        #expect(mixed.format == .delimited(.init(separator: UInt8(ascii: ","), columns: columns)))
    }
}
