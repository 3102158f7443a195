// ShoalKafkaTests
