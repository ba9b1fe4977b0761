#!/usr/bin/env bash
# Starts a server on its embedded store, publishes the sample articles and shows the events as they arrive.
#   demo/run.sh BIN_DIR [DATA_DIR]      DATA_DIR (default build/demo) is made anew
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=${1:?usage: demo/run.sh BIN_DIR [DATA_DIR]}
data=${2:-build/demo}
pause=0
[ -t 1 ] && pause=0.5

rm -rf "$data"
mkdir -p "$data"
log=$data/server.log
: >"$log"
server=''
watch=''
cleanup() {
  [ -z "$watch" ] || kill "$watch" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
}
trap cleanup EXIT

"$bin/demarched" serve --listen 127.0.0.1:0 --http-listen off --data-dir "$data/log" 2>"$log" &
server=$!
address=''
until [ -n "$address" ]; do
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
  address=$(sed -n 's/.*serving on \([^ ,]*\),.*/\1/p' "$log")
  sleep 0.05
done

printf 'demarched serves on %s; %s sample articles follow, each with its events as they arrive.\n\n' "$address" "$(wc -l <demo/articles.jsonl)" >&2
# --earliest: whatever is published before the watch has begun is shown too.
"$bin/demarche" watch --server "$address" --earliest -o pretty &
watch=$!

while IFS= read -r article; do
  printf '%s\n' "$article" | "$bin/demarche" publish - --format jsonl --quiet --server "$address"
  sleep "$pause"
done <demo/articles.jsonl

# A server that drains first gives every watch what is there.
kill -TERM "$server"
wait "$server"
server=''
wait "$watch" || true
watch=''

cat <<END

That was the whole way: article -> classifier -> log -> stream. To go on:

  $bin/demarched serve --data-dir $data/log &        the same events again, from the log
  $bin/demarche watch --earliest                     follow the stream
  $bin/demarche classify FILE --explain              your own text: what each stage saw
  $bin/demarche publish FILE                         ... and into the stream

The data lies in $data/log, the server's messages in $log.
END
