// Lets the WebGPU sessions of a process work one at a time: ONNX Runtime 1.30 gives all of them one device, and the process
// dies when two threads use it. The device would do one thing at a time anyway.
import { copyFeeds, type SessionThread } from './session-thread.js';

/** Settles when the device is free. */
let free: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** `thread`, whose work on the device waits until that of all others is done. */
export function takeTurns(thread: SessionThread): SessionThread {
  return {
    version: thread.version,
    take: (model) => thread.take(model),
    bind: (inputs) => thread.bind(inputs),
    open: (options, path) => inTurn(() => thread.open(options, path)),
    run: (feeds) => {
      // Feeds that must wait are kept as they are now: the caller may change its arrays meanwhile.
      const held = waiting > 0 ? copyFeeds(feeds) : feeds;
      return inTurn(() => thread.run(held));
    },
    runArrays: (feeds) => inTurn(() => thread.runArrays(feeds)),
    close: () => inTurn(() => thread.close()),
  };
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = waiting++ === 0 ? work() : free.then(work);
  free = result.catch(() => undefined).finally(() => waiting--);
  return result;
}
