"""The catalogue's files: `<service>/<aggregate>.<fact>.v1.json` and its example. Data only."""
