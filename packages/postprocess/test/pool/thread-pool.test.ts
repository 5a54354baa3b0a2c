import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { wrapWorker } from '../../src/pool/node/create-postprocess-pool.js';
import { createThreadPool, type StartThread } from '../../src/pool/thread-pool.js';
import { segmentNuclei, type PostprocessPool } from '../../src/node.js';
import { createImage } from '../support/synthetic-maps.js';

const threadFile = new URL('../../src/pool/node/pool-thread.js', import.meta.url);
const dying = `require('node:worker_threads').parentPort.on('message', () => process.exit(7))`;
const throwing = `require('node:worker_threads').parentPort.on('message', () => { throw new Error('no memory'); })`;

describe('createThreadPool', () => {
  let started = 0;
  let pool: PostprocessPool;
  afterEach(() => pool.dispose());

  /** Threads that run `scripts`, then threads that segment. */
  function startThreads(...scripts: string[]): StartThread {
    started = 0;
    return (events) => {
      const script = scripts[started++];
      return wrapWorker(script ? new Worker(script, { eval: true }) : new Worker(threadFile), events);
    };
  }

  it.each([dying, throwing])('replaces a thread that dies, and retries its image', async (script) => {
    pool = createThreadPool(startThreads(script), {});
    const images = [60, 40].map(createImage);
    const segmented = await Promise.all(images.map((image) => pool.segment(image)));
    expect(segmented).toEqual(images.map((image) => segmentNuclei(image)));
    expect(started).toBe(2);
  });

  it('reports an image of which two threads die, and segments the next one', async () => {
    pool = createThreadPool(startThreads(dying, dying), {});
    const image = createImage(40);
    const [first, next] = await Promise.allSettled([pool.segment(image), pool.segment(image)]);
    expect(first).toMatchObject({
      reason: { code: 'WORKER_FAILED', message: /two threads ended while they segmented an image \(exit code 7\)/ },
    });
    expect(next).toEqual({ status: 'fulfilled', value: segmentNuclei(image) });
    expect(started).toBe(3);
  });

  it('replaces a thread that died before there was work for it', async () => {
    let deaths = 0;
    const start = startThreads('process.exit(1)');
    const counting: StartThread = (events) =>
      start({ ...events, onDeath: (cause) => (deaths++, events.onDeath(cause)) });
    pool = createThreadPool(counting, { startNow: true });
    while (deaths === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const image = createImage(40);
    expect(await pool.segment(image)).toEqual(segmentNuclei(image));
    expect(started).toBe(2);
  });

  it('goes on after options that cannot be sent', async () => {
    pool = createThreadPool(startThreads(), {});
    const image = createImage(40);
    const unsendable = { markerThreshold: (() => 0.4) as unknown as number };
    await expect(pool.segment(image, unsendable)).rejects.toThrow('could not be cloned');
    expect(await pool.segment(image)).toEqual(segmentNuclei(image));
  });
});
