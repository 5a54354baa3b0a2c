// A journal in a folder: a file a cell, flushed to the disk and renamed, and the job that they belong to.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from '@hovernet/files/internal/node';
import { writeFileAtomic } from '@hovernet/files/node';
import type { CellJournal } from '../cell-journal.js';
import { identifyImage } from './identify-image.js';

export interface FolderJournalOptions {
  /** The file or folder that is segmented: where it has changed, the journal begins anew. */
  readonly image: string;
  /** Called where an interrupted run left something. */
  readonly onResume?: ((found: InterruptedRun) => void) | undefined;
}

export interface InterruptedRun {
  /** Cells that need not be computed again. */
  readonly cells: number;
  /** Parts of the job that have changed since, such as `image` or `weights`: nothing is left of it then. */
  readonly changed: readonly string[];
}

const jobName = 'job.json';
const cellPattern = /^(\d+)\.cell$/;
/** Cells, the job, and what `writeFileAtomic` leaves of either where the process is killed. */
const ownPattern = /^(\d+\.cell|job\.json|\.(\d+\.cell|job\.json)\.[0-9a-f-]+\.tmp)$/;
const digestBytes = 32;

/**
 * A journal in `folder`, which holds nothing else. A cell that is damaged counts as missing.
 * @throws FileError, from its functions, where the image cannot be read or the folder not be written.
 */
export function createFolderJournal(folder: string, { image, onResume }: FolderJournalOptions): CellJournal {
  const pathOf = (index: number) => join(folder, `${String(index).padStart(6, '0')}.cell`);
  const removeOwn = async (isOld: (name: string) => boolean) => {
    for (const name of await listNames(folder)) if (ownPattern.test(name) && isOld(name)) await rm(join(folder, name));
  };
  return {
    async open(job) {
      const wanted = JSON.parse(JSON.stringify({ ...job, image: await identifyImage(image) })) as Job;
      const known = await readJob(join(folder, jobName));
      const changed = known && listChanges(known, wanted);
      if (changed === undefined || changed.length > 0) {
        if (changed) onResume?.({ cells: 0, changed });
        await removeOwn(() => true);
        await writeFileAtomic(join(folder, jobName), `${JSON.stringify(wanted, null, 2)}\n`);
        return new Set();
      }
      await removeOwn((name) => name.endsWith('.tmp'));
      const kept = new Set<number>();
      for (const name of await listNames(folder)) {
        const index = Number(cellPattern.exec(name)?.[1] ?? NaN);
        if (!Number.isNaN(index) && (await readCell(pathOf(index))) !== null) kept.add(index);
      }
      onResume?.({ cells: kept.size, changed: [] });
      return kept;
    },
    async read(index) {
      const bytes = await readCell(pathOf(index));
      if (bytes === null) throw toFileError(pathOf(index), Object.assign(new Error('missing'), { code: 'ENOENT' }));
      return bytes;
    },
    write: (index, bytes) => writeFileAtomic(pathOf(index), Buffer.concat([bytes, digest(bytes)])),
    async remove() {
      await removeOwn(() => true);
      await rmdir(folder).catch(() => undefined);
    },
  };
}

type Job = Readonly<Record<string, unknown>>;

async function listNames(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function readJob(path: string): Promise<Job | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Job;
  } catch {
    return undefined;
  }
}

function listChanges(known: Job, wanted: Job): string[] {
  const keys = new Set([...Object.keys(known), ...Object.keys(wanted)]);
  return Array.from(keys).filter((key) => JSON.stringify(known[key]) !== JSON.stringify(wanted[key]));
}

/** The bytes of a cell; null where it is missing or damaged. */
async function readCell(path: string): Promise<Uint8Array | null> {
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined || file.length < digestBytes) return null;
  const bytes = file.subarray(0, file.length - digestBytes);
  return digest(bytes).equals(file.subarray(file.length - digestBytes)) ? bytes : null;
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
