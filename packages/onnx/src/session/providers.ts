// Execution providers of ONNX Runtime: which ones this installation has, and the ladder of those asked for.
import { UnsupportedError } from '@hovernet/core';
import type * as runtimeModule from 'onnxruntime-node';

/** Execution providers, by ONNX Runtime's names. */
export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'tensorrt' | 'dml' | 'coreml';

export interface ProviderStatus {
  readonly name: ProviderName;
  /** Whether this build of ONNX Runtime contains it; whether its hardware and libraries work shows when a session starts. */
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
  try {
    const module = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    return module.default ?? module;
  } catch (cause) {
    throw runtimeMissing(cause);
  }
}

/** What is said where onnxruntime-node does not load, in whichever thread. */
export function runtimeMissing(cause: unknown): UnsupportedError {
  const problem = 'expected the package onnxruntime-node, which does not load; npm i onnxruntime-node';
  return new UnsupportedError(`ONNX Runtime: ${problem}`, { cause });
}

/** Every provider this project knows, and whether the installed ONNX Runtime was built with it. */
export async function listProviders(): Promise<readonly ProviderStatus[]> {
  const runtime = await loadRuntime();
  const built = new Set(runtime.listSupportedBackends().map((backend) => backend.name));
  return PROVIDER_NAMES.map((name) => {
    const present = built.has(name);
    return { name, present, reason: present ? 'built in' : 'not in this build of onnxruntime-node for this platform' };
  });
}
