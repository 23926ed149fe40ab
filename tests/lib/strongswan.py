"""strongSwan's `pki` as a SCEP client: what several tests enrol their certificates with."""

import chancery

PROGRAMS = ("pki", "openssl")


class Client:
    """One device: a folder with its keys and certificates, and the CA certificates of one endpoint."""

    def __init__(self, url, folder=None):
        self.url = url
        self.folder = folder or chancery.temporary_folder()
        self.authority = self.folder / "ca.pem"  # the root; beside it ca-1.pem (issuing) and ca-ra.pem

    def fetch_authority(self):
        chancery.run("pki", "--scepca", "-u", self.url, "--caout", self.authority, "--outform", "pem", "--force")
        return self.authority

    def file(self, name):
        return self.folder / name

    def new_key(self, name="key.pem", bits=2048):
        # pki reads only the older form of RSA keys without its PKCS#8 plugin, so openssl writes that.
        chancery.openssl("genrsa", "-traditional", "-out", self.file(name), str(bits))
        return self.file(name)

    def request_command(self, dn, *more, key="key.pem", poll_seconds=10):
        """The words of a request. `more`: --password, or --cert and --key of the certificate to renew, or --san."""
        if not self.authority.exists():
            self.fetch_authority()
        if not self.file(key).exists():
            self.new_key(key)
        authority = ["--cacert-enc", self.file("ca-ra.pem"), "--cacert-sig", self.file("ca-ra.pem"),
                     "--cacert", self.authority]
        for extra in sorted(self.folder.glob("ca-[0-9].pem")):
            authority += ["--cacert", extra]
        return ["pki", "--scep", "-u", self.url, "--in", self.file(key), "--dn", dn, *more, *authority,
                "--outform", "pem", "--interval", "1", "--maxpolltime", str(poll_seconds)]

    def request(self, dn, *more, key="key.pem", poll_seconds=10, **options):
        """Asks for a certificate; the outcome, whatever it is."""
        options.setdefault("code", None)
        return chancery.run(*self.request_command(dn, *more, key=key, poll_seconds=poll_seconds), **options)

    def enrol(self, dn, *more, key="key.pem", out="cert.pem"):
        """Asks for a certificate and saves it; the file."""
        outcome = self.request(dn, *more, key=key, code=0)
        chancery.expect_in("-----BEGIN CERTIFICATE-----", outcome.out, f"what was enrolled ({outcome})")
        self.file(out).write_text(outcome.out)
        return self.file(out)


def enrol(server, dn, *more, subject=None, challenge=(), endpoint="devices", folder=None):
    """A new device with a certificate by a fresh one-time challenge: its Client, with key.pem and cert.pem."""
    client = Client(server.scep_url(endpoint), folder)
    password = server.challenge(*(["--subject", subject] if subject else []), *challenge, endpoint=endpoint)
    client.enrol(dn, "--password", password, *more)
    return client


def check_pair(certificate, key):
    """The certificate is for this key."""
    of_certificate = chancery.openssl("x509", "-in", certificate, "-noout", "-pubkey").out
    of_key = chancery.openssl("pkey", "-in", key, "-pubout").out
    chancery.expect_equal(of_certificate, of_key, f"the public key in {certificate}")
