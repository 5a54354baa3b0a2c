// What an ONNX model of this project says of itself.
import { parseConfig } from '@hovernet/model/architecture';
import type { NetworkDescription } from './onnx-network.js';

/**
 * The network, classes and resolution that `metadata` of the model called `name` hold.
 * @throws WeightsError for a model that another project made.
 */
export function describeModel(metadata: Readonly<Record<string, string>>, name: string): NetworkDescription {
  const { config, classes, mpp = null } = parseConfig(metadata, name);
  return { config, classes, mpp };
}

/** The last part of a path or address. */
export function nameWeights(address: string): string {
  return (
    address
      .replace(/[?#].*$/, '')
      .split(/[\\/]/)
      .at(-1) || address
  );
}
