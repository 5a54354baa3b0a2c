import { PROVIDER_NAMES } from '@hovernet/onnx/node';
import { describe, expect, it } from 'vitest';
import { listVariants } from '../../src/end2end/list-variants.js';
import type { ProbeOutcome, ProbeTarget } from '@hovernet/onnx/node';

/** A machine that has the providers `usable`; the others lack the library `libcudnn.so.9`. */
function machine(...usable: string[]) {
  const tried: string[] = [];
  const probe = ({ provider }: ProbeTarget): Promise<ProbeOutcome> => {
    tried.push(provider);
    const works = usable.includes(provider);
    const result = { present: true, usable: works, problem: works ? '' : 'Failed to load shared library', note: '' };
    return Promise.resolve({ result, output: works ? '' : 'libcudnn.so.9: cannot open shared object file', death: '' });
  };
  return { probe, tried };
}

const names = ({ variants }: Awaited<ReturnType<typeof listVariants>>) =>
  variants.map(({ provider, precision }) => `${provider} ${precision}`);

describe('listVariants', () => {
  it('takes all that a machine has, and says of the others why not', async () => {
    const { probe, tried } = machine('cpu', 'cuda', 'tensorrt');
    const listed = await listVariants({ providers: [], precision: undefined }, probe);
    expect(tried).toEqual(PROVIDER_NAMES);
    expect(names(listed)).toEqual([
      ...['cpu float32', 'cpu float16', 'cpu int8'],
      ...['cuda float32', 'cuda mixed', 'cuda float16', 'cuda int8'],
      ...['tensorrt float32', 'tensorrt mixed', 'tensorrt float16', 'tensorrt int8'],
    ]);
    expect(listed.absent.map(({ provider }) => provider)).toEqual(['webgpu', 'dml', 'coreml']);
    expect(listed.absent[0]).toMatchObject({ precision: null, reason: 'libcudnn.so.9 is missing: install cuDNN 9' });
  });

  it('takes those asked for in their order, in the precision asked for', async () => {
    const { probe, tried } = machine('cpu', 'cuda');
    const listed = await listVariants({ providers: ['cuda', 'auto'], precision: 'mixed' }, probe);
    expect(names(listed)).toEqual(['cuda mixed', 'cpu mixed']);
    expect(tried).toEqual(['cuda', 'cpu']);
    expect(listed.absent).toEqual([]);
  });
});
