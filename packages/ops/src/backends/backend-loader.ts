// How the backends of TensorFlow.js are brought: each from a package of its own that may not be installed.
import * as tf from '@tensorflow/tfjs';
import { BackendError } from './backend-error.js';

/** Backends that are loaded by name. Others, such as `webgl`, are registered by who imports their package. */
export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

export interface LoadOptions {
  /** Whether a backend is welcome that emulates its hardware and so is slower than the others. */
  readonly acceptSoftware: boolean;
  /** URL of the folder of the `.wasm` files of @tensorflow/tfjs-backend-wasm, or their URLs by name. */
  readonly wasmPaths?: string | Readonly<Record<string, string>> | undefined;
}

/** One backend and the way to it. */
export interface BackendLoader {
  readonly name: BackendName;
  /**
   * Registers the backend with TensorFlow.js, if it is not registered yet, and starts nothing.
   * @throws BackendError naming what is missing and what to do.
   */
  load(options: LoadOptions): Promise<void>;
}

/** The version of TensorFlow.js that this package is made for; its parts must be of the same one. */
export const TFJS_VERSION = '4.22.0';

/** A package that may be missing. */
export interface OptionalPackage<T> {
  readonly name: string;
  readonly version: string;
  /** Imports it; a literal specifier lets bundlers find it. */
  import(): Promise<T>;
}

/** Imports `wanted` for `backend`. @throws BackendError that tells a package that is missing from one that does not load. */
export async function importOptional<T>(backend: BackendName, wanted: OptionalPackage<T>): Promise<T> {
  const { name, version } = wanted;
  try {
    return await wanted.import();
  } catch (cause) {
    if (isMissing(name, cause)) {
      const explanation = `expected the package ${name}, got none; npm i ${name}@${version}`;
      throw new BackendError(backend, 'missing', explanation, cause);
    }
    const explanation = `expected the package ${name} to load, got: ${messageOf(cause)}`;
    throw new BackendError(backend, 'failed', explanation, cause);
  }
}

/**
 * Imports a package that registers `backend`, and keeps the backend that is current: some make their own current.
 * @throws BackendError as {@link importOptional}, or where the package registers with another copy of TensorFlow.js.
 */
export async function importBackend<T>(backend: BackendName, wanted: OptionalPackage<T>): Promise<T> {
  const previous = tf.getBackend();
  try {
    const module = await importOptional(backend, wanted);
    if (!tf.findBackendFactory(backend)) {
      const explanation = `expected ${wanted.name} to share this copy of @tensorflow/tfjs, got a second copy; npm dedupe, with all of them at ${TFJS_VERSION}`;
      throw new BackendError(backend, 'failed', explanation);
    }
    return module;
  } finally {
    if (previous && tf.getBackend() !== previous) void tf.setBackend(previous);
  }
}

/** First line of what an error says. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!.trim();
}

const absence = /cannot find (?:package|module)|failed to resolve|could not resolve|does not resolve|bare specifier/i;

/** Node, Vite and browsers each say it in their own words; that a package itself fails to find another is another problem. */
function isMissing(name: string, error: unknown): boolean {
  const [problem] = messageOf(error).split(/ imported (?:from|by) /);
  return absence.test(problem!) && new RegExp(`${name}(?![\\w/-])`).test(problem!);
}
