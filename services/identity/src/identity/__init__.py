"""Accounts, roles and tokens: an OpenID Connect provider, replaceable by any other."""
