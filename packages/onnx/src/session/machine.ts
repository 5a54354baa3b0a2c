// What an optimised model depends on besides the model: layouts and fusions are chosen for the processor.
import { readFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';

/** A description of this machine's processor; equal descriptions may share optimised models. */
export function describeMachine(): string {
  return [platform(), arch(), cpus()[0]?.model ?? '', readProcessorFlags()].join('|');
}

/** Instruction sets, where the system lists them. */
function readProcessorFlags(): string {
  try {
    return /^flags\s*:.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? '';
  } catch {
    return '';
  }
}
