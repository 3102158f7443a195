// ShoalTestSupport
