// HoVer-Net again, written out in plain loops over float64 in PyTorch's terms, to compare the network with.
import type { HoverNetConfig, StateDict } from '../../src/index.js';

/** Channels × height × width. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

export interface PlainResult {
  readonly stages: Map<string, Planes>;
  /** Mean, biased variance and count that the batch-norms saw, by prefix. */
  readonly statistics: Map<string, { mean: number[]; variance: number[]; count: number }>;
}

export interface PlainOptions {
  readonly training?: boolean;
  /** Scales of the dropout layers, by name, `[channels]`. */
  readonly dropout?: ReadonlyMap<string, Float32Array>;
}

/** One image through the network. */
export function runPlainNetwork(
  config: HoverNetConfig,
  state: StateDict,
  image: Planes,
  { training = false, dropout }: PlainOptions = {},
): PlainResult {
  const k = config.mode === 'fast' ? 3 : 5;
  const monai = config.reference === 'monai';
  const statistics: PlainResult['statistics'] = new Map();
  const stages = new Map<string, Planes>();
  const read = (name: string) => state.get(name)!.data as Float32Array;

  const conv = (name: string, x: Planes, padding = 0, stride = 1, groups = 1): Planes =>
    convolve(x, read(`${name}.weight`), state.get(`${name}.weight`)!.shape, {
      before: padding,
      after: padding,
      stride,
      groups,
    });
  const bnRelu = (name: string, x: Planes): Planes => {
    const moments = training ? channelMoments(x) : null;
    if (moments) statistics.set(name, { ...moments, count: x.height * x.width });
    const mean = moments?.mean ?? read(`${name}.running_mean`);
    const variance = moments?.variance ?? read(`${name}.running_var`);
    const [scale, shift] = [read(`${name}.weight`), read(`${name}.bias`)];
    return mapPlanes(x, (value, c) =>
      Math.max(0, ((value - mean[c]!) / Math.sqrt(variance[c]! + 1e-5)) * scale[c]! + shift[c]!),
    );
  };
  const halve = (name: string, x: Planes): Planes => {
    const shape = state.get(`${name}.weight`)!.shape;
    const size = shape[2]!;
    const [before, after] = [Math.floor((size - 2) / 2), Math.floor((size - 1) / 2)].map((zeros) => Math.max(0, zeros));
    if (!monai)
      return convolve(x, read(`${name}.weight`), shape, { before: before!, after: after!, stride: 2, groups: 1 });
    return conv(name, x, (size - 1) / 2 + 1, 2);
  };
  const cutLast = (x: Planes) => crop(x, { top: 0, left: 0, height: x.height - 1, width: x.width - 1 });
  const upsample = monai ? upsampleAligned : repeatTwice;

  const halfResolution = config.stemStride === 2;
  let x = halfResolution ? halve('conv0.conv', image) : conv('conv0.conv', image, config.mode === 'fast' ? 3 : 0);
  x = bnRelu('conv0.bn', x);
  if (halfResolution && monai) x = cutLast(x);
  stages.set('conv0', x);
  for (let i = 0; i < 4; i++) {
    const P = `res_blocks.d${i}`;
    let sum = i === 0 ? conv(`${P}.shortcut`, x) : halve(`${P}.shortcut`, x);
    if (i > 0 && monai) sum = cutLast(sum);
    for (let u = 0; u < config.units[i]!; u++) {
      const B = `${P}.layers.denselayer_${u}.layers`;
      let y = u > 0 ? bnRelu(`${B}.preact/bn`, x) : x;
      y = bnRelu(`${B}.conv1/bn`, conv(`${B}.conv1`, y));
      y = i > 0 && u === 0 ? halve(`${B}.conv2`, y) : conv(`${B}.conv2`, y, 1);
      y = conv(`${B}.conv3`, bnRelu(`${B}.conv2/bn`, y));
      const scales = dropout?.get(`${B}.dropout`);
      if (scales) y = mapPlanes(y, (value, c) => value * scales[c]!);
      if (y.height !== sum.height) y = cutLast(y);
      x = addPlanes(y, sum);
      sum = x;
    }
    x = bnRelu(`${P}.bna_block.bn`, x);
    stages.set(`d${i}`, x);
  }
  x = conv('bottleneck.conv_bottleneck', x);
  stages.set('bottleneck', x);
  const top = addPlanes(upsample(x), stages.get('d2')!);
  const padding = config.decoderPadding ? (k - 1) / 2 : 0;
  for (const R of ['nucleus_prediction', 'horizontal_vertical', ...(config.outClasses ? ['type_prediction'] : [])]) {
    let t = top;
    for (const b of [1, 2]) {
      const P = `${R}.decoder_blocks.decoderblock${b}`;
      t = conv(`${P}.conva`, t, padding);
      for (let j = 1; j <= config.denseUnits[b - 1]!; j++) {
        const Q = `${P}.denselayerdecoder${j}.layers`;
        const y = bnRelu(`${Q}.conv1/norm`, conv(`${Q}.conv1`, bnRelu(`${Q}.preact_bna/bn`, t)));
        const z = conv(`${Q}.conv2`, y, padding, 1, config.groups);
        t = joinChannels(cropCenter(t, z), z);
      }
      t = conv(`${P}.convf`, bnRelu(`${P}.bna_block.bn`, t));
      stages.set(`${R}.decoderblock${b}`, t);
      t = upsample(t);
      if (!(monai && config.decoderPadding)) t = addPlanes(t, cropCenter(stages.get(`d${2 - b}`)!, t));
    }
    t = conv(`${R}.output_features.decoderblock3.conva`, t, (k - 1) / 2);
    stages.set(`${R}.decoderblock3`, t);
    const head = `${R}.output_features.decoderblock4`;
    const bias = read(`${head}.conv.bias`);
    t = bnRelu(`${head}.bn`, t);
    t = halfResolution ? double(t, read(`${head}.conv.weight`), bias.length) : conv(`${head}.conv`, t);
    t = mapPlanes(t, (value, c) => value + bias[c]!);
    stages.set(`${R}.decoderblock4`, t);
  }
  return { stages, statistics };
}

