"""The objects of the topology operator as definitions that a plain RabbitMQ can import."""

from typing import Any

from deploy.k8s.tests.rendering import Rendered, Thing

PASSWORD = "of-the-test"


def accounts(rendered: Rendered) -> dict[str, Any]:
    """The virtual host, the users, and what they may."""
    users = [{"name": _name(user), "password": PASSWORD, "tags": user["spec"].get("tags", [])} for user in rendered.of("User")]
    return {
        "vhosts": [{"name": vhost["spec"]["name"]} for vhost in rendered.of("Vhost")],
        "users": users,
        "permissions": [_permission(thing) for thing in rendered.of("Permission")],
        "topic_permissions": [_permission(thing) for thing in rendered.of("TopicPermission")],
    }


def topology(rendered: Rendered) -> dict[str, Any]:
    """Exchanges, queues, bindings and policies."""
    return {
        "exchanges": [_only(e, "name", "vhost", "type", "durable") | _STAYS for e in rendered.of("Exchange")],
        "queues": [_queue(queue) for queue in rendered.of("Queue")],
        "bindings": [_binding(binding) for binding in rendered.of("Binding")],
        "policies": [_policy(policy) for policy in rendered.of("Policy")],
    }


_STAYS = {"auto_delete": False, "internal": False, "arguments": {}}


def _name(thing: Thing) -> str:
    return str(thing["metadata"]["name"])


def _only(thing: Thing, *keys: str) -> dict[str, Any]:
    return {key: thing["spec"][key] for key in keys}


def _permission(thing: Thing) -> dict[str, Any]:
    return {"user": thing["spec"]["userReference"]["name"], "vhost": thing["spec"]["vhost"], **thing["spec"]["permissions"]}


def _queue(thing: Thing) -> dict[str, Any]:
    arguments = {"x-queue-type": thing["spec"]["type"], **thing["spec"].get("arguments", {})}
    return _only(thing, "name", "vhost", "durable") | {"auto_delete": False, "arguments": arguments}


def _binding(thing: Thing) -> dict[str, Any]:
    about = _only(thing, "source", "vhost", "destination")
    return about | {"destination_type": "queue", "routing_key": thing["spec"]["routingKey"], "arguments": {}}


def _policy(thing: Thing) -> dict[str, Any]:
    about = _only(thing, "vhost", "name", "pattern", "definition", "priority")
    return about | {"apply-to": thing["spec"]["applyTo"]}
