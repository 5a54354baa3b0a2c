// What a weight file holds.
import type { StoredTensor } from '@hovernet/files';
import type { WeightsDescription } from './checkpoint-metadata.js';
import type { StateDict } from './state-dict.js';
import type { WeightCoverage } from './weight-coverage.js';

/**
 * Where weights come from: `hovernet` describes itself (written here), `monai` and `original` are whole networks of the
 * two published implementations, `resnet50` is a bottleneck ResNet with torchvision's names, `preact-resnet50` the
 * original's encoder alone.
 */
export type WeightsOrigin = 'hovernet' | 'monai' | 'original' | 'resnet50' | 'preact-resnet50';

/** A whole network with its weights, and what its file says of them. */
export interface Weights extends WeightsDescription {
  /** All tensors of the network, independent of the file's bytes. */
  readonly state: StateDict;
  /** How far the file covers the network. */
  readonly coverage: WeightCoverage;
  readonly origin: WeightsOrigin;
  /** SHA-256 of the file, of a TensorFlow.js model's model.json; null in a page that was not loaded by https. */
  readonly sha256: string | null;
  /** Tensors that have no place in a HoVer-Net, under their own names: a classifier, an upsampling constant. */
  readonly unused: readonly string[];
  /** Texts beside the tensors, as they are. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Tensors of a training run, which files of this project hold beside the network's, without their prefix. */
  readonly extras: ReadonlyMap<string, StoredTensor>;
}
