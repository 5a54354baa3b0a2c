import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@hovernet/core';
import { encodeSafetensors } from '@hovernet/files';
import { initializeWeights, resolveConfig } from '@hovernet/model';
import { afterAll, expect, it, vi } from 'vitest';
import { loadPretrainedEncoder } from '../src/start-weights.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-pretrained-'));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('takes the encoder from an address, and later from the cache without its server', async () => {
  vi.stubEnv('HOVERNET_CACHE', folder);
  const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 });
  const initial = initializeWeights(config, createRandom(1));
  const trained = initializeWeights(config, createRandom(2));
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end(encodeSafetensors(trained));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const source = `http://127.0.0.1:${port}/encoder.safetensors`;

  for (const step of ['download', 'cache']) {
    const { state } = await loadPretrainedEncoder({ source }, config, initial);
    expect(state.get('conv0.conv.weight'), step).toEqual(trained.get('conv0.conv.weight'));
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
  expect(requests).toBe(1);
});
