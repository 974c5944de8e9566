"""Medan Smart City on one machine: the launcher, the command `smartcity`, and the demonstration."""
