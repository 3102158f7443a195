// ShoalEngine
