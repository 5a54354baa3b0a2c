// A graph model of TensorFlow.js as data, before it is files.
import type * as tf from '@tensorflow/tfjs';
import type { GraphDef, GraphSignature } from './graph-def.js';

/** What TensorFlow.js calls the format of models that its graph executor runs. */
export const graphModelFormat = 'graph-model';

/** A weight of the model, in the order of its data; halves are widened when TensorFlow.js loads them. */
export interface TfjsWeightSpec extends tf.io.WeightsManifestEntry {
  dtype: 'float32' | 'int32';
  quantization?: { dtype: 'float16'; original_dtype: 'float32' };
}

/** What TensorFlow.js keeps beside a model without looking into `hovernet`. */
export interface TfjsMetadata {
  /** Names under which `predict` gives its results. */
  structuredOutputKeys: string[];
  /** Which network it is and what else is known of it, as other weight files have it in their metadata. */
  hovernet: Record<string, string>;
}

/** What `tf.io.fromMemory` takes. */
export interface TfjsModelArtifacts extends tf.io.ModelArtifacts {
  modelTopology: GraphDef;
  weightSpecs: TfjsWeightSpec[];
  weightData: ArrayBuffer;
  format: typeof graphModelFormat;
  generatedBy: string;
  convertedBy: null;
  signature: GraphSignature;
  userDefinedMetadata: TfjsMetadata & { [key: string]: object };
}
