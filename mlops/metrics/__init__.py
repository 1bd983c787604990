"""Pure functions of arrays: shares with their intervals, calibration, comparison of two models on the same texts."""
