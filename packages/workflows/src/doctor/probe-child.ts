// Entry of a process that tries one engine and sends what came of it to its parent.
import { probeTarget, type ProbeTarget } from './probe-target.js';

const [engine, provider, deviceId] = process.argv.slice(2);
const result = await probeTarget({ engine, provider } as ProbeTarget, { deviceId: Number(deviceId) });
// Threads of native libraries may keep the process alive.
process.send?.(result, () => process.exit());
