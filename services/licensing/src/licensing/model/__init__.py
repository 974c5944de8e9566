"""What this service keeps: the application until it becomes a permit, and the permit."""
