"""What lies in deploy/, held against the real server: alerts, dashboard, manifests, proxies with a real stream through each."""
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
import unittest

import grpc

import e2e
from demarche.v1 import event_service_pb2, event_service_pb2_grpc

DEPLOY = e2e.SOURCE / "deploy"
SUFFIX = re.compile(r"_(bucket|count|sum)$")
NAME = re.compile(r"\b(?:demarche|process)_[a-z_]+\b")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus(e2e.ServerTest):
    def metrics(self):
        """The names that a server has after some of everything has happened."""
        server = self.start()
        code, _, err = server.cli("publish", e2e.SAMPLES)
        self.assertEqual(code, 0, err)
        server.events()
        connection = http.client.HTTPConnection(server.http_address, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/metrics")
        return set(re.findall(r"^# TYPE (\S+)", connection.getresponse().read().decode(), re.M))

    def promtool(self, *args, cwd=DEPLOY / "prometheus"):
        done = subprocess.run([shutil.which("promtool"), *map(str, args)], cwd=cwd, capture_output=True, timeout=120, check=False)
        return done.returncode, (done.stdout + done.stderr).decode()

    def test_alerts_fire_when_they_should(self):
        for args in (("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")):
            code, out = self.promtool(*args)
            self.assertEqual(code, 0, out)
        alerts = re.findall(r"- alert: (\S+)", (DEPLOY / "prometheus" / "alerts.yml").read_text())
        tests = (DEPLOY / "prometheus" / "alerts_test.yml").read_text()
        runbook = (DEPLOY / "RUNBOOK.md").read_text()
        for alert in alerts:
            self.assertIn(f"alertname: {alert},", tests)
            self.assertIn(f"| {alert} |", runbook)
        self.assertIn(f"value: {len(alerts)}", tests)

    def test_control_a_changed_threshold_fails_the_rule_tests(self):
        changed = self.path / "rules"
        shutil.copytree(DEPLOY / "prometheus", changed)
        rules = changed / "alerts.yml"
        rules.write_text(rules.read_text().replace("demarche_ingest_queued_items > 2000", "demarche_ingest_queued_items > 3000"))
        self.assertNotEqual(self.promtool("test", "rules", "alerts_test.yml", cwd=changed)[0], 0)

    def test_every_metric_that_is_asked_for_exists(self):
        have = self.metrics() | {"demarche_refused_calls_total"}  # has a value once something was refused
        dashboard = json.loads((DEPLOY / "grafana" / "demarche.json").read_text())
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        queries += [variable["query"] for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
        queries += re.findall(r"expr: (.*)", (DEPLOY / "prometheus" / "alerts.yml").read_text())
        self.assertGreater(len(queries), 30)
        for query in queries:
            for name in NAME.findall(query):
                self.assertIn(SUFFIX.sub("", name) if SUFFIX.sub("", name) in have else name, have, query)
        asked = {name for query in queries for name in NAME.findall(query)}
        self.assertGreater(len(asked), 15)

    def test_queries_of_the_dashboard_parse(self):
        dashboard = json.loads((DEPLOY / "grafana" / "demarche.json").read_text())
        rules = []
        for number, panel in enumerate(dashboard["panels"]):
            for letter, target in enumerate(panel["targets"]):
                expression = target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
                rules.append({"record": f"panel_{number}_{letter}", "expr": expression})
        file = self.path / "dashboard.json"  # JSON is YAML
        file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        code, out = self.promtool("check", "rules", file)
        self.assertEqual(code, 0, out)

    def test_reasons_of_errors_stand_in_the_runbook(self):
        reasons = re.findall(r"ERROR_REASON_(\w+) = [1-9]", (e2e.SOURCE / "proto/demarche/v1/errors.proto").read_text())
        runbook = (DEPLOY / "RUNBOOK.md").read_text()
        for reason in set(reasons) - {"CURSOR_MALFORMED", "LEASE_LOST", "RESOURCE_NOT_FOUND", "NOT_SERVED"}:
            self.assertIn(reason, runbook)


class Manifests(e2e.ServerTest):
    def test_flags_of_the_manifest_are_flags_of_the_server(self):
        text = (DEPLOY / "kubernetes" / "demarche.yaml").read_text()
        flags = re.findall(r"^ +- --([a-z-]+)=", text, re.M)
        self.assertGreater(len(flags), 5)
        _, known, _ = e2e.run("demarched", "serve", "--help")
        for flag in flags:
            self.assertRegex(known, rf"--{flag}\b")
        for kind in ("Service", "StatefulSet", "PodDisruptionBudget", "NetworkPolicy"):
            self.assertRegex(text, rf"(?m)^kind: {kind}$")


class Proxies(e2e.ServerTest):
    def run_proxy(self, port, *command):
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        end = time.monotonic() + 30
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the proxy did not start: " + (process.stderr.read().decode() if process.poll() is not None else "no port"))

    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
                       cwd=self.path, check=True, capture_output=True, timeout=60)
        (self.path / "both.pem").write_bytes((self.path / "cert.pem").read_bytes() + (self.path / "key.pem").read_bytes())
        return self.path / "cert.pem", self.path / "key.pem", self.path / "both.pem"

    def stream_through(self, server, port):
        """A watch that stays open over publications."""
        credentials = grpc.ssl_channel_credentials((self.path / "cert.pem").read_bytes())
        channel = grpc.secure_channel(f"localhost:{port}", credentials)
        self.addCleanup(channel.close)
        stub = event_service_pb2_grpc.EventServiceStub(channel)
        stream = stub.WatchEvents(event_service_pb2.WatchEventsRequest())
        self.assertTrue(next(stream).HasField("started"))
        code, _, err = server.cli("publish", e2e.SAMPLES)
        self.assertEqual(code, 0, err)
        wanted = [line["event"]["eventId"] for line in server.events()]
        seen = []
        while len(seen) < len(wanted):
            message = next(stream)
            seen += [event.event_id for event in message.event_batch.events]
        self.assertEqual(seen, wanted)
        stream.cancel()

    def test_haproxy(self):
        server, port = self.start(), free_port()
        _, _, both = self.certificate()
        text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text()
        for old, new in (("0.0.0.0:443", f"127.0.0.1:{port}"), ("/etc/haproxy/demarche.pem", str(both)), ("127.0.0.1:7345", server.address),
                         ("maxconn 10000", "maxconn 1000")):
            self.assertIn(old, text)
            text = text.replace(old, new)
        (self.path / "haproxy.cfg").write_text(text)
        self.run_proxy(port, shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", self.path / "haproxy.cfg")
        self.stream_through(server, port)

    def test_nginx(self):
        server, port = self.start(), free_port()
        certificate, key, _ = self.certificate()
        text = (DEPLOY / "nginx" / "demarche.conf").read_text()
        for old, new in (("listen 443", f"listen 127.0.0.1:{port}"), ("/etc/nginx/demarche.crt", str(certificate)),
                         ("/etc/nginx/demarche.key", str(key)), ("127.0.0.1:7345", server.address),
                         ("127.0.0.1:7346", server.http_address)):
            self.assertIn(old, text)
            text = text.replace(old, new)
        temporary = "".join(f"{kind}_temp_path {self.path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.path / "nginx.conf").write_text(f"daemon off; pid {self.path}/pid; error_log stderr; events {{}}\n"
                                              f"http {{ access_log off; {temporary}\n{text}\n}}\n")
        self.run_proxy(port, shutil.which("nginx") or "/usr/sbin/nginx", "-p", self.path, "-c", self.path / "nginx.conf", "-e", "stderr")
        self.stream_through(server, port)
        context = ssl.create_default_context(cafile=str(certificate))
        connection = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/events?pageSize=1")
        self.assertEqual(len(json.loads(connection.getresponse().read())["events"]), 1)
        connection.request("GET", "/v1/events:watch?earliest=true")
        self.assertEqual(connection.getresponse().readline(), b"retry: 2000\n", "nginx must not wait for more")
        connection = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
        self.addCleanup(connection.close)
        connection.request("POST", "/demarche.v1.EventService/ListEvents", body=b'{"pageSize": 1}',
                           headers={"Content-Type": "application/json"})
        self.assertEqual(len(json.loads(connection.getresponse().read())["events"]), 1, "Connect goes to the HTTP endpoint")
        connection.request("POST", "/grpc.health.v1.Health/Check", body=bytes(5), headers={"Content-Type": "application/grpc-web+proto"})
        self.assertTrue(connection.getresponse().read().startswith(b"\x00\x00\x00\x00\x02\x08\x01"), "so does gRPC-Web")
        connection.request("GET", "/metrics", headers={"Content-Type": "application/json"})
        self.assertNotIn(b"demarche_", connection.getresponse().read(), "and nothing else of it")


class BillOfMaterials(unittest.TestCase):
    def test_it_names_what_the_binaries_load_and_the_lock_file_locks(self):
        lock_file = e2e.SOURCE / "package-lock.json"
        done = subprocess.run([DEPLOY / "sbom.py", e2e.BIN, lock_file], capture_output=True, text=True, check=True)
        document = json.loads(done.stdout)
        packages = {package["SPDXID"]: package for package in document["packages"]}
        self.assertEqual(len(packages), len(document["packages"]), "identifiers are unique")
        for identifier in packages:
            self.assertRegex(identifier, r"^SPDXRef-[A-Za-z0-9.-]+$")
        related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
        related |= {relation["spdxElementId"] for relation in document["relationships"]}
        self.assertEqual(related, set(packages) | {"SPDXRef-DOCUMENT"})
        declared = {package["licenseDeclared"] for package in packages.values()}
        explained = {info["licenseId"] for info in document["hasExtractedLicensingInfos"]}
        self.assertEqual({licence for licence in declared if licence.startswith("LicenseRef-")}, explained)
        versions = {package["name"]: package["versionInfo"] for package in packages.values()}
        for name in ("libgrpc++1.51", "librocksdb7.8"):
            known = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True)
            self.assertEqual(versions[name], known.stdout)
        self.assertEqual(versions["@grpc/grpc-js"],
                         json.loads(lock_file.read_text())["packages"]["node_modules/@grpc/grpc-js"]["version"])


if __name__ == "__main__":
    e2e.unittest.main()
