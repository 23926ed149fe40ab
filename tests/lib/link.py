"""A server that agents can call, as tests of whole programs use it."""

from chancery import Server, wait_until


def hub(*more):
    """`link` is its port for agents, `root.pem` in its folder the authority's root."""
    server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge", "--set",
                    "alternative_names=dns,ip", *more,
                    hub='link_listen = ["127.0.0.1:0"]\nhost_names = ["127.0.0.1", "localhost"]')
    find_link(server)
    server.fetch("/ca/root.pem", "root.pem")
    return server


def find_link(server):
    """The port for agents, from the log of this start: first come the addresses for SCEP."""
    def lines():
        return [line for line in server.log().split(" stopping")[-1].splitlines() if 'listening address="' in line]

    wait_until(lambda: len(lines()) == 2, lambda: f"the server tells no address for agents:\n{server.log()}")
    server.link = int(lines()[-1].rsplit(":", 1)[1].rstrip('"'))
