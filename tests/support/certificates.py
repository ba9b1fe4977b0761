"""Certificates of an authority of the test's own, made by openssl."""
import subprocess

_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def _openssl(directory, *args):
    subprocess.run(["openssl", *map(str, args)], cwd=directory, check=True, capture_output=True, timeout=60)


def issue(directory, name, days=2):
    """NAME.key and NAME.crt by the authority in the directory, for this machine; expired when the days are negative."""
    _openssl(directory, "req", *_EC, "-subj", f"/CN={name}", "-keyout", name + ".key", "-out", name + ".csr")
    (directory / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost")
    _openssl(directory, "x509", "-req", "-days", days, "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
             "-extfile", "names", "-out", name + ".crt")


def make(directory):
    """An authority, and a server's and a client's certificate by it. Gives the directory."""
    directory.mkdir(exist_ok=True)
    _openssl(directory, "req", "-x509", *_EC, "-days", "2", "-subj", "/CN=test ca", "-keyout", "ca.key", "-out", "ca.crt")
    for name in ("server", "client"):
        issue(directory, name)
    return directory
