// A network that says what it sees: images that hold raw maps of labelled nuclei as colours, and the maps that are read from them.
import { createNucleusTable, createPlanes, createRgbImage, type RawMaps, type RgbImage } from '@hovernet/core';
import { resolveConfig } from '@hovernet/model';
import { segmentNuclei } from '@hovernet/postprocess';
import { createLabelledMaps, createLabelledScene } from '@hovernet/transforms/internal';
import type { TrainedNetwork } from '../src/network/trained-network.js';
import type { NucleiFinder } from '../src/segment-source.js';

const outChannels = { np: 2, hv: 2, nc: 3 } as const;

/** What is said of `count` pixels, of which `colorOf` gives the colours, 0…255. */
function say(count: number, colorOf: (at: number, channel: number) => number) {
  const np = new Float32Array(2 * count);
  const hv = new Float32Array(2 * count);
  const nc = new Float32Array(3 * count);
  for (let at = 0; at < count; at++) {
    const red = colorOf(at, 0);
    np[at] = 100 - red;
    np[at + count] = red - 100;
    for (let k = 0; k < 2; k++) hv[at + k * count] = (colorOf(at, k + 1) - 127) / 120;
    nc[at + (red < 100 ? 0 : red < 220 ? 1 : 2) * count] = 5;
  }
  return { np, hv, nc };
}

/**
 * An image of nuclei whose green and blue are HoVer distances, and whose red is 200 or 240 inside nuclei of types 1 and 2. It
 * is `height` × `width` pixels of a square scene.
 */
export function createSeenImage(height: number, width: number, seed = 1): RgbImage {
  const sidePx = Math.max(height, width, 64);
  const scene = createLabelledScene(sidePx, seed);
  const { hv } = createLabelledMaps(scene);
  const image = createRgbImage(height, width);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * sidePx + x;
      image.data[to++] = scene.instanceMap.data[at] === 0 ? 20 : scene.typeMap.data[at]! <= 2 ? 200 : 240;
      for (let k = 0; k < 2; k++) image.data[to++] = Math.round(127 + 120 * hv.data[at + k * sidePx * sidePx]!);
    }
  }
  return image;
}

/** The maps that {@link createSeeingNetwork} gives of `image`, whatever the windows. */
export function readMaps(image: RgbImage): RawMaps {
  const [height, width] = image.shape as [number, number];
  const { np, hv, nc } = say(height * width, (at, channel) => Math.fround(image.data[3 * at + channel]! / 255) * 255);
  const planes = (values: Float32Array<ArrayBuffer>) =>
    createPlanes(values.length / (height * width), height, width, values);
  return { np: planes(np), hv: planes(hv), nc: planes(nc) };
}

/** A network for windows of 128 px, 0.25 µm per pixel; `onRun` is called with the number of windows of each run before it ends. */
export function createSeeingNetwork(
  onRun: (windows: number) => void | Promise<void> = () => undefined,
): TrainedNetwork {
  return {
    config: resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 }),
    classes: [
      { id: 1, name: 'one', color: [255, 0, 0] },
      { id: 2, name: 'two', color: [0, 0, 255] },
    ],
    mpp: 0.25,
    inChannels: 3,
    outChannels,
    run: async (planes, { batchSize, size: { input, output } }) => {
      await onRun(batchSize);
      const [area, size] = [input * input, output * output];
      const margin = (input - output) / 2;
      const create = (name: keyof typeof outChannels) => new Float32Array(batchSize * outChannels[name] * size);
      const outputs = { np: create('np'), hv: create('hv'), nc: create('nc') };
      for (let item = 0; item < batchSize; item++) {
        const first = (item * 3 * input + margin) * input + margin;
        const said = say(
          size,
          (at, channel) => planes[first + channel * area + Math.floor(at / output) * input + (at % output)]! * 255,
        );
        for (const name of ['np', 'hv', 'nc'] as const) outputs[name].set(said[name], item * said[name].length);
      }
      return outputs;
    },
    dispose: () => Promise.resolve(),
  };
}

/** Post-processing in this thread. */
export const finder: NucleiFinder = {
  segmentTable: (rawMaps, options) => {
    const { instanceMap, nuclei } = segmentNuclei(rawMaps, options);
    return Promise.resolve({ instanceMap, table: createNucleusTable(nuclei) });
  },
};
