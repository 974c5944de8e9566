"""The entities: columns, states and behaviour in one place."""
