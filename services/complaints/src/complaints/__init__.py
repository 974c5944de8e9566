"""Medan Rumah Kita: complaints from filing to proof of repair; nothing is closed by the office alone."""
