// Who set a value last: files in their order, then the command line.
import { splitId } from './id-path.js';

/** The command line's place in the order: after every file. */
export const commandLine = Number.POSITIVE_INFINITY;

/** Remembers which source set which ids. Sources are numbered in their order; what none has set has −1. */
export class Origins {
  readonly #sources = new Map<string, number>();

  /** `source` sets `id`, which may begin with `+`. */
  note(id: string, source: number): void {
    this.#sources.set(splitId(id.replace(/^\+/, '')).join('#'), source);
  }

  /** The last source that set `id`, something in it, or a section that it is in. */
  of(id: string): number {
    let last = -1;
    for (const [known, source] of this.#sources)
      if (known === id || known.startsWith(`${id}#`) || id.startsWith(`${known}#`)) last = Math.max(last, source);
    return last;
  }

  /** Whether `id` itself, or a section that it is in, was set on the command line. */
  isOnCommandLine(id: string): boolean {
    const parts = id.split('#');
    return parts.some((_, end) => this.#sources.get(parts.slice(0, end + 1).join('#')) === commandLine);
  }
}
