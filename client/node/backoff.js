// Waits between attempts: each twice the one before up to a bound, of which a random half to whole is waited, so that clients cut off
// together do not return together.
const FIRST_MS = 250;
const LONGEST_MS = 30_000;

export class Backoff {
  #next = FIRST_MS;

  /** How long to wait now; at least what the server asked for. */
  next(atLeastMs = 0) {
    const ms = atLeastMs + this.#next * (0.5 + Math.random() / 2);
    this.#next = Math.min(this.#next * 2, LONGEST_MS);
    return ms;
  }

  async wait(atLeastMs) {
    const ms = this.next(atLeastMs);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  reset() {
    this.#next = FIRST_MS;
  }
}
