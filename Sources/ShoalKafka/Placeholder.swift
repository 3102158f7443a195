// ShoalKafka
