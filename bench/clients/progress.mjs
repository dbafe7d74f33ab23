// When a phase is over: after so many messages, or so many bytes, or at the venue's time of its
// last message, whatever a client can see.

/** Counts up, and resolves what waits for a count. */
export function createProgress() {
  let value = 0;
  let target = Infinity;
  let resolve;
  return {
    add(more) {
      value += more;
      if (value >= target) this.finish();
    },
    set(next) {
      value = next;
      if (value >= target) this.finish();
    },
    finish() {
      target = Infinity;
      resolve();
    },
    until(count) {
      if (value >= count) return Promise.resolve();
      target = count;
      return new Promise((done) => (resolve = done));
    },
  };
}
