"""The law and the rails as pure functions: no framework, no database, no clock."""
