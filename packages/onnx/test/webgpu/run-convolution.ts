// One convolution as a graph, run by a provider of ONNX Runtime.
import { hashNoise } from '@hovernet/testing';
import * as runtime from 'onnxruntime-node';
import { encodeModel } from '../../src/encode-model.js';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';

export interface Convolution {
  readonly op: 'Conv' | 'ConvTranspose';
  readonly groups: number;
  /** Of all groups. */
  readonly channels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  /** @default none */
  readonly bias?: boolean;
}

const [batch, height, width] = [2, 7, 9];

/** Graph with the inputs x, filter and, where it has one, bias, and the output y. */
export function convolutionGraph({ op, groups, channels, outChannels, kernel, stride, bias }: Convolution): OnnxGraph {
  const builder = new GraphBuilder();
  const inputs = [builder.input('x', 'float32', [batch, channels, height, width])];
  const filterChannels = op === 'Conv' ? [outChannels, channels / groups] : [channels, outChannels / groups];
  inputs.push(builder.input('filter', 'float32', [...filterChannels, kernel, kernel]));
  if (bias) inputs.push(builder.input('bias', 'float32', [outChannels]));
  const before = Math.floor(kernel / 2);
  const y = builder.emit(op, inputs, {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [before, before, before, before],
    group: groups,
  });
  const size = (length: number) =>
    op === 'Conv'
      ? Math.floor((length + 2 * before - kernel) / stride) + 1
      : (length - 1) * stride + kernel - 2 * before;
  builder.output('y', y, 'float32', [batch, outChannels, size(height), size(width)]);
  return builder.finish();
}

/** The output of `graph` over hash noise. */
export async function runGraph(graph: OnnxGraph, provider: 'cpu' | 'webgpu'): Promise<Float32Array> {
  const session = await runtime.InferenceSession.create(encodeModel(graph), {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  const feeds = graph.inputs.map(({ name, dims }, seed) => {
    const size = dims.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, (_, i) => hashNoise(i, seed));
    return [name, new runtime.Tensor('float32', data, dims)] as const;
  });
  const { y } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return y!.data as Float32Array;
}

/** Whether the provider is to be had; its first line of complaint otherwise. */
export async function whyNoWebgpu(): Promise<string> {
  const graph = convolutionGraph({ op: 'Conv', groups: 1, channels: 1, outChannels: 1, kernel: 1, stride: 1 });
  return runGraph(graph, 'webgpu').then(
    () => '',
    (error: Error) => error.message.split('\n')[0]!,
  );
}
