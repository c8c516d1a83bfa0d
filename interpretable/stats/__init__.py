"""Numbers in, numbers out: metrics, intervals, DeLong, bootstrap, calibration, net benefit, Platt scaling."""
