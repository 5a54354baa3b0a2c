// Checkpoints on disk.
import { writeFileAtomic } from '@hovernet/files/node';
import { encodeCheckpoint, type StateDict, type WeightsDescription } from '@hovernet/model';

/** What a checkpoint holds. */
export interface CheckpointToWrite extends WeightsDescription {
  readonly state: StateDict;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Tensors beside the network's. */
  readonly extras?: StateDict;
}

/** Writes a checkpoint, as PyTorch does where the name ends with .pt or .pth; a former file at `path` stays whole until the new one is complete. */
export async function writeCheckpoint(path: string, checkpoint: CheckpointToWrite): Promise<void> {
  const format = /\.pth?$/i.test(path) ? 'monai-model' : 'safetensors';
  await writeFileAtomic(path, encodeCheckpoint(checkpoint.state, { ...checkpoint, format }));
}
