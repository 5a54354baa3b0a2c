// Whether an image looks like those that the weights were trained on: the colour of its tissue, the size of its nuclei.
import type { NucleiSink } from '@hovernet/core';
import type { Appearance } from '@hovernet/model/architecture';
import type { StainGain } from '@hovernet/transforms';
import type { StainSummary } from './sources/stain-source.js';

/** Factors between an image's densities and the reference's, from which on to warn: as it is, and with a gain. */
const densityLimits = { none: 1.5, half: 3, full: 3 } as const;
/** Factor between sizes of nuclei from which on to warn. */
const sizeLimit = 1.3;
/** Fewer nuclei say nothing of their size. */
const fewestNuclei = 50;
/** Sizes are counted in quarters of a pixel up to 256 px. */
const bins = 1024;

/** A sink that measures the sizes of nuclei, √(width × height) of their boxes. */
export interface SizeMeter extends NucleiSink {
  /** In pixels of the image; null of fewer than 50 nuclei. */
  median(): number | null;
}

export function createSizeMeter(): SizeMeter {
  const counts = new Uint32Array(bins);
  let total = 0;
  return {
    begin: () => Promise.resolve(),
    committed: () => Promise.resolve(new Set()),
    commit(_cell, { boxes, count }) {
      for (let i = 0; i < 4 * count; i += 4) {
        const size = Math.sqrt((boxes[i + 2]! - boxes[i]!) * (boxes[i + 3]! - boxes[i + 1]!));
        counts[Math.min(bins - 1, Math.round(4 * size))]!++;
      }
      total += count;
      return Promise.resolve();
    },
    finish: () => Promise.resolve(),
    abort: () => Promise.resolve(),
    median() {
      if (total < fewestNuclei) return null;
      let bin = 0;
      for (let seen = counts[0]!; 2 * seen < total; seen += counts[bin]!) bin++;
      return bin / 4;
    },
  };
}

export interface ImageAppearance {
  readonly stains: StainSummary | null;
  readonly gain: StainGain;
  /** Median size of nuclei in pixels at the network's resolution; null where unknown. */
  readonly nucleusPx: number | null;
  /** Micrometres per pixel of the image; null where unknown. */
  readonly mpp: number | null;
}

/** A sentence, without the image's name, for everything in which an image differs too much from what the weights know. */
export function compareAppearance(
  { stains, gain, nucleusPx, mpp }: ImageAppearance,
  known: Appearance | undefined,
): string[] {
  const warnings: string[] = [];
  if (stains) {
    const shares = stains.density.map((density, channel) => density / stains.reference[channel]!);
    if (shares.some((share) => isFar(share, densityLimits[gain]))) {
      const seen = shares.map((share) => share.toFixed(2)).join(', ');
      const remedy = gain === 'none' ? 'use the stain gain (half or full)' : 'check the result by eye';
      warnings.push(
        `its stains are ${seen} times as dense (red, green, blue) as those that the weights know; ${remedy}`,
      );
    }
  }
  if (known && nucleusPx !== null && isFar(nucleusPx / known.nucleusPx, sizeLimit)) {
    const remedy = mpp === null ? 'give its resolution (mpp)' : `check its resolution (${mpp} µm per pixel)`;
    warnings.push(
      `its nuclei measure ${nucleusPx.toFixed(1)} px, those that the weights know ${known.nucleusPx.toFixed(1)} px; ${remedy}`,
    );
  }
  return warnings;
}

function isFar(share: number, limit: number): boolean {
  return share > limit || share < 1 / limit;
}
