// What a network is made of: stages, parameters, work.
import { resolveConfig, type HoverNetConfig, type HoverNetOptions } from '@hovernet/model';
import { summarizeNetwork } from '@hovernet/model/internal';
import { loadWeights, type Weights } from '@hovernet/model/node';
import { formatTable } from '../report/format-table.js';
import type { WorkflowOutcome } from '../workflow-context.js';

export interface NetworkChoice {
  /** Weights whose network is described; `options` are of no use then. */
  readonly weightsPath?: string | undefined;
  readonly options: HoverNetOptions;
  /** Side of the window. @default 256, in original mode 270 */
  readonly windowPx?: number | undefined;
}

/** Describes the network of a weight file or of options. Throws what reading the file or a window that does not fit throws. */
export async function describeNetwork({ weightsPath, options, windowPx }: NetworkChoice): Promise<WorkflowOutcome> {
  const weights = weightsPath === undefined ? undefined : await loadWeights(weightsPath);
  const config = weights?.config ?? resolveConfig(options);
  const summary = summarizeNetwork(config, windowPx ?? (config.mode === 'fast' ? 256 : 270));
  const { stages, tensors, parameters, trainableFrozen, macs, inputSize, outputSize } = summary;
  const document = {
    config: toDocument(config),
    stages,
    tensors,
    parameters,
    trainable_frozen: trainableFrozen,
    macs,
    window: inputSize,
    output: outputSize,
    ...(weights && { mpp: weights.mpp ?? null, postprocess: weights.postprocess, appearance: weights.appearance }),
  };
  const table = formatTable(
    ['stage', 'parameters', 'GMAC'],
    [...stages.map((stage) => [stage.stage, stage.parameters, stage.macs / 1e9]), ['total', parameters, macs / 1e9]],
    { digits: 2 },
  );
  const facts = [
    `mode ${config.mode}, reference ${config.reference}, ${describeClasses(config)}, ${tensors} tensors`,
    `window ${inputSize} px → output ${outputSize} px`,
    `${trainableFrozen} parameters are trained with the encoder frozen`,
    `${((4 * parameters) / 1e6).toFixed(1)} MB in float32`,
    ...(weights ? describeAdvice(weights) : []),
  ];
  return { document, summary: `${table}\n\n${facts.join('\n')}` };
}

function describeClasses({ outClasses }: HoverNetConfig): string {
  return outClasses === 0 ? 'no type branch' : `${outClasses} classes with background`;
}

/** A line for everything that the file asks of its users. */
function describeAdvice({ mpp, postprocess, appearance }: Weights): string[] {
  const options = Object.entries(postprocess ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    ...(mpp === undefined ? [] : [`trained at ${mpp} µm per pixel`]),
    ...(options.length === 0 ? [] : [`post-processing: ${options.join(', ')}`]),
    ...(appearance === undefined
      ? []
      : [
          `optical density of tissue ${appearance.density.join(', ')} (red, green, blue), nuclei ${appearance.nucleusPx} px (median)`,
        ]),
  ];
}

/** The configuration with the keys of configuration files. */
function toDocument(config: HoverNetConfig): Record<string, unknown> {
  const toSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [toSnakeCase(name), value]));
}
