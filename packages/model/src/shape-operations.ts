// The network run on sizes alone: tells whether an input size fits, the output size, and the work per stage.
import type { Reference } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import type { ConvolutionLayer, LayerOperations, UpconvolutionLayer } from './layers.js';
import { declareNetwork, runNetwork } from './network.js';

/** Multiply–accumulate operations of one stage, as the forward computes them. */
export interface StageMacs {
  /** `conv0`, `d0`…`d3`, `bottleneck`, `nucleus_prediction.decoderblock1`, … */
  readonly stage: string;
  readonly macs: number;
}

/** What an input of one size becomes. */
export interface NetworkShape {
  /** Whether every size on the way is a positive integer and the skips align with the pixels they are added to. */
  readonly fits: boolean;
  readonly outputSize: number;
  readonly stages: readonly StageMacs[];
}

interface Shape {
  readonly size: number;
  readonly channels: number;
}

/** Follows a square image of `inputSize` pixels a side through the network. */
export function traceShape(config: HoverNetConfig, inputSize: number): NetworkShape {
  const operations = new ShapeOperations(config.reference);
  const { np } = runNetwork(declareNetwork(config), operations, { size: inputSize, channels: config.inChannels });
  return { fits: operations.fits, outputSize: np.size, stages: operations.stages };
}

/** Sizes follow exact arithmetic, so that a size which does not fit becomes a fraction or falls below one. */
class ShapeOperations implements LayerOperations<Shape> {
  readonly stages: StageMacs[] = [];
  fits = true;
  private macs = 0;

  constructor(private readonly reference: Reference) {}

  convolve(layer: ConvolutionLayer, input: Shape): Shape {
    const { kernelSize, groups, stride, padding, inChannels, outChannels } = layer;
    const surplus = stride === 2 && this.reference === 'monai' ? 1 : 0;
    const size = padding === 'valid' ? input.size - kernelSize + 1 : input.size / stride + surplus;
    this.macs += size * size * kernelSize * kernelSize * (inChannels / groups) * outChannels;
    this.fits &&= input.channels === inChannels;
    return this.check({ size, channels: outChannels });
  }

  convolveUp({ inChannels, outChannels }: UpconvolutionLayer, input: Shape): Shape {
    const size = 2 * input.size;
    this.macs += size * size * inChannels * outChannels;
    this.fits &&= input.channels === inChannels;
    return this.check({ size, channels: outChannels });
  }

  normalizeActivate(_layer: unknown, input: Shape): Shape {
    return input;
  }

  drop(_layer: unknown, input: Shape): Shape {
    return input;
  }

  add(first: Shape, second: Shape): Shape {
    this.fits &&= first.size === second.size && first.channels === second.channels;
    return first;
  }

  concatenate(first: Shape, second: Shape): Shape {
    return { size: first.size, channels: first.channels + second.channels };
  }

  trimToHalf(input: Shape, source: Shape): Shape {
    return { size: source.size / 2, channels: input.channels };
  }

  cropLike(input: Shape, reference: Shape): Shape {
    this.fits &&= (input.size - reference.size) % 2 === 0;
    return { size: reference.size, channels: input.channels };
  }

  upsample(input: Shape): Shape {
    return { size: 2 * input.size, channels: input.channels };
  }

  scope(build: () => Shape): Shape {
    return build();
  }

  observe(stage: string): void {
    this.stages.push({ stage, macs: this.macs });
    this.macs = 0;
  }

  private check(shape: Shape): Shape {
    this.fits &&= Number.isInteger(shape.size) && shape.size >= 1;
    return shape;
  }
}
