// Packages that are used where the user installed them, and never installed for anyone.
import { UnsupportedError } from '@hovernet/core';

/** An optional package, and what cannot be done without it. */
export interface PeerPackage {
  readonly name: string;
  readonly version: string;
  /** What needs it, for example `MAT v7.3 files`. */
  readonly purpose: string;
}

/**
 * The module that `load` imports; `source` names the file that needs it.
 * @throws UnsupportedError if the package is not installed, or does not load on this machine.
 */
export async function importPeer<T>(load: () => Promise<T>, peer: PeerPackage, source: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { name, version, purpose } = peer;
    const problem = isMissing(cause)
      ? `need the package ${name}, which is not installed; npm install ${name}@${version}`
      : `need the package ${name}, which does not load here (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new UnsupportedError(`${source}: ${purpose} ${problem}`, { cause });
  }
}

/** Whether an import failed because there is no such package; loaders may wrap that error. */
function isMissing(cause: unknown): boolean {
  const { code, cause: inner } = cause as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' || (inner instanceof Error && isMissing(inner));
}
