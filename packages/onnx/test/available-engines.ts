// Every engine that this machine has, and why it lacks the others.
import type { Engine, Program } from '@hovernet/ops';
import { openEagerEngine, type BackendName } from '@hovernet/ops/node';
import { softwareVulkanRemedy, useSoftwareVulkan } from '@hovernet/testing';
import { relu } from '@tensorflow/tfjs';
import { createOnnxEngine, listProviders, type OnnxEngineOptions } from '../src/node.js';

export interface TestedEngine {
  /** As `hovernet doctor` calls it, for example onnx/webgpu. */
  readonly title: string;
  /** Why it cannot be tested here, to be read after the title; empty where it can. */
  readonly absence: string;
  open(): Promise<Engine>;
}

const backends: readonly BackendName[] = ['cpu', 'wasm', 'webgpu', 'tensorflow'];

const probe: Program = {
  name: 'probe',
  inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
  run: ({ x }) => ({ y: relu(x!) }),
};

/** Tries each engine; those on a GPU's interface run on the processor where there is no GPU. */
export async function findEngines(): Promise<TestedEngine[]> {
  useSoftwareVulkan();
  return [...(await findOnnxEngines()), ...(await Promise.all(backends.map(tryEagerEngine)))];
}

async function findOnnxEngines(): Promise<TestedEngine[]> {
  const engines = [await tryEngine('onnx/cpu in the calling thread', openOnnx({ thread: 'calling' }))];
  for (const { name, present, reason } of await listProviders()) {
    const open = openOnnx({ providers: [name] });
    engines.push(present ? await tryEngine(`onnx/${name}`, open) : lacking(`onnx/${name}`, open, reason));
  }
  return engines;
}

function openOnnx(options: OnnxEngineOptions): () => Promise<Engine> {
  return () => Promise.resolve(createOnnxEngine({ ...options, threads: 1 }));
}

function tryEagerEngine(backend: BackendName): Promise<TestedEngine> {
  return tryEngine(`tfjs/${backend}`, () => openEagerEngine({ backend }));
}

async function tryEngine(title: string, open: () => Promise<Engine>): Promise<TestedEngine> {
  try {
    const executable = await (await open()).compile(probe);
    await executable.run({ x: Float32Array.of(-1, 2) });
    await executable.dispose();
    return { title, absence: '', open };
  } catch (error) {
    return lacking(title, open, (error as Error).message);
  }
}

function lacking(title: string, open: () => Promise<Engine>, problem: string): TestedEngine {
  const remedy = title.endsWith('webgpu') ? `; ${softwareVulkanRemedy}` : '';
  return { title, absence: ` (not here: ${problem.split('\n')[0]!.slice(0, 200)}${remedy})`, open };
}
