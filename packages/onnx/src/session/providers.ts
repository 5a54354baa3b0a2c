// Execution providers of ONNX Runtime: which ones this installation has, and the ladder of those asked for.
import { UnsupportedError } from '@hovernet/core';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as runtimeModule from 'onnxruntime-node';
import { forbidTelemetry } from './without-telemetry.js';

/** Execution providers, by ONNX Runtime's names. */
export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'tensorrt' | 'dml' | 'coreml';

export interface ProviderStatus {
  readonly name: ProviderName;
  /** Whether it is installed with ONNX Runtime; whether its hardware and other libraries work shows when a session starts. */
  readonly present: boolean;
  readonly reason: string;
}

/** All of them, the one that is exact everywhere first. */
export const PROVIDER_NAMES: readonly ProviderName[] = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'];

/** The Node binding of ONNX Runtime, loaded on first use. */
export type Runtime = typeof runtimeModule;

/**
 * Loads onnxruntime-node.
 * @throws UnsupportedError if it is not installed or does not load on this machine.
 */
export async function loadRuntime(): Promise<Runtime> {
  forbidTelemetry();
  try {
    const module = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    return module.default ?? module;
  } catch (cause) {
    throw runtimeMissing(cause);
  }
}

/** The message where onnxruntime-node does not load, in any thread. */
export function runtimeMissing(cause: unknown): UnsupportedError {
  const problem = 'expected the package onnxruntime-node, which does not load; npm i onnxruntime-node';
  return new UnsupportedError(`ONNX Runtime: ${problem}`, { cause });
}

/** Every provider this project knows, and whether the installed ONNX Runtime has it. */
export async function listProviders(): Promise<readonly ProviderStatus[]> {
  const runtime = await loadRuntime();
  const built = new Set(runtime.listSupportedBackends().map((backend) => backend.name));
  return PROVIDER_NAMES.map((name) => {
    const reason = built.has(name) ? whyNotInstalled(name) : 'not in this build of onnxruntime-node for this platform';
    return { name, present: reason === undefined, reason: reason ?? 'built in' };
  });
}

/** Providers whose libraries npm does not bring: a script of onnxruntime-node downloads them. */
const SEPARATE: readonly ProviderName[] = ['cuda', 'tensorrt'];

/**
 * What to do where the libraries of `provider` are not beside ONNX Runtime's; undefined where they are, or where it needs none.
 * A session on a missing one would fail as well, but ONNX Runtime would print about it.
 */
export function whyNotInstalled(provider: ProviderName, folder = findLibraryFolder()): string | undefined {
  if (!SEPARATE.includes(provider) || process.platform !== 'linux') return undefined;
  if (folder === undefined || existsSync(join(folder, `libonnxruntime_providers_${provider}.so`))) return undefined;
  return 'its libraries are not installed: node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12';
}

/** Where onnxruntime-node has its libraries; undefined where it lies otherwise than published. */
function findLibraryFolder(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
    const folder = join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
