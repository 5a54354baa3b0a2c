// Which HoVer-Net a set of tensors is of, told by their shapes.
import { ArgumentError, type Reference, WeightsError } from '@hovernet/core';
import type { StoredTensor } from '@hovernet/files';
import type { HoverNetConfig, NetworkMode } from '../config.js';
import { resolveConfig } from '../resolve-config.js';

export interface InferConfigOptions {
  /** Whose graph the weights belong to, which no shape tells. @default 'monai' */
  readonly reference?: Reference;
  /** Names the file in errors. @default 'inferConfig' */
  readonly source?: string;
}

type Tensors = ReadonlyMap<string, StoredTensor>;

const modes: Readonly<Record<number, NetworkMode>> = { 3: 'fast', 5: 'original' };

/**
 * The configuration of a whole network, from its tensors under the names of the state dict: mode, classes, widths,
 * numbers of units. `decoderPadding` and `dropout` leave no trace in the shapes; they are false and 0.
 * Looks at few of the tensors; `loadStateDict` compares them all.
 * @throws WeightsError naming the tensor that is missing or whose shape no HoVer-Net has.
 */
export function inferConfig(tensors: Tensors, options: InferConfigOptions = {}): HoverNetConfig {
  const { reference = 'monai', source = 'inferConfig' } = options;
  const reader = new ShapeReader(tensors, source);
  const stem = reader.filter('conv0.conv');
  const block = 'nucleus_prediction.decoder_blocks.decoderblock1';
  const dense = `${block}.denselayerdecoder1.layers`;
  const { kernelSize } = reader.filter(`${block}.conva`);
  const mode = modes[kernelSize];
  if (!mode) reader.fail(`${block}.conva.weight has a kernel of ${kernelSize}; expected 3 (fast) or 5 (original)`);
  const denseBottleneck = reader.filter(`${dense}.conv1`).outChannels;
  const { outChannels: growth, inChannels: groupWidth } = reader.filter(`${dense}.conv2`);
  const { transposed } = reader.head('nucleus_prediction');
  try {
    return resolveConfig({
      mode,
      reference,
      inChannels: stem.inChannels,
      outClasses: tensors.has(`${headOf('type_prediction')}.weight`) ? reader.head('type_prediction').outChannels : 0,
      npOutChannels: reader.head('nucleus_prediction').outChannels,
      stemChannels: stem.outChannels,
      stemStride: transposed ? 2 : 1,
      stageChannels: mapStages((stage) => reader.filter(`${stagePrefix(stage)}0.layers.conv1`).outChannels),
      units: countEncoderUnits(tensors),
      denseUnits: [countDenseUnits(tensors, 1), countDenseUnits(tensors, 2)],
      growth,
      denseBottleneck,
      groups: denseBottleneck / groupWidth,
      headChannels: reader.filter('nucleus_prediction.output_features.decoderblock3.conva').outChannels,
    });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new WeightsError(`${source}: its shapes are of no HoVer-Net (${error.message})`, { cause: error });
  }
}

/** Residual units of the four stages in the tensors of an encoder. */
export function countEncoderUnits(tensors: Tensors): [number, number, number, number] {
  return mapStages((stage) => countFrom(tensors, 0, (unit) => `${stagePrefix(stage)}${unit}.layers.conv1.weight`));
}

class ShapeReader {
  constructor(
    private readonly tensors: Tensors,
    private readonly source: string,
  ) {}

  /** Channels and kernel size of the convolution `name`; `inChannels` are those of a group. */
  filter(name: string): { readonly outChannels: number; readonly inChannels: number; readonly kernelSize: number } {
    const shape = this.tensors.get(`${name}.weight`)?.shape;
    if (!shape) this.fail(`${name}.weight is missing`);
    const [outChannels, inChannels, kernelSize] = shape;
    if (shape.length !== 4) this.fail(`${name}.weight has ${shape.length} axes; expected four`);
    return { outChannels: outChannels!, inChannels: inChannels!, kernelSize: kernelSize! };
  }

  /** What a branch gives, and whether by a transposed convolution: 2×2 and with its axes of channels exchanged. */
  head(branch: string): { readonly outChannels: number; readonly transposed: boolean } {
    const { outChannels, inChannels, kernelSize } = this.filter(headOf(branch));
    const transposed = kernelSize === 2;
    return { outChannels: transposed ? inChannels : outChannels, transposed };
  }

  fail(problem: string): never {
    throw new WeightsError(`${this.source}: expected a HoVer-Net, but ${problem}`);
  }
}

function headOf(branch: string): string {
  return `${branch}.output_features.decoderblock4.conv`;
}

function stagePrefix(stage: number): string {
  return `res_blocks.d${stage}.layers.denselayer_`;
}

function mapStages(read: (stage: number) => number): [number, number, number, number] {
  return [read(0), read(1), read(2), read(3)];
}

function countDenseUnits(tensors: Tensors, block: number): number {
  const prefix = `nucleus_prediction.decoder_blocks.decoderblock${block}.denselayerdecoder`;
  return countFrom(tensors, 1, (unit) => `${prefix}${unit}.layers.conv1.weight`);
}

function countFrom(tensors: Tensors, first: number, nameOf: (index: number) => string): number {
  let index = first;
  while (tensors.has(nameOf(index))) index++;
  return index - first;
}
