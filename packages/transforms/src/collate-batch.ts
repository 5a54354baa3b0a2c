// Samples to the flat arrays that an engine takes.
import { ArgumentError, createPlanes, ShapeError, toContiguous, type PixelArray, type TypeMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import type { TrainSample } from './sample.js';

export type BatchShape = readonly [batch: number, channels: number, height: number, width: number];

/** One batch in NCHW order, all float32; `shapes` has an entry for every array. */
export interface TrainBatch {
  /** `[B, 3, window, window]`, 0…1. */
  readonly image: Float32Array;
  /** `[B, 2, output, output]`, one-hot: background, nucleus. */
  readonly np: Float32Array;
  /** `[B, 2, output, output]`, −1…1: horizontal, vertical. */
  readonly hv: Float32Array;
  /** `[B, classes, output, output]`, one-hot; absent without classes. */
  readonly nc?: Float32Array;
  readonly shapes: {
    readonly image: BatchShape;
    readonly np: BatchShape;
    readonly hv: BatchShape;
    readonly nc?: BatchShape;
  };
}

/**
 * Copies `samples`, all of one size, into one batch. `classes` counts the background; 0 for a network without type
 * branch.
 *
 * @throws ArgumentError without samples or if a class id is `classes` or more, ShapeError if sizes differ.
 */
export function collateBatch(samples: readonly TrainSample[], options: { readonly classes: number }): TrainBatch {
  const first = samples[0];
  if (!first) throw new ArgumentError('collateBatch: expected at least one sample, got none');
  const count = samples.length;
  const [channels, height, width] = first.image.shape as [number, number, number];
  const [outputHeight, outputWidth] = first.foreground.shape as [number, number];
  const { classes } = options;
  const shapes = {
    image: [count, channels, height, width],
    np: [count, 2, outputHeight, outputWidth],
    hv: [count, 2, outputHeight, outputWidth],
  } as const;
  const image = allocate(shapes.image);
  const np = allocate(shapes.np);
  const hv = allocate(shapes.hv);
  const ncShape = [count, classes, outputHeight, outputWidth] as const;
  const nc = allocate(ncShape);
  samples.forEach((sample, index) => {
    assertShape('image', sample.image, shapes.image.slice(1));
    assertShape('foreground', sample.foreground, shapes.np.slice(2));
    assertShape('hover', sample.hover, shapes.hv.slice(1));
    assertShape('typeMap', sample.typeMap, shapes.np.slice(2));
    image.set(toContiguous(sample.image), (index * image.length) / count);
    writeOneHot(np, (index * np.length) / count, sample.foreground, 2);
    hv.set(toContiguous(sample.hover), (index * hv.length) / count);
    if (classes > 0) writeOneHot(nc, (index * nc.length) / count, sample.typeMap, classes);
  });
  return classes > 0 ? { image, np, hv, nc, shapes: { ...shapes, nc: ncShape } } : { image, np, hv, shapes };
}

function allocate(shape: BatchShape): Float32Array {
  return new Float32Array(shape[0] * shape[1] * shape[2] * shape[3]);
}

function assertShape(name: string, array: NdArray<PixelArray>, shape: readonly number[]): void {
  if (array.shape.join() !== shape.join()) {
    throw new ShapeError(`collateBatch: ${name}`, `[${shape.join(', ')}]`, `[${array.shape.join(', ')}]`);
  }
}

/**
 * `[height, width]` uint8 → `[classes, height, width]` float32, 1 in the plane of the pixel's class, else 0.
 *
 * @throws ShapeError unless `map` has rank 2, ArgumentError if it holds a class of `classes` or more.
 */
export function encodeOneHot(map: TypeMap, classes: number): NdArray<Float32Array> {
  if (map.dimension !== 2) throw new ShapeError('encodeOneHot', '[height, width]', `[${map.shape.join(', ')}]`);
  const [height, width] = map.shape as [number, number];
  const planes = createPlanes(classes, height, width);
  writeOneHot(planes.data, 0, map, classes);
  return planes;
}

/** Sets the ones of `map` in `target`, which holds zeros for `[classes, height, width]` from `offset` on. */
function writeOneHot(target: Float32Array, offset: number, map: TypeMap, classes: number): void {
  const values = toContiguous(map);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= classes) {
      throw new ArgumentError(`encodeOneHot: expected classes 0 to ${classes - 1}, got ${value} at pixel ${i}`);
    }
    target[offset + value * values.length + i] = 1;
  }
}
