// Whose an unfinished file is: part of its name, so that others can tell whether that process still runs.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** This process, as a part of names of files: machine and number. */
export function ownerName(): string {
  return `${hostKey()}-${process.pid}`;
}

/** Whether the process that {@link ownerName} named may still run; those of other machines always may. */
export function mayRun(owner: string): boolean {
  const [host, pid] = owner.split('-') as [string, string];
  if (host !== hostKey()) return true;
  try {
    process.kill(Number.parseInt(pid), 0);
    return true;
  } catch (error) {
    // It may belong to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Machines that share a folder may have processes of equal numbers. */
function hostKey(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}