function createPlanes(channels: number, height: number, width: number): Planes {
  return { channels, height, width, data: new Float64Array(channels * height * width) };
}

/** Every pixel becomes 2×2 pixels, by a filter `[in, out, 2, 2]`. */
function double(x: Planes, weight: Float32Array, channels: number): Planes {
  const result = createPlanes(channels, 2 * x.height, 2 * x.width);
  for (let o = 0; o < channels; o++) {
    for (let row = 0; row < result.height; row++) {
      for (let column = 0; column < result.width; column++) {
        const tap = 2 * (row % 2) + (column % 2);
        const from = (row >> 1) * x.width + (column >> 1);
        let sum = 0;
        for (let i = 0; i < x.channels; i++) {
          sum += x.data[i * x.height * x.width + from]! * weight[(i * channels + o) * 4 + tap]!;
        }
        result.data[(o * result.height + row) * result.width + column] = sum;
      }
    }
  }
  return result;
}

function convolve(
  x: Planes,
  weight: Float32Array,
  [out, inner, kh, kw]: readonly number[],
  { before, after, stride, groups }: { before: number; after: number; stride: number; groups: number },
): Planes {
  const sizeOf = (size: number, kernel: number) => Math.floor((size + before + after - kernel) / stride) + 1;
  const y = createPlanes(out!, sizeOf(x.height, kh!), sizeOf(x.width, kw!));
  for (let o = 0; o < out!; o++) {
    const firstChannel = Math.floor(o / (out! / groups)) * inner!;
    for (let i = 0; i < y.height; i++) {
      for (let j = 0; j < y.width; j++) {
        let sum = 0;
        for (let c = 0; c < inner!; c++) {
          for (let p = 0; p < kh!; p++) {
            const row = i * stride + p - before;
            if (row < 0 || row >= x.height) continue;
            for (let q = 0; q < kw!; q++) {
              const column = j * stride + q - before;
              if (column < 0 || column >= x.width) continue;
              const value = x.data[((firstChannel + c) * x.height + row) * x.width + column]!;
              sum += value * weight[((o * inner! + c) * kh! + p) * kw! + q]!;
            }
          }
        }
        y.data[(o * y.height + i) * y.width + j] = sum;
      }
    }
  }
  return y;
}

function channelMoments(x: Planes): { mean: number[]; variance: number[] } {
  const planes = Array.from({ length: x.channels }, (_, c) => {
    const size = x.height * x.width;
    return x.data.subarray(c * size, (c + 1) * size);
  });
  const mean = planes.map((plane) => plane.reduce((sum, value) => sum + value, 0) / plane.length);
  const variance = planes.map((plane, c) => plane.reduce((sum, v) => sum + (v - mean[c]!) ** 2, 0) / plane.length);
  return { mean, variance };
}

function mapPlanes(x: Planes, map: (value: number, channel: number) => number): Planes {
  const size = x.height * x.width;
  return { ...x, data: x.data.map((value, index) => map(value, Math.floor(index / size))) };
}

function addPlanes(a: Planes, b: Planes): Planes {
  if (a.channels !== b.channels || a.height !== b.height || a.width !== b.width) throw new Error('sizes differ');
  return { ...a, data: a.data.map((value, index) => value + b.data[index]!) };
}

function joinChannels(a: Planes, b: Planes): Planes {
  return { ...a, channels: a.channels + b.channels, data: Float64Array.from([...a.data, ...b.data]) };
}

function cropCenter(x: Planes, { height, width }: Planes): Planes {
  return crop(x, { top: (x.height - height) / 2, left: (x.width - width) / 2, height, width });
}

function crop(x: Planes, box: { top: number; left: number; height: number; width: number }): Planes {
  return sample(x, box.height, box.width, (c, i, j) => [[c, i + box.top, j + box.left, 1]]);
}

function repeatTwice(x: Planes): Planes {
  return sample(x, 2 * x.height, 2 * x.width, (c, i, j) => [[c, i >> 1, j >> 1, 1]]);
}

function upsampleAligned(x: Planes): Planes {
  const taps = (index: number, size: number): [number, number][] => {
    const position = (index * (size - 1)) / (2 * size - 1);
    const low = Math.floor(position);
    return [
      [low, 1 - (position - low)],
      [Math.min(low + 1, size - 1), position - low],
    ];
  };
  return sample(x, 2 * x.height, 2 * x.width, (c, i, j) =>
    taps(i, x.height).flatMap(([row, a]) => taps(j, x.width).map(([column, b]) => [c, row, column, a * b] as const)),
  );
}

function sample(
  x: Planes,
  height: number,
  width: number,
  taps: (c: number, i: number, j: number) => readonly (readonly [number, number, number, number])[],
): Planes {
  const y = createPlanes(x.channels, height, width);
  for (let c = 0; c < x.channels; c++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const value = taps(c, i, j).reduce(
          (sum, [ch, r, s, w]) => sum + w * x.data[(ch * x.height + r) * x.width + s]!,
          0,
        );
        y.data[(c * height + i) * width + j] = value;
      }
    }
  }
  return y;
}
