// Encoder: pre-activation ResNet-50 without max-pooling, stride in stages 1–3 (Graham et al. 2019, section 3.1).
import type { HoverNetConfig } from './config.js';
import type { ConvolutionLayer, DropoutLayer, LayerOperations, LayerRegistry, NormalizationLayer } from './layers.js';

interface ResidualUnit {
  /** Absent in a stage's first unit. */
  readonly preactivation: NormalizationLayer | null;
  readonly conv1: ConvolutionLayer;
  readonly norm1: NormalizationLayer;
  readonly conv2: ConvolutionLayer;
  readonly norm2: NormalizationLayer;
  readonly conv3: ConvolutionLayer;
  /** Absent where nothing is dropped. */
  readonly dropout: DropoutLayer | null;
}

interface ResidualStage {
  readonly units: readonly ResidualUnit[];
  readonly shortcut: ConvolutionLayer;
  readonly activation: NormalizationLayer;
}

export interface Encoder {
  readonly stem: ConvolutionLayer;
  readonly stemNorm: NormalizationLayer;
  readonly stages: readonly ResidualStage[];
  readonly bottleneck: ConvolutionLayer;
}

/** What the decoder works on. */
export interface EncoderOutput<Value> {
  /** Results of the first three stages, at 1, 1/2 and 1/4 of the stem's size. */
  readonly skips: readonly [Value, Value, Value];
  /** The bottleneck at 1/8 of the stem's size, with as many channels as the third skip. */
  readonly bottleneck: Value;
}

/** A stage gives this many times its inner channels. */
export const stageExpansion = 4;

export function declareEncoder(registry: LayerRegistry, config: HoverNetConfig): Encoder {
  const { inChannels, stemChannels, stageChannels } = config;
  const stem = registry.convolution('conv0.conv', {
    inChannels,
    outChannels: stemChannels,
    kernelSize: 7,
    stride: config.stemStride,
    padding: config.mode === 'fast' ? 'same' : 'valid',
  });
  const stemNorm = registry.normalization('conv0.bn', stemChannels);
  const stages = stageChannels.map((_, index) => declareStage(registry, config, index));
  const bottleneck = registry.convolution('bottleneck.conv_bottleneck', {
    inChannels: stageChannels[3] * stageExpansion,
    outChannels: stageChannels[2] * stageExpansion,
  });
  return { stem, stemNorm, stages, bottleneck };
}

export function runEncoder<Value>(
  encoder: Encoder,
  operations: LayerOperations<Value>,
  image: Value,
): EncoderOutput<Value> {
  const stem = operations.scope(() => runStem(encoder, operations, image));
  operations.observe('conv0', stem);
  const results: Value[] = [];
  for (const [index, stage] of encoder.stages.entries()) {
    const result = operations.scope(() => runStage(stage, operations, results.at(-1) ?? stem));
    operations.observe(`d${index}`, result);
    results.push(result);
  }
  const [first, second, third, fourth] = results as [Value, Value, Value, Value];
  const bottleneck = operations.convolve(encoder.bottleneck, fourth);
  operations.observe('bottleneck', bottleneck);
  return { skips: [first, second, third], bottleneck };
}

function runStem<Value>({ stem, stemNorm }: Encoder, operations: LayerOperations<Value>, image: Value): Value {
  const result = operations.normalizeActivate(stemNorm, operations.convolve(stem, image));
  return stem.stride === 2 ? operations.trimToHalf(result, image) : result;
}

function declareStage(registry: LayerRegistry, config: HoverNetConfig, index: number): ResidualStage {
  const prefix = `res_blocks.d${index}`;
  const inner = config.stageChannels[index]!;
  const outChannels = inner * stageExpansion;
  const inChannels = index === 0 ? config.stemChannels : config.stageChannels[index - 1]! * stageExpansion;
  const stride = index === 0 ? 1 : 2;
  const units = Array.from({ length: config.units[index]! }, (_, unit): ResidualUnit => {
    const name = `${prefix}.layers.denselayer_${unit}.layers`;
    const first = unit === 0;
    return {
      preactivation: first ? null : registry.normalization(`${name}.preact/bn`, outChannels),
      conv1: registry.convolution(`${name}.conv1`, {
        inChannels: first ? inChannels : outChannels,
        outChannels: inner,
      }),
      norm1: registry.normalization(`${name}.conv1/bn`, inner),
      conv2: registry.convolution(`${name}.conv2`, {
        inChannels: inner,
        outChannels: inner,
        kernelSize: 3,
        stride: first ? stride : 1,
      }),
      norm2: registry.normalization(`${name}.conv2/bn`, inner),
      conv3: registry.convolution(`${name}.conv3`, { inChannels: inner, outChannels }),
      dropout: config.dropout > 0 ? registry.dropout(`${name}.dropout`, outChannels) : null,
    };
  });
  const shortcut = registry.convolution(`${prefix}.shortcut`, { inChannels, outChannels, stride });
  return { units, shortcut, activation: registry.normalization(`${prefix}.bna_block.bn`, outChannels) };
}

/**
 * Every unit is residual to the running sum; nothing is activated between the additions. As in MONAI, what a strided
 * convolution gave too much is cut at the unit's end, after it has counted in the statistics of its batch-norm.
 */
function runStage<Value>(stage: ResidualStage, operations: LayerOperations<Value>, input: Value): Value {
  const halves = stage.shortcut.stride === 2;
  const trim = (value: Value) => (halves ? operations.trimToHalf(value, input) : value);
  let sum = operations.scope(() => trim(operations.convolve(stage.shortcut, input)));
  let current = input;
  for (const [index, unit] of stage.units.entries()) {
    const before = sum;
    sum = operations.scope(() => {
      const change = runUnit(unit, operations, current);
      return operations.add(index === 0 ? trim(change) : change, before);
    });
    current = sum;
  }
  return operations.normalizeActivate(stage.activation, current);
}

function runUnit<Value>(unit: ResidualUnit, operations: LayerOperations<Value>, input: Value): Value {
  let value = unit.preactivation ? operations.normalizeActivate(unit.preactivation, input) : input;
  value = operations.normalizeActivate(unit.norm1, operations.convolve(unit.conv1, value));
  value = operations.normalizeActivate(unit.norm2, operations.convolve(unit.conv2, value));
  value = operations.convolve(unit.conv3, value);
  return unit.dropout ? operations.drop(unit.dropout, value) : value;
}
