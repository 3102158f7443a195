// ShoalSimulator
