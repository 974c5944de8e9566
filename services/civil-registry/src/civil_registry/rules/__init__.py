"""The law of births as pure functions: days, numbers, the chain of the register, paths, who sees what."""
