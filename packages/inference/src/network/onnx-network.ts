// Weights that come as an ONNX model: no TensorFlow.js, one session. Batch, height and width may be free or fixed.
import { ShapeError } from '@hovernet/core';
import type { HostArray } from '@hovernet/ops/contract';
import { cropPlanes, listOutChannels, type TrainedNetwork } from './trained-network.js';

/** A model in a runtime: `image` `[batch, 3, height, width]` float32, 0…1, to `np`, `hv` and, with types, `nc`. */
export interface RunningModel {
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  run(feeds: Readonly<Record<string, HostArray>>): Promise<Readonly<Record<string, HostArray>>>;
  dispose(): Promise<void>;
}

/** What the model's metadata say of it. */
export type NetworkDescription = Pick<TrainedNetwork, 'config' | 'classes' | 'mpp'>;

/** A network over `model`, which it disposes of. */
export function createOnnxNetwork(model: RunningModel, { config, classes, mpp }: NetworkDescription): TrainedNetwork {
  const outChannels = listOutChannels(config);
  const [batch, , height] = model.inputs.find(({ name }) => name === 'image')?.shape ?? [];
  return {
    config,
    classes,
    mpp,
    inChannels: config.inChannels,
    ...(typeof height === 'number' && { windowPx: height }),
    ...(typeof batch === 'number' && { batchSize: batch }),
    outChannels,
    async run(planes, { batchSize, size }) {
      const shape = [batchSize, config.inChannels, size.input, size.input];
      const outputs = await model.run({ image: { data: planes, shape } });
      return Object.fromEntries(
        Object.keys(outChannels).map((name) => {
          const output = outputs[name];
          if (!output) throw new ShapeError('segment', `a model with the output ${name}`, Object.keys(outputs).join());
          return [name, cropPlanes(output.data as Float32Array, output.shape[2]!, size.output)];
        }),
      );
    },
    dispose: () => model.dispose(),
  };
}
