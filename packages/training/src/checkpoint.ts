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

/** Writes a checkpoint; a former file at `path` stays whole until the new one is complete. */
export async function writeCheckpoint(path: string, checkpoint: CheckpointToWrite): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint.state, checkpoint));
}
