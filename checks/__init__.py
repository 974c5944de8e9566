"""What a change must keep. Each module looks at one thing: `look(tree)` answers one line for everything that is wrong."""
