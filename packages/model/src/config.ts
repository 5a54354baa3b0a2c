// The shape of a HoVer-Net as plain data: what is built, not where its weights are.
import { ArgumentError, type Reference } from '@hovernet/core';
import { presets, type PresetName } from './presets.js';

/** `fast`: 3×3 decoder kernels, 256 → 164 px; `original`: 5×5 decoder kernels, unpadded stem, 270 → 80 px. */
export type NetworkMode = 'fast' | 'original';

/** Everything that decides the architecture. Channel counts of the paper's network in parentheses. */
export interface HoverNetConfig {
  readonly mode: NetworkMode;
  /**
   * Whose graph the weights belong to; the state dict is the same, the function is not. `monai`: bilinear upsampling, strided
   * convolutions that look back (rows 2i−2…2i). `hover_net`: nearest upsampling, strided convolutions that look ahead (rows
   * 2i…2i+2).
   */
  readonly reference: Reference;
  /** Channels of the input image (3). */
  readonly inChannels: number;
  /** Channels of the type branch, background included: 0 (no type branch) or 2…128. */
  readonly outClasses: number;
  /** Channels of the nucleus pixel branch (2). */
  readonly npOutChannels: number;
  /** Channels after the first convolution (64). */
  readonly stemChannels: number;
  /**
   * 2: the first convolution halves the image, everything works at half resolution, and the heads end with a transposed
   * convolution that gives the image's resolution back. A quarter of the work of 1, the paper's.
   */
  readonly stemStride: 1 | 2;
  /** Inner channels of the four residual stages (64, 128, 256, 512); a stage gives four times as many. */
  readonly stageChannels: readonly [number, number, number, number];
  /** Residual units of the four stages (3, 4, 6, 3). */
  readonly units: readonly [number, number, number, number];
  /** Dense units of a branch's two decoder blocks (8, 4). */
  readonly denseUnits: readonly [number, number];
  /** Channels that one dense unit adds (32). */
  readonly growth: number;
  /** Channels inside a dense unit (128). */
  readonly denseBottleneck: number;
  /** Groups of a dense unit's second convolution (4); divides `growth` and `denseBottleneck`. */
  readonly groups: number;
  /** Channels of a branch's head (64). */
  readonly headChannels: number;
  /**
   * Pads the decoder's convolutions, so that the output is as large as the input.
   * As in MONAI, `reference: 'monai'` then leaves out the two outer skip connections.
   */
  readonly decoderPadding: boolean;
  /** Probability of channel dropout at the end of every residual unit while training, 0…1. */
  readonly dropout: number;
}

/** A preset, scaled in width, with single values replaced. */
export interface HoverNetOptions extends Partial<HoverNetConfig> {
  /** @default 'base' */
  readonly preset?: PresetName;
  /** Multiplies the preset's channel counts and rounds them to multiples of 8; none falls below 8 that was not. @default 1 */
  readonly width?: number;
}

/**
 * Completes and checks `options`.
 * @throws ArgumentError naming the field and what it may be.
 */
export function resolveConfig(options: HoverNetOptions = {}): HoverNetConfig {
  const { preset = 'base', width = 1, ...overrides } = options;
  assertOneOf('preset', preset, Object.keys(presets));
  const base = presets[preset];
  if (!(Number.isFinite(width) && width > 0)) fail('width', 'a positive number', width);
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  for (const [key] of given) {
    if (!Object.hasOwn(base, key)) fail(key, `one of the fields ${Object.keys(base).join(', ')}`, key);
  }
  const config: HoverNetConfig = { ...scaleWidth(base, width), ...Object.fromEntries(given) };
  assertConfig(config);
  return config;
}

/** Kernel size of the decoder's spatial convolutions. */
export function decoderKernelSize(config: HoverNetConfig): number {
  return config.mode === 'fast' ? 3 : 5;
}

function scaleWidth(config: HoverNetConfig, width: number): HoverNetConfig {
  if (width === 1) return config;
  const scale = (channels: number) => Math.max(Math.min(channels, 8), Math.round((channels * width) / 8) * 8);
  const [first, second, third, fourth] = config.stageChannels;
  return {
    ...config,
    stemChannels: scale(config.stemChannels),
    stageChannels: [scale(first), scale(second), scale(third), scale(fourth)],
    growth: scale(config.growth),
    denseBottleneck: scale(config.denseBottleneck),
    headChannels: scale(config.headChannels),
  };
}

function assertConfig(config: HoverNetConfig): void {
  assertOneOf('mode', config.mode, ['fast', 'original']);
  assertOneOf('reference', config.reference, ['monai', 'hover_net']);
  const counts = ['inChannels', 'stemChannels', 'growth', 'denseBottleneck', 'groups', 'headChannels'] as const;
  for (const field of counts) if (!isCount(config[field])) fail(field, 'an integer ≥ 1', config[field]);
  if (config.stemStride !== 1 && config.stemStride !== 2) fail('stemStride', '1 or 2', config.stemStride);
  if (config.stemStride === 2 && config.mode !== 'fast')
    fail('stemStride', '1 with the mode original', config.stemStride);
  assertCounts('stageChannels', config.stageChannels, 4);
  assertCounts('units', config.units, 4);
  assertCounts('denseUnits', config.denseUnits, 2);
  const { outClasses, npOutChannels, growth, denseBottleneck, groups, dropout, decoderPadding } = config;
  if (!isCount(npOutChannels) || npOutChannels < 2) fail('npOutChannels', 'an integer ≥ 2', npOutChannels);
  if (outClasses !== 0 && !(isCount(outClasses) && outClasses >= 2 && outClasses <= 128)) {
    fail('outClasses', '0 (no type branch) or an integer from 2 to 128, background included', outClasses);
  }
  if (growth % groups !== 0 || denseBottleneck % groups !== 0) {
    fail('groups', `a divisor of growth ${growth} and denseBottleneck ${denseBottleneck}`, groups);
  }
  if (typeof decoderPadding !== 'boolean') fail('decoderPadding', 'true or false', decoderPadding);
  if (!(typeof dropout === 'number' && dropout >= 0 && dropout <= 1)) fail('dropout', 'a number from 0 to 1', dropout);
}

function assertOneOf(field: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) fail(field, `one of ${allowed.join(', ')}`, value);
}

function assertCounts(field: string, value: readonly number[], length: number): void {
  const fits = Array.isArray(value) && value.length === length && value.every(isCount);
  if (!fits) fail(field, `${length} integers ≥ 1`, value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}

function fail(field: string, expected: string, actual: unknown): never {
  throw new ArgumentError(`resolveConfig: ${field}: expected ${expected}, got ${JSON.stringify(actual)}`);
}
