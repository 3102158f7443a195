// ShoalSimulatorTests
