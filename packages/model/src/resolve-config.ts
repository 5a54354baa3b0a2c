// From a preset and single values to a whole configuration.
import { ArgumentError } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import { presets, type PresetName } from './presets.js';

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
