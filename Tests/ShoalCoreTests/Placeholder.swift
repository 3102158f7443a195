// ShoalCoreTests
