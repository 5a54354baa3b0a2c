// The loss and its gradients on every engine of this machine, against MONAI's, computed in float64.
import { computeHoverNetLoss, type HoverNetMaps, type LossTerms } from '@hovernet/losses';
import { createOnnxEngine } from '@hovernet/onnx/node';
import { NCHW, type Engine, type HostData, type Program, type TensorSpec } from '@hovernet/ops';
import { openEagerEngine } from '@hovernet/ops/node';
import {
  hasReference,
  maxDifference,
  readNpy,
  readReferenceJson,
  referencePath,
  useSoftwareVulkan,
} from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface GoldenCase {
  readonly lambda_hv_mse: number;
  readonly type_branch: boolean;
  readonly all_background: boolean;
  readonly terms: Record<string, number>;
}

interface ChannelFirst {
  readonly data: Float32Array;
  /** `[batch, channels, height, width]` */
  readonly shape: readonly number[];
}

const branches = { np: 'nucleus_prediction', hv: 'horizontal_vertical', nc: 'type_prediction' } as const;
type Branch = keyof typeof branches;

const termNames: Record<keyof LossTerms, string> = {
  npCrossEntropy: 'ce_np',
  npDice: 'dice_np',
  hvMse: 'hv_mse_unweighted',
  hvGradientMse: 'hv_msge',
  ncCrossEntropy: 'ce_nc',
  ncDice: 'dice_nc',
};

const engines: readonly (readonly [string, () => Promise<Engine>])[] = [
  ['onnx/cpu', () => Promise.resolve(createOnnxEngine({ threads: 1, thread: 'calling' }))],
  ['onnx/webgpu', () => Promise.resolve(createOnnxEngine({ providers: ['webgpu'] }))],
  ...(['cpu', 'wasm', 'webgpu', 'tensorflow'] as const).map((backend): [string, () => Promise<Engine>] => [
    `tfjs/${backend}`,
    () => openEagerEngine({ backend }),
  ]),
];

describe.skipIf(!hasReference('golden/losses')).each(engines)('computeHoverNetLoss on %s', (_, open) => {
  it.for(['lambda1', 'lambda2', 'lambda1_notype', 'all_background'])(
    'equals MONAI to 1e-5: %s',
    async (name, { skip }) => {
      useSoftwareVulkan();
      const golden = readReferenceJson<Record<string, GoldenCase>>('golden/losses/losses.json')[name]!;
      const [outputs, targets] = readMaps(golden);
      const program = createLossProgram(outputs, targets, golden.lambda_hv_mse);
      const executable = await open()
        .then((engine) => engine.compile(program))
        .catch((error: Error) => skip(`not on this machine: ${error.message.split('\n')[0]}`));
      const results = await executable.run({ ...feedsOf('output', outputs), ...feedsOf('target', targets) });
      await executable.dispose();

      expect(results['total']!.data[0]! / golden.terms['total']!).toBeCloseTo(1, 5);
      for (const term of Object.keys(termNames).slice(0, golden.type_branch ? 6 : 4)) {
        const expected = golden.terms[termNames[term as keyof LossTerms]]!;
        const difference = Math.abs(results[`term/${term}`]!.data[0]! - expected);
        expect(difference, term).toBeLessThanOrEqual(1e-5 * Math.abs(expected));
      }
      for (const branch of Object.keys(outputs) as Branch[]) {
        const { data: expected } = readArray(gradientFile(name, branch));
        const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
        const { data } = results[`gradient/${branch}`]!;
        expect(maxDifference(data, expected).value / largest, branch).toBeLessThan(1e-5);
      }
    },
  );
});

type Maps = Partial<Record<Branch, ChannelFirst>>;

function createLossProgram(outputs: Maps, targets: Maps, hvMse: number): Program {
  const names = Object.keys(outputs) as Branch[];
  return {
    name: 'loss',
    inputs: [...specsOf('output', outputs), ...specsOf('target', targets)],
    outputLayout: (_, rank) => (rank === 4 ? NCHW : undefined),
    run(tensors) {
      const pick = (kind: string, given: Maps) =>
        Object.fromEntries(
          Object.keys(given).map((name) => [name, tensors[`${kind}/${name}`]]),
        ) as unknown as HoverNetMaps;
      const loss = (maps: HoverNetMaps) => computeHoverNetLoss(maps, pick('target', targets), { hvMse });
      const { total, terms } = loss(pick('output', outputs));
      const gradients = tf.grads(
        (...values) =>
          loss(Object.fromEntries(names.map((name, at) => [name, values[at]!])) as unknown as HoverNetMaps).total,
      )(names.map((name) => tensors[`output/${name}`]!));
      return {
        total,
        ...Object.fromEntries(Object.entries(terms).map(([name, term]) => [`term/${name}`, term as tf.Scalar])),
        ...Object.fromEntries(names.map((name, at) => [`gradient/${name}`, gradients[at]!])),
      };
    },
  };
}

function specsOf(kind: string, maps: Maps): TensorSpec[] {
  return Object.entries(maps).map(([name, { shape }]) => {
    const [batch, channels, height, width] = shape as [number, number, number, number];
    return { name: `${kind}/${name}`, shape: [batch, height, width, channels], dtype: 'float32', layout: NCHW };
  });
}

function feedsOf(kind: string, maps: Maps): Record<string, HostData> {
  return Object.fromEntries(Object.entries(maps).map(([name, { data }]) => [`${kind}/${name}`, data]));
}

function readMaps(golden: GoldenCase): [Maps, Maps] {
  const clear = (map: ChannelFirst) => (golden.all_background ? { ...map, data: map.data.map(() => 0) } : map);
  const targets = {
    np: oneHot(clear(readArray('target_mask.npy')), 2),
    hv: clear(readArray('target_hv.npy')),
    nc: oneHot(clear(readArray('target_type.npy')), 5),
  };
  const outputs = { np: readArray('pred_np.npy'), hv: readArray('pred_hv.npy') };
  if (!golden.type_branch) return [outputs, { np: targets.np, hv: targets.hv }];
  return [{ ...outputs, nc: readArray('pred_nc.npy') }, targets];
}

/** Class indices `[batch, height, width]`, channel first. */
function oneHot({ data, shape }: ChannelFirst, classes: number): ChannelFirst {
  const [batch, height, width] = shape as [number, number, number];
  const plane = height * width;
  const result = new Float32Array(data.length * classes);
  data.forEach((index, at) => (result[(Math.floor(at / plane) * classes + index) * plane + (at % plane)] = 1));
  return { data: result, shape: [batch, classes, height, width] };
}

/** Gradients that equal those of another case are stored once. */
function gradientFile(name: string, branch: Branch): string {
  const same = name === 'lambda1_notype' || (name === 'lambda2' && branch !== 'hv');
  return `grad_${same ? 'lambda1' : name}_${branches[branch]}.npy`;
}

function readArray(file: string): ChannelFirst {
  const { data, shape } = readNpy(Uint8Array.from(readFileSync(referencePath(`golden/losses/${file}`))));
  return { data: Float32Array.from(data as Float32Array), shape };
}
