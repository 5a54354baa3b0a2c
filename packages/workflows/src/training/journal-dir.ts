// Where the records of a stage lie: the stages of a bundle share one folder of results.
import { join } from 'node:path';
import type { HovernetConfiguration } from '../config/configuration.js';

/** Folder of the configuration, log, curves and event files of the stage that `config` trains. */
export function journalDir({ outputDir, stage }: Pick<HovernetConfiguration, 'outputDir' | 'stage'>): string {
  return join(outputDir, `stage${stage}`);
}
