"""What this service keeps: the complaint with all that hangs on it, and the rules of its routing."""
