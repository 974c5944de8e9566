"""An office that prints one kind of paper, for the tests of documents."""
