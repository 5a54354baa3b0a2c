import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseWeights } from '../../src/network/choose-weights.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-choose-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the weights that a workflow reads', () => {
  const trained = join(folder, 'models/model.safetensors');
  const shipped = chooseWeights('lite-consep').path;

  it('are the shipped ones by name', () => {
    expect(shipped).toMatch(/weights-lite-consep.model\.safetensors$/);
    expect(existsSync(shipped)).toBe(true);
    expect(chooseWeights('lite-consep')).toEqual({ path: shipped, name: 'lite-consep', note: null });
  });

  it('are the shipped ones, and it says so, only where nobody asked for others', () => {
    const { path, name, note } = chooseWeights(trained, { mayTakeShipped: true });
    expect([path, name]).toEqual([shipped, 'lite-consep']);
    expect(note).toContain(`no weights given and none at ${trained}: taking lite-consep`);
    expect(() => chooseWeights(trained)).toThrow(`${trained}: no such file; check the path, or train first`);
  });

  it('are never those of stage 0 in place of the final ones, but it names them', () => {
    const stage0 = join(folder, 'models/stage0/model.safetensors');
    mkdirSync(join(folder, 'models/stage0'), { recursive: true });
    writeFileSync(stage0, '');
    expect(() => chooseWeights(trained)).toThrow(
      `no such file; check the path, there is ${stage0}, which --weights takes`,
    );
  });

  it('are those that were trained, once there are any, whatever their ending', () => {
    writeFileSync(trained, '');
    for (const options of [{}, { mayTakeShipped: true }])
      expect(chooseWeights(trained, options)).toEqual({ path: trained, name: trained, note: null });
    const asked = join(folder, 'models/model.pt');
    const note = `${asked} is not there: reading ${trained}`;
    expect(chooseWeights(asked)).toEqual({ path: trained, name: trained, note });
    writeFileSync(asked, '');
    expect(chooseWeights(asked)).toEqual({ path: asked, name: asked, note: null });
  });

  it('may be at an address', () => {
    const address = 'https://example.org/model.safetensors';
    expect(chooseWeights(address)).toEqual({ path: address, name: address, note: null });
  });
});
