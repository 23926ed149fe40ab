"""A place where an authority may be made, for tests of the time before a server runs."""

from chancery import PASSPHRASE, PROGRAM, run, temporary_folder


class Place:
    """A folder with a configuration and a passphrase, where an authority may be made."""

    def __init__(self):
        self.folder = temporary_folder()
        self.data = self.folder / "data"
        self.config = self.folder / "chancery.toml"
        self.passphrase = self.folder / "passphrase"
        self.write_secret("passphrase", PASSPHRASE)
        self.config.write_text(f'data = "{self.data}"\npassphrase_file = "{self.passphrase}"\n'
                               'base_url = "http://pki.example:8080"\n')

    def write_secret(self, name, text):
        file = self.folder / name
        file.touch(0o600)
        file.write_text(text + "\n")
        return file

    def command(self, *arguments, **options):
        return run(PROGRAM, "--config", self.config, *arguments, **options)

    def authority(self, name):
        return self.data / "authority" / name
