"""What goes wrong ends in a clear message and a documented code, and nothing is lost."""
import json
import os
import subprocess

import e2e
import grpc
from google.rpc import error_details_pb2, status_pb2

OK_ITEM = {"newsItemId": "ok", "publisher": "Test", "publishTime": "2024-05-06T07:00:00Z",
           "body": "Germany expelled two Russian diplomats on Monday."}


def publish_raw(address, request):
    """PublishNewsItem with any bytes. Gives the RpcError's code and its details by type name."""
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_unary("/demarche.v1.IngestService/PublishNewsItem")
        try:
            call(request, timeout=60)
        except grpc.RpcError as error:
            details = {}
            for key, value in error.trailing_metadata():
                if key == "grpc-status-details-bin":
                    for detail in status_pb2.Status.FromString(value).details:
                        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo):
                            if detail.Is(kind.DESCRIPTOR):
                                details[kind.DESCRIPTOR.name] = kind.FromString(detail.value)
            return error.code(), details, error.details()
    return grpc.StatusCode.OK, {}, ""


def request_of(**fields):
    from demarche.v1 import ingest_service_pb2
    request = ingest_service_pb2.PublishNewsItemRequest()
    request.news_item.publisher = "Test"
    request.news_item.publish_time.seconds = 1_700_000_000
    for name, value in fields.items():
        setattr(request.news_item, name, value)
    return request.SerializeToString()


class BadItems(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.start()

    def assert_still_serving(self):
        code, out, err = self.server.cli("publish", "-", "--format", "jsonl", "-o", "jsonl", stdin=json.dumps(OK_ITEM))
        self.assertEqual(code, 0, err)
        self.assertIn("ACCEPTED", out)
        self.assertEqual(len(self.server.events()), 1)

    def test_an_empty_body_names_the_field(self):
        code, details, message = publish_raw(self.server.address, request_of(title="t"))
        self.assertEqual(code, grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual(details["ErrorInfo"].reason, "ITEM_INVALID")
        self.assertEqual(details["BadRequest"].field_violations[0].field, "news_item.body")
        self.assertIn("body", message)
        self.assert_still_serving()

    def test_a_body_of_two_megabytes_names_limit_and_value(self):
        code, details, message = publish_raw(self.server.address, request_of(body="word " * 420_000))
        self.assertEqual(code, grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertIn("1048576", message)
        self.assert_still_serving()

    def test_invalid_utf8_names_field_and_offset(self):
        good = request_of(body="abc def ghi")
        code, details, message = publish_raw(self.server.address, good.replace(b"def", b"d\xfff"))
        self.assertEqual(code, grpc.StatusCode.INVALID_ARGUMENT, message)
        self.assert_still_serving()

    def test_a_truncated_message_is_refused(self):
        code, _, _ = publish_raw(self.server.address, request_of(body="abc def ghi")[:-4])
        self.assertNotEqual(code, grpc.StatusCode.OK)
        self.assert_still_serving()

    def test_one_bad_item_does_not_stop_the_others(self):
        lines = [json.dumps(dict(OK_ITEM, newsItemId="a")), json.dumps(dict(OK_ITEM, newsItemId="b", body="")),
                 json.dumps(dict(OK_ITEM, newsItemId="c", body="Chad closed its border with Sudan."))]
        code, out, err = self.server.cli("publish", "-", "--format", "jsonl", "-o", "jsonl", stdin="\n".join(lines))
        self.assertNotEqual(code, 0)
        self.assertIn("body", err)
        outcomes = [json.loads(line)["outcome"] for line in out.splitlines()]
        self.assertEqual(outcomes, ["PUBLISH_OUTCOME_ACCEPTED", "PUBLISH_OUTCOME_REJECTED", "PUBLISH_OUTCOME_ACCEPTED"])

    def test_a_bad_position_and_a_bad_filter_are_named(self):
        self.assertIn("CURSOR_MALFORMED", self.server.cli("watch", "--after", "nonsense")[2])
        self.assertIn("FILTER_INVALID", self.server.cli("watch", "--filter", "typ = CONSULT")[2])


class BadStarts(e2e.ServerTest):
    def serve(self, *args, **extra):
        return e2e.run("demarched", "serve", *args, **extra)

    def test_unknown_configuration_key(self):
        file = self.path / "d.toml"
        file.write_text("[server]\nlistn = \"127.0.0.1:0\"\n")
        code, _, err = self.serve("--config", file)
        self.assertEqual(code, 2)
        self.assertIn("d.toml:2: unknown key 'server.listn'; did you mean 'server.listen'?", err)

    def test_unknown_flag(self):
        self.assertEqual(self.serve("--listn", "x")[0], 2)

    def test_port_in_use(self):
        server = self.start()
        code, _, err = self.serve("--listen", server.address, "--data-dir", self.path / "other")
        self.assertEqual(code, 3, err)
        self.assertIn(server.address, err)

    def test_data_directory_locked_by_another_process(self):
        server = self.start()
        code, _, err = self.serve("--listen", "127.0.0.1:0", "--data-dir", server.data_dir)
        self.assertEqual(code, 4, err)
        self.assertIn(str(server.data_dir), err)
        self.assertIn("locked", err)
        self.assertEqual(server.stop(), 0)

    def test_data_directory_not_writable(self):
        blocked = self.path / "file"
        blocked.write_text("not a directory")
        code, _, err = self.serve("--listen", "127.0.0.1:0", "--data-dir", blocked)
        self.assertEqual(code, 4, err)
        self.assertIn(str(blocked), err)
        if os.getuid() != 0:
            read_only = self.path / "read-only"
            read_only.mkdir(mode=0o500)
            self.assertEqual(self.serve("--listen", "127.0.0.1:0", "--data-dir", read_only / "data")[0], 4)

    def test_example_configuration_is_valid_and_names_every_setting(self):
        example = e2e.SOURCE / "deploy" / "config" / "demarched.toml"
        code, _, err = e2e.run("demarched", "config", "check", example)
        self.assertEqual(code, 0, err)
        text = example.read_text()
        for line in e2e.run("demarched", "config", "show")[1].splitlines():
            if "=" in line and not line.startswith("#"):
                self.assertIn(line.split("=")[0].strip(), text)

    def test_classify_says_when_it_cannot_write(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(e2e.BIN / "demarched"), "classify"], input=json.dumps(OK_ITEM).encode(), stdout=full,
                                  stderr=subprocess.PIPE, timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot write to standard output", done.stderr)

    def test_the_client_says_when_no_server_is_there(self):
        code, _, err = e2e.run("demarche", "watch", "--server", "127.0.0.1:1")
        self.assertEqual(code, 3)
        self.assertIn("127.0.0.1:1", err)

    def test_classify_names_a_bad_line(self):
        code, out, err = e2e.run("demarched", "classify", stdin='{"body": "ok", "publishTime": "2024-01-01T00:00:00Z"}\n{oops\n')
        self.assertEqual(code, 1)
        self.assertIn("line 2", err)
        self.assertEqual(len(out.splitlines()), 2)

    def test_output_to_a_closed_pipe_ends_quietly(self):
        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        watch = f"'{e2e.BIN}/demarche' watch --earliest --until-caught-up -o jsonl --server {server.address} | head -n 1"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", watch], capture_output=True, env=e2e.environment(), timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    e2e.unittest.main()
