// Signals that ask this process to end.
import { HovernetError } from '@hovernet/core';
import type { TextStream } from '../report/text-stream.js';

/** Ctrl-C, a batch system or a service manager, and a terminal that is closed. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborted with INTERRUPTED at the first of these signals; the second one ends the process as if nobody listened. */
export function listenForEndings(stderr: TextStream): AbortSignal {
  const controller = new AbortController();
  const onEnding = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      // No exit of ours: it would wait for threads, and the runtime aborts the process where one of them is at work.
      for (const ending of endings) process.removeListener(ending, onEnding);
      process.kill(process.pid, name);
      return;
    }
    stderr.write(`stopping (${name}); ${name === 'SIGINT' ? 'press Ctrl-C again' : 'send it again'} to stop at once\n`);
    controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
  };
  for (const ending of endings) process.on(ending, onEnding);
  return controller.signal;
}
