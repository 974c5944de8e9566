"""What identity does, a function per verb of the trade."""
