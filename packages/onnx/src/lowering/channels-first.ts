// Kernels over NCHW tensors as kernels over NHWC tensors: renaming axes on both sides moves nothing.
import { NCHW } from '../layout.js';
import type { Value } from '../value.js';
import { transpose } from './shape.js';
import type { Lowering } from './types.js';

/** Axis i of NHWC is axis NHWC[i] of NCHW. */
const NHWC = [0, 2, 3, 1];

/** Inputs, and attributes, that are images or per-axis lists of one. */
const IMAGE_INPUTS = ['x', 'dy'];
const IMAGE_ATTRIBUTES = ['inputShape', 'pad'];

/** `lowering`, which knows NHWC, for both data formats. Its output is an image unless `outputsFilter`. */
export function forBothDataFormats(lowering: Lowering, { outputsFilter = false } = {}): Lowering {
  return (recorder, inputs, attributes) => {
    if (attributes['dataFormat'] !== 'NCHW') return lowering(recorder, inputs, attributes);
    const moved: Record<string, Value> = { ...inputs };
    for (const name of IMAGE_INPUTS) if (inputs[name]) moved[name] = transpose(recorder, inputs[name], NHWC);
    const weights = inputs['preluActivationWeights'];
    if (weights?.shape.length === 3) moved['preluActivationWeights'] = transpose(recorder, weights, [1, 2, 0]);
    const renamed: Record<string, unknown> = { ...attributes, dataFormat: 'NHWC' };
    for (const name of IMAGE_ATTRIBUTES) {
      const list = attributes[name];
      if (Array.isArray(list)) renamed[name] = NHWC.map((axis) => list[axis] as unknown);
    }
    const output = lowering(recorder, moved, renamed) as Value;
    return outputsFilter ? output : transpose(recorder, output, NCHW as number[]);
  };
}
