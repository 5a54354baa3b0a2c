import { resolveConfig } from '@hovernet/model';
import { describe, expect, it } from 'vitest';
import { usableOutput } from '../../src/windows/usable-output.js';

describe('of the output of a window counts', () => {
  it('all of it without padding', () => {
    expect(usableOutput(resolveConfig(), 256, 1000)).toEqual({ input: 256, output: 164 });
  });

  it('all of it where one window shows the whole image', () => {
    const lite = resolveConfig({ preset: 'lite' });
    expect(usableOutput(lite, 1024, 1000)).toEqual({ input: 1024, output: 1024 });
    expect(usableOutput(lite, 256, 256)).toEqual({ input: 256, output: 256 });
  });

  it('the centre where a padded network shows a part of the image', () => {
    expect(usableOutput(resolveConfig({ preset: 'lite' }), 256, 257)).toEqual({ input: 256, output: 192 });
    expect(usableOutput(resolveConfig({ decoderPadding: true }), 32, 257)).toEqual({ input: 32, output: 1 });
  });
});
