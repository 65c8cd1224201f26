"""A new RSA key, for providers in whose packages nothing makes one."""

import subprocess


def new_key():
    """The private and the public key in PEM."""

    def openssl(*words, **given):
        return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True, **given).stdout

    private = openssl("genrsa", "2048")
    return private, openssl("rsa", "-pubout", input=private)
