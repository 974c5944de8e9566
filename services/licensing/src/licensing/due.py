"""Kinds of due work: the last day of a permit."""

from licensing.use_cases import permits

RUNS = {permits.EXPIRE: permits.expire}
