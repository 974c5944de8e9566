"""The kernel's own fixtures, as a service's tests have them; rooms that need others override them."""

pytest_plugins = ["smartcity.testing.plugin"]
