"""What is long and random: seeded, bounded, and told how to repeat it."""
