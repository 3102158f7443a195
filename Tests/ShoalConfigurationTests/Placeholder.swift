// ShoalConfigurationTests
