// The forward pass as a program that any engine can run, with the weights as inputs.
import { NCHW, type Program, type TensorSpec } from '@hovernet/ops';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { HoverNetConfig } from './config.js';
import { hoverNetForward } from './forward.js';
import { outputSize } from './output-size.js';
import { tensorSpecs } from './tensors.js';

/** Size of the images that a program takes. */
export interface ImageBatchSize {
  /** @default 1 */
  readonly batch?: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Evaluates the network. Inputs: the tensors of `tensorSpecs` under their names, and `image`, `[batch, channels, height,
 * width]` on the host, RGB, 0…1. Outputs: `np`, `hv` and, with a type branch, `nc`, channel first on the host, raw.
 * @throws ShapeError when the size does not fit the network.
 */
export function createInferenceProgram(config: HoverNetConfig, size: ImageBatchSize): Program {
  const { batch = 1, height, width } = size;
  for (const length of [height, width]) outputSize(config, length);
  const shape = [batch, height, width, config.inChannels];
  const image: TensorSpec = { name: 'image', shape, dtype: 'float32', layout: NCHW };
  return {
    name: `hovernet-${config.mode}`,
    inputs: [...tensorSpecs(config), image],
    run(inputs) {
      const { np, hv, nc } = hoverNetForward(config, (name) => inputs[name]!, inputs['image'] as Tensor4D);
      return { np, hv, ...(nc && { nc }) };
    },
    outputLayout: () => NCHW,
  };
}
