// ShoalEngineTests
