"""Debian's LemonLDAP::NG with its users for demonstrations, whose passwords are their names: https://lemonldap-ng.org/"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rsa_key import new_key

# The packages are unpacked beside this file, not installed.
ROOT = Path(__file__).parent / "root"
PORTAL = ROOT / "usr/share/lemonldap-ng/portal"

APP = """
# Its captcha draws with a library of its own, and is not used.
package Lemonldap::NG::Portal::Captcha::SecurityImage;
use Mouse;
extends 'Lemonldap::NG::Portal::Main::Plugin';
sub init { 1 }
BEGIN { $INC{'Lemonldap/NG/Portal/Captcha/SecurityImage.pm'} = __FILE__ }

package main;
use Plack::Builder;
use Lemonldap::NG::Portal::Main;
use Lemonldap::NG::Portal::UserDB::Demo;

$Lemonldap::NG::Portal::UserDB::Demo::demoAccounts{$ENV{USER_EMAIL}} = {
    uid => $ENV{USER_EMAIL}, cn => $ENV{USER_NAME}, mail => $ENV{USER_EMAIL},
};
builder {
    enable 'Static', path => sub { s{^/static/}{} }, root => $ENV{STATIC};
    Lemonldap::NG::Portal::Main->run({});
};
"""

INI = """
[all]
logLevel = error
checkTime = 1
[configuration]
type = File
dirName = {folder}
localStorage = Cache::FileCache
localStorageOptions = {{ 'namespace' => 'configuration', 'cache_root' => '{folder}/cache', 'cache_depth' => 3 }}
[portal]
staticPrefix = /static
templateDir = {PORTAL}/templates
languages = en
"""


def configuration(folder):
    """What Debian ships, with the provider, its client and its own settings."""
    shipped = json.loads((ROOT / "var/lib/lemonldap-ng/conf/lmConf-1.json").read_text())
    settings = json.loads(os.environ["SETTINGS"])
    exported = settings.pop("oidcRPMetaDataExportedVars", {})
    client = {
        "oidcRPMetaDataOptionsClientID": os.environ["CLIENT_ID"],
        "oidcRPMetaDataOptionsClientSecret": os.environ["CLIENT_SECRET"],
        "oidcRPMetaDataOptionsRedirectUris": os.environ["REDIRECT_URI"],
        **settings,
    }
    private, public = new_key()
    sessions = {"Directory": f"{folder}/sessions", "LockDirectory": f"{folder}/locks"}
    return {
        **shipped,
        "portal": os.environ["ISSUER"],
        "domain": "127.0.0.1",
        "reloadUrls": {},
        "globalStorageOptions": sessions,
        "persistentStorageOptions": sessions,
        "localSessionStorageOptions": {"namespace": "sessions", "cache_root": f"{folder}/cache", "cache_depth": 3},
        "portalDisplayResetPassword": 0,
        "issuerDBOpenIDConnectActivation": 1,
        "oidcServicePrivateKeySig": private,
        "oidcServicePublicKeySig": public,
        "oidcServiceKeyIdSig": "1",
        "oidcRPMetaDataOptions": {"latchkey": client},
        "oidcRPMetaDataExportedVars": {"latchkey": exported},
    }


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with TemporaryDirectory() as folder:
        for name in ["sessions", "locks", "cache"]:
            Path(folder, name).mkdir()
        app, ini = Path(folder, "app.psgi"), Path(folder, "lemonldap-ng.ini")
        app.write_text(APP)
        ini.write_text(INI.format(folder=folder, PORTAL=PORTAL))
        Path(folder, "lmConf-1.json").write_text(json.dumps(configuration(folder)))
        modules = [ROOT / "usr/share/perl5", *ROOT.glob("usr/lib/*/perl5/*")]
        variables = {
            **os.environ,
            "LD_LIBRARY_PATH": ":".join(map(str, ROOT.glob("usr/lib/*-linux-gnu*"))),
            "PERL5LIB": ":".join(map(str, modules)),
            "LLNG_DEFAULTCONFFILE": str(ini),
            "STATIC": str(PORTAL / "htdocs/static"),
        }
        plackup = ["perl", ROOT / "usr/bin/plackup", "--env", "deployment", "--host", "127.0.0.1"]
        server = subprocess.Popen([*plackup, "--port", os.environ["PORT"], app], env=variables)
        try:
            server.wait()
        finally:
            server.terminate()
            server.wait()


main()
