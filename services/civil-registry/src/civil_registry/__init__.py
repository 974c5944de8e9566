"""Akta Kelahiran online: a birth certificate from home."""
