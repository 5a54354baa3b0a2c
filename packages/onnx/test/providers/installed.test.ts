import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listProviders } from '../../src/node.js';
import { whyNotInstalled } from '../../src/session/providers.js';

describe.runIf(process.platform === 'linux')('libraries of providers that npm does not bring', () => {
  it('are looked for beside those of ONNX Runtime', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hovernet-providers-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'libonnxruntime_providers_cuda.so'), '');
    expect(whyNotInstalled('cuda', folder)).toBeUndefined();
    expect(whyNotInstalled('tensorrt', folder)).toMatch(
      /not installed: node .*install\.js --onnxruntime-node-install=cuda12$/,
    );
    expect(whyNotInstalled('cpu', folder)).toBeUndefined();
    expect(whyNotInstalled('webgpu', folder)).toBeUndefined();
  });
});

it('a provider that is not installed is listed with the reason', async () => {
  for (const { name, present, reason } of await listProviders()) {
    const missing = whyNotInstalled(name);
    if (missing !== undefined)
      expect({ present, reason }).toEqual({ present: false, reason: expect.any(String) as string });
    if (present) expect(reason).toBe('built in');
  }
});
