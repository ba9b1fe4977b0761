// The histogram of the load harness agrees with hdr-histogram-js, point by point.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { build } from "hdr-histogram-js";

const program = join(dirname(process.env.DEMARCHE_BIN_DIR), "tests", "histogram_dump");

// Mulberry32: the same values in every run.
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const points = (text) => text.split("\n").filter((line) => /^ *\d/.test(line)).map((line) => line.trim().split(/\s+/).slice(0, 3).map(Number));

for (const [name, count, most] of [["few", 10, 1e4], ["short", 5000, 2e3], ["wide", 20000, 3e9]]) {
  test(name, () => {
    const random = randomFrom(count);
    const values = Array.from({ length: count }, () => Math.floor(most ** random()));
    const reference = build({ lowestDiscernibleValue: 1, highestTrackableValue: 3.6e9, numberOfSignificantValueDigits: 3 });
    for (const value of values) reference.recordValue(value);
    const ours = points(execFileSync(program, { input: values.join("\n"), encoding: "utf8" }));
    const theirs = points(reference.outputPercentileDistribution(5, 1000));
    assert.equal(ours.length, theirs.length);
    for (const [index, [value, percentile, total]] of theirs.entries()) {
      assert.equal(ours[index][0], value, `value of point ${index}`);
      assert.equal(ours[index][2], total, `count of point ${index}`);
      assert.ok(Math.abs(ours[index][1] - percentile) < 1e-9, `percentile of point ${index}`);
    }
  });
}
