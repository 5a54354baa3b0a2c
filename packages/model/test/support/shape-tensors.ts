// Tensors that are shapes only, for what looks at names and shapes.
import type { StoredTensor } from '@hovernet/files';

export type NamedShape = readonly [name: string, shape: readonly number[], dtype?: string];

/** Tensors without elements; counters are int64. */
export function createShapeTensors(shapes: readonly NamedShape[]): Map<string, StoredTensor> {
  return new Map(
    shapes.map(([name, shape]): [string, StoredTensor] => {
      if (name.endsWith('num_batches_tracked')) return [name, { dtype: 'int64', shape, data: new BigInt64Array(1) }];
      return [name, { dtype: 'float32', shape, data: new Float32Array(0) }];
    }),
  );
}

export interface ResnetShape {
  readonly units: readonly number[];
  /** Three convolutions in a unit, four times the channels at its end; else two and as many. @default true */
  readonly bottleneck?: boolean;
  /** Channels of the stem. @default 64 */
  readonly stem?: number;
  /** Inner channels of the layers. @default 64, 128, 256, 512 */
  readonly channels?: readonly number[];
  /** @default 1 */
  readonly groups?: number;
}

/** All entries of a ResNet in torchvision's order, with its classifier of 1000 classes. */
export function listResnetShapes(options: ResnetShape): NamedShape[] {
  const { units, bottleneck = true, stem = 64, channels = [64, 128, 256, 512], groups = 1 } = options;
  const expansion = bottleneck ? 4 : 1;
  const shapes: NamedShape[] = [['conv1.weight', [stem, 3, 7, 7]], ...listNorm('bn1', stem)];
  let input = stem;
  for (const [layer, count] of units.entries()) {
    const inner = channels[layer]!;
    const output = inner * expansion;
    for (let unit = 0; unit < count; unit++) {
      const name = `layer${layer + 1}.${unit}`;
      const filters = bottleneck
        ? [[inner, input, 1, 1], [inner, inner / groups, 3, 3], [output, inner, 1, 1]] // prettier-ignore
        : [[inner, input, 3, 3], [inner, inner, 3, 3]]; // prettier-ignore
      for (const [index, shape] of filters.entries()) {
        shapes.push([`${name}.conv${index + 1}.weight`, shape], ...listNorm(`${name}.bn${index + 1}`, shape[0]!));
      }
      const projected = unit === 0 && (layer > 0 || input !== output);
      if (projected) {
        shapes.push([`${name}.downsample.0.weight`, [output, input, 1, 1]]);
        shapes.push(...listNorm(`${name}.downsample.1`, output));
      }
      input = output;
    }
  }
  return [...shapes, ['fc.weight', [1000, input]], ['fc.bias', [1000]]];
}

function listNorm(name: string, channels: number): NamedShape[] {
  const vectors = ['weight', 'bias', 'running_mean', 'running_var'];
  const shapes = vectors.map((vector): NamedShape => [`${name}.${vector}`, [channels]]);
  return [...shapes, [`${name}.num_batches_tracked`, []]];
}
