// What is to be scored, and how.

export interface ScoreOptions {
  readonly truthFolder: string;
  readonly predictionFolder: string;
  readonly mode: 'instance' | 'type';
  /** Merges the true types: a name or a .json file; undefined leaves them as they are. */
  readonly taxonomy?: string | undefined;
  /** How centroids are paired in mode `type`: as the original, or only those within 12 pixels. @default 'global' */
  readonly pairing?: 'global' | 'gated' | undefined;
}
