"""A network between a client and a server that loses every packet while it is told to, without a word to either end."""
import os
import subprocess
import sys

ADDRESS = "10.0.0.1"  # the test's end
_ENTERED = "DEMARCHE_TEST_NETWORK"


def enter():
    """Runs the program again in a network namespace of its own, where that is allowed; as it is, where not. To be called when the
    test's module is read: the program may be unittest."""
    if _ENTERED in os.environ:
        return
    inside = ["unshare", "--net"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    lo = ["ip", "link", "set", "lo", "up"]
    if subprocess.run([*inside, *lo], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        os.environ[_ENTERED] = "1"
        os.execvp(inside[0], [*inside, "sh", "-c", " ".join(lo) + ' && exec "$@"', "sh", *sys.orig_argv])


def is_entered():
    return _ENTERED in os.environ


class Link:
    """A second namespace behind a bridge. A command that begins with `prefix` runs there."""

    def __init__(self):
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"], stdout=subprocess.PIPE)
        self._holder.stdout.readline()
        pid = str(self._holder.pid)
        self.prefix = ["nsenter", "--net", "--target", pid]
        for command in ("ip link add bridge type bridge", f"ip address add {ADDRESS}/24 dev bridge", "ip link set bridge up",
                        f"ip link add near type veth peer name far netns {pid}", "ip link set near master bridge up"):
            subprocess.run(command.split(), check=True)
        for command in ("ip address add 10.0.0.2/24 dev far", "ip link set far up"):
            subprocess.run([*self.prefix, *command.split()], check=True)

    def drop(self):
        subprocess.run(["bridge", "link", "set", "dev", "near", "state", "disabled"], check=True)

    def resume(self):
        subprocess.run(["bridge", "link", "set", "dev", "near", "state", "forwarding"], check=True)

    def close(self):
        self._holder.stdout.close()
        self._holder.kill()
        self._holder.wait()
        subprocess.run("ip link delete bridge".split(), check=True)
