// Python with the packages that a test compares with, where the machine has one.
import { spawnSync } from 'node:child_process';

/** A Python that has all of `packages`: `HOVERNET_PYTHON`, else `python3`; undefined where there is none. */
export function findPython(...packages: string[]): string | undefined {
  const python = process.env['HOVERNET_PYTHON'] ?? 'python3';
  const imports = packages.map((name) => `import ${name}`).join('; ');
  return spawnSync(python, ['-c', imports]).status === 0 ? python : undefined;
}

/** What the Python program `script` prints. */
export function runPython(python: string, script: string, args: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return stdout;
}
