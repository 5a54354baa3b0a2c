// Entry of a process that tries one engine and sends what came of it to its parent.
import { probeTarget, type ProbeSettings, type ProbeTarget } from './probe-target.js';

const [target, settings] = process.argv.slice(2).map((word) => JSON.parse(word) as object);
const result = await probeTarget(target as ProbeTarget, settings as ProbeSettings);
// Threads of native libraries may keep the process alive.
process.send?.(result, () => process.exit());
