// The forward pass as a program: images in, raw maps out.
import { hoverNetForward, outputSize, tensorSpecs, type HoverNetConfig } from '@hovernet/model';
import { NCHW, type Program } from '@hovernet/ops';
import type { Tensor4D } from '@tensorflow/tfjs';

export interface PredictShape {
  readonly batchSize: number;
  /** Side of the square window in pixels. */
  readonly windowPx: number;
}

/**
 * Inputs: `image` `[batch, 3, window, window]` 0…1 and every float tensor of the state dict. Outputs `np`, `hv` and,
 * with a type branch, `nc`: `[batch, channels, out, out]` logits. Running statistics are used.
 */
export function createPredictProgram(config: HoverNetConfig, { batchSize, windowPx }: PredictShape): Program {
  outputSize(config, windowPx);
  return {
    name: `predict ${batchSize}×${windowPx}²`,
    inputs: [
      { name: 'image', shape: [batchSize, windowPx, windowPx, config.inChannels], dtype: 'float32', layout: NCHW },
      ...tensorSpecs(config),
    ],
    run(tensors) {
      const { np, hv, nc } = hoverNetForward(config, (name) => tensors[name]!, tensors['image'] as Tensor4D);
      return { np, hv, ...(nc && { nc }) };
    },
    outputLayout: () => NCHW,
  };
}
