"""What this service keeps: registrations until they are registered, the register, and certificates."""
