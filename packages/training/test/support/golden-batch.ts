// The weights and the batch that the reference results of training were computed with.
import type { HoverNetConfig, StateDict } from '@hovernet/model';
import { listTensors } from '@hovernet/model/internal';
import { createNoiseWeights, goldenImage } from '@hovernet/testing';
import type { TrainBatch } from '@hovernet/transforms';

/** The reference's noise weights for any configuration. */
export function goldenWeights(config: HoverNetConfig): StateDict {
  return createNoiseWeights(listTensors(config));
}

/** A batch of one image with discs of radius 7 every 20 pixels as targets, types 1–4 in turn. */
export function goldenBatch(): TrainBatch {
  const side = 164;
  const area = side * side;
  const np = new Float32Array(2 * area);
  const hv = new Float32Array(2 * area);
  const nc = new Float32Array(5 * area);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dy, dx] = [(y % 20) - 9.5, (x % 20) - 9.5];
      const inside = dy * dy + dx * dx <= 49;
      const type = inside ? 1 + ((Math.floor(y / 20) + Math.floor(x / 20)) % 4) : 0;
      const at = y * side + x;
      np[(inside ? area : 0) + at] = 1;
      nc[type * area + at] = 1;
      if (!inside) continue;
      hv[at] = dx / 7;
      hv[area + at] = dy / 7;
    }
  }
  const output = (channels: number) => [1, channels, side, side] as const;
  const shapes = { image: [1, 3, 256, 256], np: output(2), hv: output(2), nc: output(5) } as const;
  return { image: goldenImage(256), np, hv, nc, shapes };
}
