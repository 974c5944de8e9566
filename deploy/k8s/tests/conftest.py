"""A private RabbitMQ and a private PostgreSQL, started only by the tests that ask for them."""

from smartcity.testing.rabbitmq import rabbitmq_node

pytest_plugins = ["smartcity.testing.plugin"]
__all__ = ["rabbitmq_node"]
