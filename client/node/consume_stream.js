// One connection of a consumer.
import { messagesOf } from "./stream.js";

// The server takes so many in one message.
const MAX_RANGES = 1000;

// Moves the first positions out, each as a range of its own: a wider one could take in an event that comes meanwhile.
function takeRanges(positions) {
  return positions.splice(0, MAX_RANGES).map((position) => ({ firstPosition: position, lastPosition: position }));
}

function toDuration(ms) {
  return { seconds: Math.floor(ms / 1000), nanos: Math.floor((ms % 1000) * 1e6) };
}

/**
 * One Consume stream, read in the background: batches, gaps and results of acknowledgements wait in `responses`, and `wake` tells of each
 * and of the end. What is to be said is gathered while a write is under way.
 */
export class ConsumeStream {
  responses = [];
  hasEnded = false;
  error = undefined; // why it ended; none when the server had no more to say
  wasHeard = false;
  leaseMs = 0;
  #call;
  #wake;
  #acks = []; // positions not yet sent
  #nacks = new Map(); // the same, by delay
  #credit; // not yet sent
  #ungranted; // what a limit leaves for later
  #isWriting = false;
  #endsWrites = false;

  constructor(calls, { credit, ungranted, silenceLimitMs, wake }) {
    this.#credit = credit;
    this.#ungranted = ungranted;
    this.#wake = wake;
    this.#run(calls, silenceLimitMs).then(() => this.#end(), (error) => this.#end(error));
  }

  /** False when nothing can be said any more. */
  ack(position) {
    return this.#answer(this.#acks, position);
  }

  /** False when nothing can be said any more. */
  nack(position, delayMs) {
    if (!this.#nacks.has(delayMs)) this.#nacks.set(delayMs, []);
    return this.#answer(this.#nacks.get(delayMs), position);
  }

  #answer(positions, position) {
    if (this.hasEnded || this.#endsWrites) return false;
    positions.push(position);
    if (this.#ungranted > 0) {
      this.#ungranted -= 1;
      this.#credit += 1;
    }
    this.#writeOn();
    return true;
  }

  /** One that waited was not handed out. */
  grant() {
    this.#credit += 1;
    this.#writeOn();
  }

  /** Says what is left to say, and that this was all: the server ends the stream once what was acknowledged is on its disk. */
  endWrites() {
    if (!this.#call) return this.cancel(); // nothing was delivered
    this.#endsWrites = true;
    this.#writeOn();
  }

  /** Ends it at once. */
  cancel() {
    if (this.#call) this.#call.cancel();
    else this.#end();
  }

  async #run({ name, lookUp, consume }, silenceLimitMs) {
    const { seconds, nanos } = (await lookUp()).leaseDuration;
    if (this.hasEnded) return; // cancelled
    this.leaseMs = Number(seconds) * 1000 + nanos / 1e6;
    this.#call = consume();
    this.#write({ subscription: name });
    for await (const response of messagesOf(this.#call, silenceLimitMs)) {
      this.wasHeard = true;
      if (!response.ackResult && !response.message.eventBatch && !response.message.gap) continue;
      this.responses.push(response);
      this.#wake();
    }
  }

  #end(error) {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.error = error;
    this.#wake();
  }

  #write(request) {
    this.#isWriting = true;
    this.#call.write(request, (error) => {
      this.#isWriting = Boolean(error); // after a failure none can succeed; the end of the reading tells why
      this.#writeOn();
    });
  }

  #writeOn() {
    if (this.#isWriting || this.hasEnded) return;
    const request = this.#takeRequest();
    if (request) {
      this.#write(request);
    } else if (this.#endsWrites) {
      this.#isWriting = true; // for good
      this.#call.end();
    }
  }

  // What is to be said next; nothing when there is nothing.
  #takeRequest() {
    if (this.#acks.length > 0) return { ack: { ranges: takeRanges(this.#acks) } };
    for (const [delayMs, positions] of this.#nacks) {
      const nack = { ranges: takeRanges(positions), delay: toDuration(delayMs) };
      if (positions.length === 0) this.#nacks.delete(delayMs);
      return { nack };
    }
    const events = this.#credit;
    this.#credit = 0;
    return events > 0 ? { grant: { events } } : undefined;
  }
}
