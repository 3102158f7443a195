// ShoalConfiguration
