"""What the civil registry does, a function per verb of the trade."""
