"""One module per resource: translate, call, translate."""
