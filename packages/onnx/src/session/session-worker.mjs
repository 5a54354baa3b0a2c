// Entry of the worker thread that holds one ONNX Runtime session: `session.run` blocks the thread that calls it.
// JavaScript, not TypeScript: a worker loads its entry as it is, from src in tests and from dist in packages.
// @ts-check
import { parentPort } from 'node:worker_threads';

/** @typedef {import('./worker-messages.js').WorkerRequest} WorkerRequest */
/** @typedef {import('./worker-messages.js').BoundInput} BoundInput */
/** @typedef {Record<string, import('onnxruntime-node').Tensor>} Feeds */

/** @type {import('onnxruntime-node') | undefined} */
let runtime;
/** @type {Uint8Array | undefined} */
let model;
/** @type {import('onnxruntime-node').InferenceSession | undefined} */
let session;
/** @type {{ bound: BoundInput, tensor: import('onnxruntime-node').Tensor }[]} */
let inputs = [];

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** @type {Promise<void>} Requests are answered one after the other, in their order. */
let last = Promise.resolve();
port.on('message', (/** @type {WorkerRequest} */ request) => {
  last = last.then(() => answer(request));
});

/** @param {WorkerRequest} request */
async function answer(request) {
  try {
    const { result, transfer } = await handle(request);
    port.postMessage({ id: request.id, result }, transfer);
  } catch (error) {
    port.postMessage({ id: request.id, error: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * @param {WorkerRequest} request
 * @returns {Promise<{ result?: unknown, transfer?: ArrayBuffer[] }>}
 */
async function handle(request) {
  switch (request.kind) {
    case 'load': {
      const module = await import('onnxruntime-node');
      runtime = module.default ?? module;
      return { result: runtime.env.versions.node };
    }
    case 'take':
      model = request.model;
      return {};
    case 'open': {
      const source = /** @type {string} */ (request.path ?? model);
      session = await runtime?.InferenceSession.create(source, request.options);
      model = undefined;
      return {};
    }
    case 'bind':
      inputs = request.inputs.map(bind);
      return {};
    case 'run': {
      /** @type {Feeds} */
      const feeds = {};
      for (const { bound, tensor } of inputs) {
        /** @type {Float32Array} */ (tensor.data).set(bound.shared);
        feeds[bound.name] = tensor;
      }
      return run(feeds);
    }
    case 'runArrays':
      return run(toTensors(request.feeds));
    case 'close':
      await session?.release();
      session = undefined;
      return {};
  }
}

/**
 * The runtime does not take shared memory: every run copies it into a buffer of this thread.
 * @param {BoundInput} bound
 */
function bind(bound) {
  if (!runtime) throw new Error('the runtime is not loaded');
  const data = bound.type === 'int32' ? new Int32Array(bound.shared.length) : new Float32Array(bound.shared.length);
  return { bound, tensor: new runtime.Tensor(bound.type, /** @type {Float32Array} */ (data), bound.dims) };
}

/** @param {Readonly<Record<string, import('@hovernet/ops/contract').HostArray>>} arrays */
function toTensors(arrays) {
  /** @type {Feeds} */
  const feeds = {};
  for (const [name, { data, shape }] of Object.entries(arrays)) {
    if (!runtime) throw new Error('the runtime is not loaded');
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    feeds[name] = new runtime.Tensor(type, /** @type {Float32Array} */ (data), shape);
  }
  return feeds;
}

/** @param {Feeds} feeds */
async function run(feeds) {
  if (!session) throw new Error('the session is not open');
  const results = await session.run(feeds);
  const result = Object.entries(results).map(([name, { data, dims }]) => [name, { data, shape: dims }]);
  const buffers = Object.values(results).map(({ data }) => /** @type {Float32Array} */ (data).buffer);
  return { result, transfer: /** @type {ArrayBuffer[]} */ ([...new Set(buffers)]) };
}
