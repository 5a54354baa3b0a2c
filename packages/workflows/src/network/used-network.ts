// Which network a workflow really ran: recorded with its results and in its saved configuration.
import { presets, type HoverNetConfig, type PresetName } from '@hovernet/model/architecture';
import type { HovernetConfiguration } from '../config/configuration.js';

/** As results and saved configurations say it. */
export interface UsedNetwork {
  /** `path` as `weights` names them; `sha256` of their bytes. */
  readonly weights: { readonly path: string; readonly sha256: string | null };
  /** null for a network of other widths and depths than any preset. */
  readonly preset: PresetName | null;
  readonly mode: HoverNetConfig['mode'];
  readonly out_classes: number;
  /** Side of the windows in pixels; null where it follows from the size of the image. */
  readonly window_px: number | null;
}

const sizes = ['stemChannels', 'stemStride', 'stageChannels', 'units', 'denseUnits', 'growth', 'headChannels'] as const;

/** What is to be recorded of a network. */
export function describeUse(
  weights: { readonly name: string; readonly sha256: string | null },
  architecture: HoverNetConfig,
  windowPx: unknown,
): UsedNetwork {
  const { mode, outClasses } = architecture;
  return {
    weights: { path: weights.name, sha256: weights.sha256 },
    preset: findPreset(architecture),
    mode,
    out_classes: outClasses,
    window_px: typeof windowPx === 'number' ? windowPx : null,
  };
}

function findPreset(architecture: HoverNetConfig): PresetName | null {
  const sizesOf = (config: HoverNetConfig) => JSON.stringify(sizes.map((name) => config[name]));
  const names = Object.keys(presets) as PresetName[];
  return names.find((name) => sizesOf(presets[name]) === sizesOf(architecture)) ?? null;
}

/** `config` with a document that asks for what was used, so that it computes the same again. */
export function recordUse(config: HovernetConfiguration, used: UsedNetwork): HovernetConfiguration {
  const { weights, preset, mode, out_classes, window_px } = used;
  const { network_def: network = {}, ...document } = config.document;
  return {
    ...config,
    document: {
      ...document,
      weights: weights.path,
      window_size: window_px ?? document['window_size']!,
      network_def: { ...(network as object), ...(preset !== null && { preset }), mode, out_classes },
      _used_: { ...used, weights: { ...weights } },
    },
  };
}
