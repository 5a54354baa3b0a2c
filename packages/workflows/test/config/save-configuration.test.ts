import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkDocument } from '../../src/config/check-document.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { packagedFile } from '../../src/config/load-document.js';
import { hashConfiguration, saveConfiguration } from '../../src/config/save-configuration.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-saved-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('saves every id with its value and the hash, and nothing that has to be resolved', async () => {
  const config = await loadConfiguration({ files: [packagedFile('inference')], overrides: [['bundle_root', 'here']] });
  const { path, hash } = await saveConfiguration(config, folder, 'infer');
  expect(path).toBe(join(folder, 'infer_config.json'));
  const saved = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  expect(saved).toMatchObject({ _hash_: hash, weights: 'here/models/model.safetensors', patch_size: 256 });
  expect(saved).toMatchObject({ postprocess: { marker_threshold: null }, network_def: { out_classes: 5 } });
  expect(JSON.stringify(saved)).not.toMatch(/"[@$%]/);
});

it('gives one hash to one configuration, however it is written, and another to every other', () => {
  const hash = hashConfiguration(checkDocument({}));
  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(hashConfiguration(checkDocument({ stage: 0, optimizer: { eps: 1e-8, lr: 1e-4 } }))).toBe(hash);
  expect(hashConfiguration(checkDocument({ stage: 1 }))).not.toBe(hash);
  expect(hashConfiguration(checkDocument({ optimizer: { lr: 2e-4 } }))).not.toBe(hash);
});

it('writes a file that gives the same configuration again', async () => {
  const config = await loadConfiguration({ files: [packagedFile('train'), packagedFile('demo')] });
  const { path, hash } = await saveConfiguration(config, folder, 'again');
  const again = await loadConfiguration({ files: [path] });
  expect(hashConfiguration(again)).toBe(hash);
  expect({ ...again, document: {} }).toEqual({ ...config, document: {} });
});
