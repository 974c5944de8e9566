"""The web side: the OAuth and OpenID endpoints outside /v1, and accounts, sessions and offices inside it."""
