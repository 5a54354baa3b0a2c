// One attempt at a download: ended by the caller's signal, or when nothing comes for too long.
import { DownloadError } from './download-error.js';

export interface Attempt {
  /** For fetch. */
  readonly signal: AbortSignal;
  /** The result of `step`, which is waited for no longer than the idle time. @throws DownloadError, transient */
  settle<T>(address: string, step: Promise<T>): Promise<T>;
  /** Closes the connection. */
  end(): void;
}

export interface AttemptOptions {
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export const defaultIdleTimeoutMs = 30_000;

export function startAttempt({ idleTimeoutMs = defaultIdleTimeoutMs, signal }: AttemptOptions): Attempt {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  // Node's fetch may never settle a read that is aborted after the last byte.
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error));
  });
  aborted.catch(() => undefined);
  return {
    signal: controller.signal,
    async settle(address, step) {
      let isIdle = false;
      const timer = setTimeout(() => {
        isIdle = true;
        controller.abort();
      }, idleTimeoutMs);
      try {
        return await Promise.race([step, aborted]);
      } catch (cause) {
        const problem = isIdle
          ? `nothing came for ${idleTimeoutMs / 1000} s`
          : `the connection failed (${reason(cause)})`;
        if (!isIdle && isRefusedRedirect(cause)) {
          throw new DownloadError(
            address,
            `the server redirects to what is no web address, or in circles; use another address`,
            { cause },
          );
        }
        throw new DownloadError(address, `${problem}; check the network`, { isTransient: true, cause });
      } finally {
        clearTimeout(timer);
      }
    },
    end() {
      signal?.removeEventListener('abort', abort);
      controller.abort();
    },
  };
}

/** Words of Node's fetch; those of browsers say nothing. */
function isRefusedRedirect(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly message?: string } };
  return /scheme|redirect count/i.test(cause?.message ?? '');
}

/** fetch says no more than that it failed; its cause has a code. */
function reason(error: unknown): string {
  const { cause, message } = error as { readonly cause?: { readonly code?: string }; readonly message?: string };
  return cause?.code ?? message ?? String(error);
}
