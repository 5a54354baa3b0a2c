// The backends of TensorFlow.js that this machine can start, and why it cannot start the others.
import { softwareVulkanRemedy, useSoftwareVulkan } from '@hovernet/testing';
import { openEagerEngine, type BackendName } from '../../src/node.js';

export interface FoundBackend {
  readonly backend: BackendName;
  /** Why it cannot be tested here, to be read after its name; empty where it can. */
  readonly absence: string;
}

/** Tries to open each of `backends`. */
export async function findBackends(...backends: BackendName[]): Promise<FoundBackend[]> {
  useSoftwareVulkan();
  const found: FoundBackend[] = [];
  for (const backend of backends) {
    try {
      await openEagerEngine({ backend });
      found.push({ backend, absence: '' });
    } catch (error) {
      const remedy = backend === 'webgpu' ? `; ${softwareVulkanRemedy}` : '';
      found.push({ backend, absence: ` (not here: ${(error as Error).message}${remedy})` });
    }
  }
  return found;
}
