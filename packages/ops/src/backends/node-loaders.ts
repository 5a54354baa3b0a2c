// The backends that run in Node: libtensorflow, WebGPU by Dawn, and those of the browser.
import { BackendError } from './backend-error.js';
import { TFJS_VERSION, importBackend, importOptional, type BackendLoader } from './backend-loader.js';
import { cpuLoader, wasmLoader, webgpuLoader, type Gpu } from './web-loaders.js';

/** The packages that bring libtensorflow, the one for GPUs first. */
const tensorflowPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** The last version of Node with `util.isNullOrUndefined`, which the kernels of tfjs-node 4.22 call. */
const LAST_NODE_OF_TENSORFLOW = 22;

const DAWN_VERSION = '0.6.2';

interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: object;
}

/** Imports a package that need not be installed, by a name that compilers and bundlers do not see. */
export type PackageImporter = (name: string) => Promise<unknown>;

/** From the fastest to the one that is always there. */
export function createNodeLoaders(importPackage: PackageImporter): readonly BackendLoader[] {
  return [
    { name: 'tensorflow', load: () => loadTensorflow(importPackage) },
    {
      name: 'webgpu',
      async load(options) {
        await installDawn(importPackage);
        await webgpuLoader.load(options);
      },
    },
    wasmLoader,
    cpuLoader,
  ];
}

async function loadTensorflow(importPackage: PackageImporter): Promise<void> {
  const failures: BackendError[] = [];
  for (const name of tensorflowPackages) {
    try {
      await importBackend('tensorflow', { name, version: TFJS_VERSION, import: () => importPackage(name) });
      assertNode(name);
      return;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      failures.push(error);
    }
  }
  const broken = failures.find(({ problem }) => problem === 'failed');
  if (broken) throw broken;
  const explanation = `expected the package ${tensorflowPackages.join(' or ')}, got neither; npm i ${tensorflowPackages[1]}@${TFJS_VERSION}`;
  throw new BackendError('tensorflow', 'missing', explanation, failures[0]);
}

function assertNode(name: string): void {
  const { node } = (globalThis as unknown as { process: { versions: { node: string } } }).process.versions;
  if (Number.parseInt(node) <= LAST_NODE_OF_TENSORFLOW) return;
  const explanation = `expected Node ${LAST_NODE_OF_TENSORFLOW} or older, which ${name} ${TFJS_VERSION} needs, got ${node}`;
  throw new BackendError('tensorflow', 'failed', explanation);
}

/** Makes the WebGPU of Dawn what browsers call `navigator.gpu`; an existing one is kept. */
async function installDawn(importPackage: PackageImporter): Promise<void> {
  const scope = globalThis as { navigator?: { gpu?: Gpu } };
  if (scope.navigator?.gpu) return;
  const dawn = await importOptional('webgpu', {
    name: 'webgpu',
    version: DAWN_VERSION,
    import: () => importPackage('webgpu') as Promise<Dawn>,
  });
  Object.assign(globalThis, dawn.globals);
  // Node 20 has no navigator; later ones have one without gpu.
  const navigator = scope.navigator ?? {};
  Object.defineProperty(navigator, 'gpu', { value: dawn.create([]), configurable: true });
  if (!scope.navigator) Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}
