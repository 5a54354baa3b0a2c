// One decoder branch: two blocks of densely connected units, each upsampled onto a skip, then a head.
import { decoderKernelSize, type HoverNetConfig } from './config.js';
import { stageExpansion, type EncoderOutput } from './encoder.js';
import type {
  ConvolutionLayer,
  LayerOperations,
  LayerRegistry,
  NormalizationLayer,
  UpconvolutionLayer,
} from './layers.js';

interface DenseUnit {
  readonly preactivation: NormalizationLayer;
  readonly conv1: ConvolutionLayer;
  readonly norm1: NormalizationLayer;
  readonly conv2: ConvolutionLayer;
}

interface DecoderBlock {
  readonly conva: ConvolutionLayer;
  readonly units: readonly DenseUnit[];
  readonly activation: NormalizationLayer;
  /** Gives as many channels as the skip that is added next; at the paper's widths it has as many already. */
  readonly convf: ConvolutionLayer;
}

export interface DecoderBranch {
  /** Name of the branch in the state dict, for example `nucleus_prediction`. */
  readonly name: string;
  readonly blocks: readonly [DecoderBlock, DecoderBlock];
  readonly head: {
    readonly conva: ConvolutionLayer;
    readonly norm: NormalizationLayer;
    /** Doubles the resolution where the stem halved it. */
    readonly conv: ConvolutionLayer | UpconvolutionLayer;
  };
  /** False where MONAI's padded decoder drops the skips of the first two stages. */
  readonly addsOuterSkips: boolean;
}

/** What a branch is called and how many channels it gives. */
export interface BranchOutline {
  readonly name: string;
  readonly outChannels: number;
}

export function declareBranch(registry: LayerRegistry, config: HoverNetConfig, outline: BranchOutline): DecoderBranch {
  const { name, outChannels } = outline;
  const [first, second] = [0, 1].map((index) => declareBlock(registry, config, { branch: name, index }));
  const kernelSize = decoderKernelSize(config);
  const inChannels = config.stageChannels[0] * stageExpansion;
  const { headChannels } = config;
  const prefix = `${name}.output_features`;
  const head = {
    conva: registry.convolution(`${prefix}.decoderblock3.conva`, { inChannels, outChannels: headChannels, kernelSize }),
    norm: registry.normalization(`${prefix}.decoderblock4.bn`, headChannels),
    conv:
      config.stemStride === 2
        ? registry.upconvolution(`${prefix}.decoderblock4.conv`, { inChannels: headChannels, outChannels })
        : registry.convolution(`${prefix}.decoderblock4.conv`, { inChannels: headChannels, outChannels, bias: true }),
  };
  const addsOuterSkips = !(config.decoderPadding && config.reference === 'monai');
  return { name, blocks: [first!, second!], head, addsOuterSkips };
}

/** `top` is the upsampled bottleneck, which all branches share. */
export function runBranch<Value>(
  branch: DecoderBranch,
  operations: LayerOperations<Value>,
  features: { readonly top: Value; readonly skips: EncoderOutput<Value>['skips'] },
): Value {
  const { name, blocks, head } = branch;
  const [outer, middle, inner] = features.skips;
  const addSkip = (value: Value, skip: Value) =>
    branch.addsOuterSkips ? operations.add(value, operations.cropLike(skip, value)) : value;

  const first = operations.scope(() => runBlock(blocks[0], operations, operations.add(features.top, inner)));
  operations.observe(`${name}.decoderblock1`, first);
  const second = operations.scope(() => runBlock(blocks[1], operations, addSkip(operations.upsample(first), middle)));
  operations.observe(`${name}.decoderblock2`, second);
  const third = operations.scope(() => operations.convolve(head.conva, addSkip(operations.upsample(second), outer)));
  operations.observe(`${name}.decoderblock3`, third);
  const result = operations.scope(() => {
    const activated = operations.normalizeActivate(head.norm, third);
    return head.conv.kind === 'upconvolution'
      ? operations.convolveUp(head.conv, activated)
      : operations.convolve(head.conv, activated);
  });
  operations.observe(`${name}.decoderblock4`, result);
  return result;
}

function declareBlock(
  registry: LayerRegistry,
  config: HoverNetConfig,
  position: { readonly branch: string; readonly index: number },
): DecoderBlock {
  const { growth, denseBottleneck, groups } = config;
  const prefix = `${position.branch}.decoder_blocks.decoderblock${position.index + 1}`;
  const spatial = { kernelSize: decoderKernelSize(config), padding: config.decoderPadding ? 'same' : 'valid' } as const;
  const reduced = config.stageChannels[2 - position.index]!;
  const conva = registry.convolution(`${prefix}.conva`, {
    inChannels: reduced * stageExpansion,
    outChannels: reduced,
    ...spatial,
  });
  const units = Array.from({ length: config.denseUnits[position.index]! }, (_, unit): DenseUnit => {
    const name = `${prefix}.denselayerdecoder${unit + 1}.layers`;
    const channels = reduced + unit * growth;
    return {
      preactivation: registry.normalization(`${name}.preact_bna/bn`, channels),
      conv1: registry.convolution(`${name}.conv1`, { inChannels: channels, outChannels: denseBottleneck }),
      norm1: registry.normalization(`${name}.conv1/norm`, denseBottleneck),
      conv2: registry.convolution(`${name}.conv2`, {
        inChannels: denseBottleneck,
        outChannels: growth,
        groups,
        ...spatial,
      }),
    };
  });
  const channels = reduced + units.length * growth;
  const skipChannels = config.stageChannels[1 - position.index]! * stageExpansion;
  const activation = registry.normalization(`${prefix}.bna_block.bn`, channels);
  const convf = registry.convolution(`${prefix}.convf`, { inChannels: channels, outChannels: skipChannels });
  return { conva, units, activation, convf };
}

function runBlock<Value>(block: DecoderBlock, operations: LayerOperations<Value>, input: Value): Value {
  let value = operations.convolve(block.conva, input);
  for (const unit of block.units) {
    const before = value;
    value = operations.scope(() => runDenseUnit(unit, operations, before));
  }
  return operations.convolve(block.convf, operations.normalizeActivate(block.activation, value));
}

function runDenseUnit<Value>(unit: DenseUnit, operations: LayerOperations<Value>, input: Value): Value {
  let added = operations.convolve(unit.conv1, operations.normalizeActivate(unit.preactivation, input));
  added = operations.convolve(unit.conv2, operations.normalizeActivate(unit.norm1, added));
  return operations.concatenate(operations.cropLike(input, added), added);
}
