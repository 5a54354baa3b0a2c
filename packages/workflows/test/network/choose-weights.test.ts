import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { HovernetConfiguration } from '../../src/config/configuration.js';
import { chooseWeights } from '../../src/network/choose-weights.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-choose-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const choose = (weightsPath: string) =>
  chooseWeights({ weightsPath, bundleRoot: folder } as unknown as HovernetConfiguration);

describe('the weights that a workflow reads', () => {
  const trained = join(folder, 'models/model.safetensors');

  it('are the shipped ones, and it says so, where none were given or trained', () => {
    const { path, note } = choose(trained);
    expect(path).toMatch(/weights-lite-consep.model\.safetensors$/);
    expect(existsSync(path)).toBe(true);
    expect(note).toContain(`no weights given and none at ${trained}: taking lite-consep`);
    expect(choose(`${folder}/./models/model.safetensors`).path).toBe(path);
  });

  it('are the shipped ones by name', () => {
    expect(choose('lite-consep')).toEqual({ path: choose(trained).path, note: null });
  });

  it('are those that were given, there or not', () => {
    expect(choose('other.safetensors')).toEqual({ path: 'other.safetensors', note: null });
  });

  it('are those that were trained, once there are any', () => {
    mkdirSync(join(folder, 'models'));
    writeFileSync(trained, '');
    expect(choose(trained)).toEqual({ path: trained, note: null });
  });
});
