// Raw maps as a network would give them for a known label map: HoVer maps and logits with hash noise.
import { createHash } from 'node:crypto';
import { createHoverMaps, createPlanes, type HoverMaps, type RawMaps } from '@hovernet/core';
import { hashNoise } from '@hovernet/testing';

/** A label map and the class of each pixel. */
export interface KnownImage {
  readonly height: number;
  readonly width: number;
  readonly instances: ArrayLike<number>;
  readonly classes: ArrayLike<number>;
}

/** HoVer maps: in each instance the offset from its exact mean, scaled to −1…1 on each side separately. */
export function createHoverTargets({ height, width, instances }: KnownImage): HoverMaps {
  const pixels = new Map<number, number[]>();
  for (let i = 0; i < height * width; i++) {
    const id = instances[i]!;
    if (id === 0) continue;
    if (!pixels.has(id)) pixels.set(id, []);
    pixels.get(id)!.push(i);
  }
  const maps = createHoverMaps(height, width);
  for (const list of pixels.values()) {
    const coordinates = [list.map((i) => i % width), list.map((i) => Math.floor(i / width))];
    coordinates.forEach((values, channel) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const least = Math.min(...values) - mean;
      const most = Math.max(...values) - mean;
      list.forEach((i, n) => {
        const offset = values[n]! - mean;
        maps.data[channel * height * width + i] = offset < 0 ? offset / -least : offset > 0 ? offset / most : 0;
      });
    });
  }
  return maps;
}

/** The recipe of the reference's post-processing fixtures (5 classes, t0 = 0). */
export function createNoisyRawMaps(image: KnownImage): RawMaps {
  const { height, width, instances, classes } = image;
  const size = height * width;
  const targets = createHoverTargets(image).data;
  const np = createPlanes(2, height, width);
  const hv = createHoverMaps(height, width);
  const nc = createPlanes(5, height, width);
  for (let i = 0; i < size; i++) {
    const logit = (instances[i] ? 3 : -3) + 1.5 * hashNoise(i, 1);
    np.data[i] = -logit;
    np.data[size + i] = logit;
    for (const k of [0, 1]) {
      const noise = hashNoise(i, 2 + k);
      const inside = Math.min(1, Math.max(-1, 0.95 * targets[k * size + i]! + 0.08 * noise));
      hv.data[k * size + i] = instances[i] ? inside : 0.1 * noise;
    }
    for (let c = 0; c < 5; c++) nc.data[c * size + i] = (classes[i] === c ? 3 : 0) + 2 * hashNoise(i, 10 + c);
  }
  return { np, hv, nc };
}

/** SHA-256 of the elements as little-endian bytes, in hexadecimal. */
export function hashElements(data: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}

/** `side` × `side` pixels full of nuclei of four types. */
export function createImage(side: number): RawMaps {
  const instances = Int32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return ((x % 17) - 8) ** 2 + ((y % 19) - 9) ** 2 <= 75 ? 1 + Math.floor(x / 17) + 10 * Math.floor(y / 19) : 0;
  });
  return createNoisyRawMaps({ height: side, width: side, instances, classes: instances.map((id) => id % 5) });
}
