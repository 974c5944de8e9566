"""What the tests of every room share. Nothing here is loaded by a running service."""
