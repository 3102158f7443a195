import Testing

@testable import shoal

/// What a container's limits are read from.
@Suite struct ControlGroupTests {
    private func files(_ groups: String) -> [[String]] {
        ControlGroup.files(groups, kind: "cpu", first: ["quota", "period"], second: "cpu.max")
    }

    @Test func `every group above a process may have a limit, in either version`() {
        #expect(
            files("0::/a.slice/b\n") == [
                ["/sys/fs/cgroup/a.slice/b/cpu.max"], ["/sys/fs/cgroup/a.slice/cpu.max"],
                ["/sys/fs/cgroup/cpu.max"],
            ])
        #expect(
            files("4:cpu,cpuacct:/a\n3:cpuset:/x\n0::/\n") == [
                ["/sys/fs/cgroup/cpu/a/quota", "/sys/fs/cgroup/cpu/a/period"],
                ["/sys/fs/cgroup/cpu/quota", "/sys/fs/cgroup/cpu/period"], ["/sys/fs/cgroup/cpu.max"],
            ])
        #expect(files("").isEmpty && files("nonsense\n").isEmpty)
    }

    @Test func `a quota is as many processors as fit into its period, a part of one counted whole`() {
        #expect(ProcessorLimit.quota(["200000", "100000"]) == 2)
        #expect(ProcessorLimit.quota(["150000", "100000"]) == 2)
        #expect(ProcessorLimit.quota(["5000", "100000"]) == 1)
        for none in [["max", "100000"], ["-1", "100000"], ["0", "100000"], ["1", "0"], ["1"], []] {
            #expect(ProcessorLimit.quota(none.map { Substring($0) }) == nil)
        }
        #expect(ProcessorLimit.count >= 1)
    }
}
