internal import ShoalConfiguration
internal import Testing

@Suite struct ConfigurationFaultTests {
    @Test(arguments: WrongConfiguration.documents)
    func `a text that is not one map of settings is refused with its line`(wrong: WrongConfiguration) {
        #expect(WrongConfiguration.faults(of: wrong.text) == wrong.faults)
    }

    @Test(arguments: WrongConfiguration.settings)
    func `a wrong setting is refused with its line and what to write instead`(wrong: WrongConfiguration) {
        #expect(WrongConfiguration.faults(of: wrong.text) == wrong.faults)
    }

    @Test(arguments: WrongConfiguration.features)
    func `a wrong feature is refused with its line and what to write instead`(wrong: WrongConfiguration) {
        #expect(WrongConfiguration.faults(of: wrong.text) == wrong.faults)
    }

    @Test(arguments: WrongConfiguration.sources)
    func `a wrong source is refused with its line and what to write instead`(wrong: WrongConfiguration) {
        #expect(WrongConfiguration.faults(of: wrong.text) == wrong.faults)
    }

    @Test func `all faults are told together, sorted by line`() {
        let text = """
            log: {level: loud}
            features:
              - {name: a, count: {}, half_life: 30}
              - {name: a, cuont: {}, half_life: -30d}
            model: {k: 0}
            kafka: {bootsrap: x}
            lanes: none
            """
        #expect(
            WrongConfiguration.faults(of: text) == [
                "f.yaml:1: log.level: unknown word `loud`; "
                    + "write one of trace, debug, info, notice, warning, error, critical",
                "f.yaml:3: features[0].half_life: `30` has no unit; "
                    + "write a number with one of ms s m h d w, as half_life: 30d",
                "f.yaml:4: features[1].name: `a` is given twice, first at f.yaml:3; "
                    + "give each feature its own name",
                "f.yaml:4: features[1].cuont: unknown setting; write count instead",
                "f.yaml:5: model.k: 0 is out of range; write a number from 1 to 1000",
                "f.yaml:6: kafka.bootsrap: unknown setting; write bootstrap instead",
                "f.yaml:7: lanes: `none` is not a whole number; write auto, or a number of threads as 4",
            ])
    }

    @Test func `a bomb of aliases is refused without unfolding it`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(
            WrongConfiguration.faults(of: text) == [
                "f.yaml:1: more than 100000 settings, aliases included; "
                    + "write fewer, and no alias inside an alias"
            ])
    }

    @Test func `a tower of brackets is refused before it is parsed`() {
        let text = String(repeating: "[", count: 1_000_000)
        #expect(
            WrongConfiguration.faults(of: text) == [
                "f.yaml:1: nested too deeply; write at most 20 levels of lists and maps"
            ])
    }
}
