// The most memory that this process had resident, from a moment on where the system can tell.
import { readFileSync, writeFileSync } from 'node:fs';

/** Makes {@link readPeakMemoryMb} start anew; without effect where the system cannot (it can on Linux). */
export function resetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak since the start of the process is the next best answer.
  }
}

/** Peak resident memory in MiB since the last reset, else since the process started. */
export function readPeakMemoryMb(): number {
  return (readStatusPeakKb() ?? process.resourceUsage().maxRSS) / 1024;
}

function readStatusPeakKb(): number | undefined {
  try {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    return undefined;
  }
}
