// What an ONNX model of this project says of itself.
import { WeightsError } from '@hovernet/core';
import { parseConfig, type Appearance, type WeightsDescription } from '@hovernet/model/architecture';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import type { NetworkDescription } from './onnx-network.js';

/** What weights ask of those who use them. */
export interface WeightsAdvice {
  /** Options of post-processing that suit them. */
  readonly postprocess?: SegmentNucleiOptions | undefined;
  /** What the images that they were trained on look like. */
  readonly appearance?: Appearance | undefined;
}

/**
 * The network, classes, resolution and advice that `metadata` of the model called `name` hold.
 * @throws WeightsError for a model that another project made.
 */
export function describeModel(
  metadata: Readonly<Record<string, string>>,
  name: string,
): NetworkDescription & { readonly advice: WeightsAdvice } {
  const description = parseConfig(metadata, name);
  const { config, classes, mpp = null } = description;
  return { config, classes, mpp, advice: readAdvice(description, name) };
}

const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
  normalization: (value) => value === 'fixed' || value === 'tile',
  reference: (value) => value === 'monai' || value === 'hover_net',
  markerThreshold: (value) => typeof value === 'number' && value > 0 && value < 1,
  sobelKernelSize: (value) => Number.isInteger(value) && (value as number) % 2 === 1 && (value as number) >= 3,
  markerRadiusPx: (value) => Number.isInteger(value) && (value as number) >= 0,
  minObjectAreaPx: (value) => Number.isInteger(value) && (value as number) >= 0,
};

/**
 * What a weight file asks of its users. `name` opens errors.
 * @throws WeightsError for options of post-processing that do not exist or have no such value.
 */
export function readAdvice(
  { postprocess, appearance }: Pick<WeightsDescription, 'postprocess' | 'appearance'>,
  name: string,
): WeightsAdvice {
  for (const [option, value] of Object.entries(postprocess ?? {})) {
    if (checks[option]?.(value)) continue;
    const known = Object.keys(checks).join(', ');
    throw new WeightsError(
      `${name}: expected options of post-processing among ${known}, got ${option} ${JSON.stringify(value)} in its metadata`,
    );
  }
  return { ...(postprocess && { postprocess }), ...(appearance && { appearance }) };
}

/** The last part of a path or address. */
export function nameWeights(address: string): string {
  return (
    address
      .replace(/[?#].*$/, '')
      .split(/[\\/]/)
      .at(-1) || address
  );
}
