"""The only way in: identity checked, limits kept, requests carried."""
