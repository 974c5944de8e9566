"""Accounts, clients, sessions and keys."""
