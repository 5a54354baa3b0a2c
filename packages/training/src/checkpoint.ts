// Checkpoints on disk.
import type { NucleusClass } from '@hovernet/core';
import { writeFileAtomic } from '@hovernet/files/node';
import { encodeCheckpoint, type CheckpointDetails, type HoverNetConfig, type StateDict } from '@hovernet/model';

/** What a checkpoint holds beside the weights and the network. */
export interface CheckpointToWrite {
  readonly config: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  readonly state: StateDict;
  readonly details?: CheckpointDetails;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Tensors beside the network's. */
  readonly extras?: StateDict;
}

/** Writes a checkpoint; a former file at `path` stays whole until the new one is complete. */
export async function writeCheckpoint(path: string, checkpoint: CheckpointToWrite): Promise<void> {
  const { state, details = {}, ...rest } = checkpoint;
  await writeFileAtomic(path, encodeCheckpoint(state, { ...rest, ...details }));
}
