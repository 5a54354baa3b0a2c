// Turns what native libraries say into one sentence with a remedy.
import type { ProbeTarget } from './probe-target.js';
import type { ProbeOutcome } from './run-probe.js';

/** Longest text of a library that is shown as it is. */
const LONGEST = 160;

const homes: Partial<Record<ProbeTarget['provider'], string>> = {
  cuda: 'CUDA is for linux x64',
  tensorrt: 'TensorRT is for linux x64',
  dml: 'DirectML is for Windows',
  coreml: 'CoreML is for macOS',
};

/** Why an engine is not usable. */
export interface Failure {
  /** One line, with a remedy where there is one. */
  readonly reason: string;
  /** Whether that is because it is not installed. */
  readonly missing: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  /** @default false */
  readonly missing?: boolean;
  explain(match: RegExpExecArray): string;
}

const rules: readonly Rule[] = [
  {
    pattern: /expected the package .*, got (?:none|neither); (npm i \S+)/,
    missing: true,
    explain: ([, command]) => `not installed: ${command}`,
  },
  {
    pattern: /libonnxruntime_providers_\w+\.so: cannot open shared object file/,
    missing: true,
    explain: () =>
      'its libraries are not installed: node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12',
  },
  { pattern: /([^\s:/]+\.so[.\d]*): cannot open shared object file/, explain: ([, file]) => explainLibrary(file!) },
  {
    pattern: /no CUDA-capable device|CUDA driver version is insufficient|CUDA failure (?:35|100)\b/,
    explain: () => 'no NVIDIA GPU with a driver for CUDA 12',
  },
  { pattern: /invalid device ordinal|Invalid device id/i, explain: () => 'there is no GPU of that number' },
  {
    pattern: /Couldn't load Vulkan/,
    explain: () => 'no Vulkan loader: install libvulkan1 and the Vulkan driver of the GPU',
  },
  {
    pattern: /Failed to get a WebGPU adapter|expected a GPU adapter, got none/,
    explain: () => `no GPU adapter: it takes a GPU and its ${graphicsApi()} driver`,
  },
  {
    pattern: /requires f16 but the device does not support it/,
    explain: () => 'its GPU has no 16-bit floats: use precision float32',
  },
  { pattern: /(GLIBC(?:XX)?_[\d.]+)' not found/, explain: ([, version]) => `it needs a newer system, with ${version}` },
  // For a process that does not read its own standard error, where ONNX Runtime names the library.
  {
    pattern: /Failed to load shared library/,
    explain: () => 'a library that it takes is missing: hovernet doctor names it',
  },
];

/** Why `target` is not usable. */
export function explainFailure(target: ProbeTarget, { result, output, death }: ProbeOutcome): Failure {
  const said = `${result?.problem ?? ''}\n${output}`;
  if (result && !result.present && /not in this build/.test(result.problem)) {
    const remedy = homes[target.provider] ?? 'use another provider';
    return { reason: `not in onnxruntime-node for ${process.platform} ${process.arch}; ${remedy}`, missing: true };
  }
  for (const { pattern, missing = false, explain } of rules) {
    const match = pattern.exec(said);
    if (match) return { reason: explain(match), missing };
  }
  const lastWords = output.trim().split('\n').at(-1);
  const reason = shorten(result?.problem || [death, lastWords].filter(Boolean).join(': '));
  // A process that died had found something to die of.
  return { reason, missing: result !== undefined && !result.present };
}

function explainLibrary(file: string): string {
  if (file.startsWith('libvulkan')) return 'no Vulkan loader: install libvulkan1 and the Vulkan driver of the GPU';
  const owner = file.startsWith('libcudnn') ? 'cuDNN 9' : file.startsWith('libnvinfer') ? 'TensorRT 10' : '';
  const isCuda = /^lib(cu|nv)/.test(file);
  return `${file} is missing${owner || isCuda ? `: install ${owner || 'CUDA 12'}` : ''}`;
}

function graphicsApi(): string {
  if (process.platform === 'darwin') return 'Metal';
  return process.platform === 'win32' ? 'Direct3D 12' : 'Vulkan';
}

function shorten(text: string): string {
  const line = text.split('\n')[0]!.trim();
  return line.length <= LONGEST ? line : `${line.slice(0, 60)} … ${line.slice(-97)}`;
}
