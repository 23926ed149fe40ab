#!/usr/bin/env python3
"""The agent's daemon brings nginx its certificates: the first one in place of nginx's own, a renewed one, and back when nginx says no."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import nginx
import service
from chancery import Server, expect, expect_equal, require, wait_until

require("nginx", "openssl")


class Nginx(nginx.Nginx):
    def __init__(self):
        folder = chancery.temporary_folder()
        self.key, self.chain = folder / "site.key", folder / "site.pem"
        service.self_signed(self.key, self.chain)
        self.own = self.chain.read_text()
        super().__init__(folder, self.chain, self.key)

    def shown(self):
        return service.shown_by_tls(self.port)

    def break_it(self):
        good = self.config.read_text()
        self.config.write_text(good.replace("ssl_certificate_key", "ssl_certificate_kye"))
        return lambda: self.config.write_text(good)


def test_nginx_gets_a_pair_a_renewed_one_and_the_old_one_back():
    server, site = Server(), Nginx()
    wait_until(site.shown, site.explain)
    device = service.Site(server, "nginx", f"reload = {service.toml([*site.command(), '-s', 'reload'])}",
                          key="ec:p256", key_path=site.key, full_chain_path=site.chain,
                          health_check=f"tls:127.0.0.1:{site.port}:{service.HOST}")
    service.expect_story(device, site, says="unknown directive")
    service.expect_verifies(server, site.port)
    expect(site.key.is_symlink() and site.chain.is_symlink(), "the paths are no links")
    expect_equal(site.chain.with_name("site.pem.before-chancery").read_text(), site.own, "nginx's own certificate")
    expect_equal(device.key_mode(), 0o600, "the key's mode")

    # Killed at an installation or not: the next start finds one pair, and nginx shows it.
    device.process.kill()
    device.start()
    wait_until(lambda: site.shown() == device.installed(), device.log)


if __name__ == "__main__":
    chancery.main()
